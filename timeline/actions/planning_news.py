"""Plan what the log of the record makes news: a date that moved, a status, all of a week.

A change waits for ten minutes, so that a typing error that is put right at once is never told.
What has not been told yet takes the next change in: the row counts from the first revision that
the reader does not know, and the mail tells the difference to what is true when it goes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import Q
from django.http import QueryDict

from commitments.enums import ChangeKind
from commitments.exceptions import InvalidInput
from timeline.actions.ledger import ROWS_AT_ONCE, Plan
from timeline.actions.selections import PLACE_IN_TIME
from timeline.enums import NEWS_KINDS, MailState, ReminderKind, ReminderState
from timeline.models import Mute, Reminder, Subscription
from timeline.moments import FRESH_FOR, next_weekly
from timeline.querysets.reminders import ReminderQuerySet
from timeline.querysets.subscriptions import SubscriptionQuerySet
from timeline.record_reader import ChangeNotice, read_visible_changes

HELD_FOR: Final = timedelta(minutes=10)
NEWS_OF: Final[Mapping[str, tuple[ReminderKind, ...]]] = {
    ChangeKind.DATE_MOVED: (ReminderKind.DATE_MOVED, ReminderKind.WEEKLY),
    ChangeKind.STATUS_CHANGED: (ReminderKind.STATUS_CHANGED, ReminderKind.WEEKLY),
    ChangeKind.PUBLISHED: (ReminderKind.WEEKLY,),
}

What = tuple[int, int, str]
"""Subscription, commitment, kind: of these one row at a time waits to be told."""


@dataclass(frozen=True, slots=True)
class _Burst:
    """Changes that are told as one: the first that is not known, and the last."""

    first: ChangeNotice
    last: ChangeNotice


def keep_planned_news(
    plan: Plan, *, subscriptions: SubscriptionQuerySet, only: frozenset[int] | None = None
) -> None:
    """Stamp what waits to be told, so that a plan of days leaves it alone.

    Whether it is still asked for and true is looked at when its mail is claimed. Side effect: the
    plan's number in those rows.
    """
    rows = Reminder.objects.planned().filter(
        kind__in=sorted(NEWS_KINDS), subscription__in=subscriptions.live()
    )
    if only is not None:
        rows = rows.filter(commitment__in=only)
    rows.update(plan_number=plan.number)


def plan_news(plan: Plan, *, notices: Sequence[ChangeNotice], after: int) -> None:
    """Plan what the changes `notices`, which follow change number `after`, are to be told.

    Side effects, in order: rows that wait already are put off to ten minutes after the last
    change, except those of the week; rows are added for the rest. No query is made for a row.
    """
    news = {one.number: one for one in notices if one.is_public and one.kind in NEWS_OF}
    if not news:
        return
    wishes = _wishes()
    told = {
        query: [news[number] for number in _numbers_told(query, news, after, plan.now)]
        for query in {wish.query for wish in wishes}
    }
    bursts = _bursts(wishes, told)
    waiting = _waiting(bursts)
    _put_off(waiting.planned_by(bursts))
    rows = _rows(plan, wishes, {what: one for what, one in bursts.items() if what not in waiting})
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        Reminder.objects.bulk_create(batch, ignore_conflicts=True)


def _wishes() -> list[Subscription]:
    live = Subscription.objects.live().select_related("subscriber").order_by("pk")
    return [
        one
        for one in live.iterator(chunk_size=ROWS_AT_ONCE)
        if any(kind in NEWS_KINDS for kind, _ in one.moments)
    ]


def _numbers_told(
    query: str, news: Mapping[int, ChangeNotice], after: int, now: datetime
) -> Iterator[int]:
    """Which of `news` somebody with this selection hears of: also of what has just left it."""
    params = QueryDict(query, mutable=True)
    params.pop(PLACE_IN_TIME, None)
    last, place = max(news), after
    while place < last:
        try:
            page = read_visible_changes(params, after=place, limit=ROWS_AT_ONCE, now=now)
        except InvalidInput:  # such as a party that is gone; the plan of days tells the log
            return
        yield from (one.number for one in page.changes if one.number in news)
        if page.next <= place:
            return
        place = page.next


def _bursts(
    wishes: Iterable[Subscription], told: Mapping[str, Sequence[ChangeNotice]]
) -> dict[What, _Burst]:
    commitments = {one.commitment_id for notices in told.values() for one in notices}
    muted = set(
        Mute.objects.filter(commitment__in=commitments).values_list("subscriber", "commitment")
    )
    bursts: dict[What, _Burst] = {}
    for wish in wishes:
        kinds = {kind for kind, _ in wish.moments}
        for notice in told[wish.query]:
            is_muted = (wish.subscriber_id, notice.commitment_id) in muted
            if is_muted or notice.recorded_at < wish.confirmed_at:
                continue
            for kind in kinds.intersection(NEWS_OF[notice.kind]):
                what = (wish.pk, notice.commitment_id, str(kind))
                first = bursts[what].first if what in bursts else notice
                bursts[what] = _Burst(first, notice)
    return bursts


class _Waiting(dict[What, int | None]):
    """Rows that are not told yet; their keys, None where they stand in a mail of the outbox."""

    def planned_by(self, bursts: Mapping[What, _Burst]) -> dict[datetime, list[int]]:
        """The keys of planned rows by the instant to which they are put off."""
        found: dict[datetime, list[int]] = defaultdict(list)
        for what, key in self.items():
            if key is not None and what in bursts and what[2] != ReminderKind.WEEKLY:
                found[bursts[what].last.recorded_at + HELD_FOR].append(key)
        return found


def _waiting(bursts: Mapping[What, _Burst]) -> _Waiting:
    rows: ReminderQuerySet = Reminder.objects.filter(
        # A mail is written when it is claimed: until then it takes in what is new.
        Q(state=ReminderState.PLANNED)
        | Q(state=ReminderState.IN_MAIL, email__state=MailState.QUEUED),
        kind__in=sorted(NEWS_KINDS),
        commitment__in={commitment for _, commitment, _ in bursts},
    )
    found = _Waiting()
    for row in rows.values("pk", "subscription", "commitment", "kind", "state"):
        is_planned = row["state"] == ReminderState.PLANNED
        found[row["subscription"], row["commitment"], row["kind"]] = (
            row["pk"] if is_planned else None
        )
    return found


def _put_off(by_instant: Mapping[datetime, list[int]]) -> None:
    for send_at, keys in by_instant.items():
        rest = iter(keys)
        while batch := list(islice(rest, ROWS_AT_ONCE)):
            Reminder.objects.filter(pk__in=batch).update(
                send_at=send_at, expires_at=send_at + FRESH_FOR
            )


def _rows(
    plan: Plan, wishes: Iterable[Subscription], bursts: Mapping[What, _Burst]
) -> Iterator[Reminder]:
    by_key = {wish.pk: wish for wish in wishes}
    for (subscription_id, commitment_id, kind), burst in bursts.items():
        subscription = by_key[subscription_id]
        send_at = burst.last.recorded_at + HELD_FOR
        if kind == ReminderKind.WEEKLY:
            send_at = next_weekly(subscription.subscriber.habits, send_at)
        yield Reminder(
            subscription=subscription,
            commitment_id=commitment_id,
            kind=kind,
            due_date=burst.first.recorded_at.astimezone(UTC).date(),
            event_rev=burst.first.revision,
            send_at=send_at,
            expires_at=send_at + FRESH_FOR,
            plan_number=plan.number,
        )
