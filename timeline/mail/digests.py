"""What a mail of reminders has to say, looked at again at the moment it is sent.

The record is read anew: what is no longer true is dropped, what has got its verdict is told as
such, and what comes too late is told as missed. Nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from commitments.enums import FINAL_STATUSES
from commitments.time_zones import day_at
from timeline.entries import Entry
from timeline.enums import (
    DAY_KINDS,
    NEWS_KINDS,
    SETTLED_STATES,
    DropReason,
    MailState,
    Purpose,
    ReminderKind,
    SubscriberState,
)
from timeline.mail.news import is_still_news, news_since
from timeline.models import Mute, OutboxEmail, Reminder, Subscription
from timeline.moments import FRESH_FOR, day_of_kind, first_slot
from timeline.querysets.outbox import OutboxQuerySet
from timeline.querysets.reminders import ReminderQuerySet
from timeline.record_reader import read_entries_by_id

WEEKLY: Final = ReminderKind.WEEKLY


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment in a mail, and the day that it is about; `today` is that of the reader.

    `event_rev` is the first revision that the reader does not know, 0 where it is about a day.
    """

    entry: Entry
    kind: str
    offset_days: int
    due_date: date
    today: date
    event_rev: int = 0
    subscription: Subscription | None = None
    commitment_id: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """The sections of one mail, each in the order of days; `unreached` was in a mail that may not
    have arrived."""

    coming: tuple[Line, ...] = ()
    changed: tuple[Line, ...] = ()
    week: tuple[Line, ...] = ()
    missed: tuple[Line, ...] = ()
    finished: tuple[Line, ...] = ()
    unreached: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the mail is sent for; what is only repeated does not make a mail."""
        return self.coming + self.changed + self.missed + self.finished + self.week

    def for_anybody(self) -> Digest:
        """The same without whose subscription asks for it: equal for all who are told the same."""
        return Digest(
            **{
                section.name: tuple(_for_anybody(line) for line in getattr(self, section.name))
                for section in fields(self)
            }
        )


def _for_anybody(line: Line) -> Line:
    return replace(line, subscription=None, commitment_id=0)


@dataclass(slots=True)
class Judgement:
    """A digest, the reminders to be dropped and why, and the mails that it repeats."""

    digest: Digest
    dropped: dict[int, DropReason] = field(default_factory=dict)
    repeats: list[int] = field(default_factory=list)


def judge_emails(emails: Sequence[OutboxEmail], *, now: datetime) -> dict[int, Judgement]:
    """Compose the mails of reminders among `emails`, by their keys.

    The number of queries depends on the number of languages only.
    """
    own = _with_readers(Reminder.objects.filter(email__in=emails))
    repeated = _with_readers(Reminder.objects.filter(email__in=_unreached(emails)))
    known = _Known(_entries([*own, *repeated], now), _muted(own), now)
    by_email = _grouped(own, lambda row: row.email_id)
    by_reader = _grouped(repeated, lambda row: row.subscription.subscriber_id)
    return {
        email.pk: _judge(by_email[email.pk], by_reader[email.subscriber_id], known)
        for email in emails
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read once for all mails; entries by language and commitment."""

    entries: Mapping[tuple[str, int], Entry]
    muted: frozenset[tuple[int, int]]
    now: datetime

    def entry_of(self, row: Reminder) -> Entry | None:
        return self.entries.get((row.subscription.subscriber.language, row.commitment_id))


def _with_readers(rows: ReminderQuerySet) -> list[Reminder]:
    return list(rows.select_related("subscription__subscriber").order_by("due_date", "pk"))


def _unreached(emails: Sequence[OutboxEmail]) -> OutboxQuerySet:
    """Mails to the same readers that may not have arrived and were not repeated with success."""
    readers = {email.subscriber_id for email in emails}
    not_repeated = Q(repeated_in__isnull=True) | Q(repeated_in__in=emails)
    in_vain = Q(repeated_in__state__in=SETTLED_STATES - {MailState.SENT})
    mails = OutboxEmail.objects.unreached().exclude(pk__in=[email.pk for email in emails])
    return mails.filter(not_repeated | in_vain, subscriber__in=readers)


def _muted(rows: Iterable[Reminder]) -> frozenset[tuple[int, int]]:
    readers = {row.subscription.subscriber_id for row in rows}
    mutes = Mute.objects.filter(subscriber__in=readers)
    return frozenset(mutes.values_list("subscriber_id", "commitment_id"))


def _entries(rows: Iterable[Reminder], now: datetime) -> dict[tuple[str, int], Entry]:
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.subscription.subscriber.language].add(row.commitment_id)
    return {
        (language, commitment_id): entry
        for language, wanted in ids.items()
        for commitment_id, entry in read_entries_by_id(wanted, language=language, now=now).items()
    }


def _grouped(
    rows: Iterable[Reminder], key: Callable[[Reminder], int | None]
) -> defaultdict[int | None, list[Reminder]]:
    groups: defaultdict[int | None, list[Reminder]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _judge(own: list[Reminder], repeated: list[Reminder], known: _Known) -> Judgement:
    dropped = {row.pk: reason for row in own if (reason := _reason_to_drop(row, known))}
    kept = [(row, entry) for row in own if row.pk not in dropped if (entry := known.entry_of(row))]
    days = [pair for pair in kept if pair[0].kind in DAY_KINDS]
    news = [pair for pair in kept if pair[0].kind in NEWS_KINDS and pair[0].kind != WEEKLY]
    still_open = [pair for pair in days if pair[1].status not in FINAL_STATUSES]
    told = {row.commitment_id for row, entry in news if news_since(entry, row.event_rev).status}
    settled = [
        pair
        for pair in days
        if pair[1].status in FINAL_STATUSES and pair[0].commitment_id not in told
    ]
    digest = Digest(
        coming=_lines([pair for pair in still_open if not _is_missed(pair[0], known)], known),
        changed=_lines(news, known),
        week=_lines([pair for pair in kept if pair[0].kind == WEEKLY], known),
        missed=_lines([pair for pair in still_open if _is_missed(pair[0], known)], known),
        finished=_lines(settled, known, once=True),
        unreached=_lines(
            [(row, entry) for row in repeated if (entry := known.entry_of(row))], known, once=True
        ),
    )
    repeats = sorted({row.email_id for row in repeated if row.email_id is not None})
    return Judgement(digest, dropped, repeats)


def _is_missed(row: Reminder, known: _Known) -> bool:
    """Whether it comes too late by our fault: a pause and a weekly mail are the reader's wish."""
    if known.now < row.expires_at:
        return False
    slot = first_slot(row.subscription.subscriber.habits, row.send_at)
    return known.now >= slot + FRESH_FOR


def _reason_to_drop(row: Reminder, known: _Known) -> DropReason | None:
    subscription = row.subscription
    if subscription.ended_at or subscription.subscriber.state != SubscriberState.ACTIVE:
        return DropReason.SUBSCRIPTION_ENDED
    if (subscription.subscriber_id, row.commitment_id) in known.muted:
        return DropReason.MUTED
    entry = known.entry_of(row)
    if entry is None:
        return DropReason.NOT_PUBLIC
    if row.kind in DAY_KINDS and day_of_kind(row.kind, entry.window) != row.due_date:
        return DropReason.DATE_MOVED
    # Who has delivered, or has said no for good, is asked no more.
    if subscription.purpose == Purpose.OWNER and entry.status in FINAL_STATUSES:
        return DropReason.NOT_WANTED
    if row.kind in NEWS_KINDS and (
        [row.kind, 0] not in subscription.moments
        or not is_still_news(entry, row.kind, row.event_rev)
    ):
        return DropReason.NOT_WANTED
    return None


def _lines(
    pairs: Iterable[tuple[Reminder, Entry]], known: _Known, *, once: bool = False
) -> tuple[Line, ...]:
    """One line for each thing to tell, also where two subscriptions ask for it; `once`: one for
    each commitment."""
    lines: dict[tuple[object, ...], Line] = {}
    for row, entry in pairs:
        line = Line(
            entry=entry,
            kind=row.kind,
            offset_days=row.offset_days,
            due_date=row.due_date,
            today=day_at(row.subscription.subscriber.time_zone, known.now),
            event_rev=row.event_rev,
            subscription=row.subscription,
            commitment_id=row.commitment_id,
        )
        what = (row.commitment_id,) if once else (row.commitment_id, row.kind, row.offset_days)
        lines.setdefault(what, line)
    return tuple(lines.values())
