"""Make the ledger hold what a plan wants: add, correct, revive and drop rows, set by set."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final

from django.conf import settings

from commitments.enums import FINAL_STATUSES
from commitments.exceptions import InvalidInput
from commitments.window import Window
from timeline.actions.selections import ids_for_day_reminders
from timeline.enums import DAY_KINDS, DropReason, ReminderState
from timeline.models import Mute, Reminder, Subscription
from timeline.moments import FRESH_FOR, day_of_kind, instant_of
from timeline.querysets.reminders import ReminderQuerySet
from timeline.querysets.subscriptions import SubscriptionQuerySet
from timeline.record_reader import read_entries_by_id

logger = logging.getLogger(__name__)

ENTRIES_AT_ONCE: Final = 500
ROWS_AT_ONCE: Final = 2000
WHAT_IS_TOLD: Final = (
    "subscription",
    "commitment",
    "kind",
    "offset_days",
    "due_date",
    "event_rev",
)

_instant_of = lru_cache(maxsize=10_000)(instant_of)


@dataclass(frozen=True, slots=True)
class Plan:
    """One planning: its number stamps every row that it wants; it adds nothing `not_before`."""

    number: int
    now: datetime
    not_before: datetime


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What decides whether a reminder is wanted: which query selects what, dates, and mutes.

    `windows` has all that are published, `finished` those of them that have their verdict.
    """

    selected: Mapping[str, frozenset[int]]
    windows: Mapping[int, Window]
    finished: frozenset[int]
    muted: frozenset[tuple[int, int]]

    def commitments_for(self, subscription: Subscription) -> Iterator[tuple[int, Window]]:
        for commitment_id in sorted(self.selected[subscription.query] - self.finished):
            if (subscription.subscriber_id, commitment_id) not in self.muted:
                yield commitment_id, self.windows[commitment_id]

    def still_tells(self, row: Reminder) -> bool:
        """Whether a row whose time has come is to be told; if with a verdict, then that."""
        return (
            row.commitment_id in self.selected.get(row.subscription.query, frozenset())
            and (row.subscription.subscriber_id, row.commitment_id) not in self.muted
            and [row.kind, row.offset_days] in row.subscription.moments
            and day_of_kind(row.kind, self.windows[row.commitment_id]) == row.due_date
        )


def write_plan(
    plan: Plan, *, subscriptions: SubscriptionQuerySet, only: frozenset[int] | None = None
) -> None:
    """Bring the rows of `subscriptions` (and of the commitments `only`, if given) up to date.

    Side effects, in order: wanted rows are added or get their new instants; dropped ones that are
    wanted again are revived; planned ones that nobody wants any more are dropped. A row that is in
    a mail stays: the claim of that mail decides. No query is made for a single row.
    """
    live = subscriptions.live()
    wanted = _wanted(live, plan.now, only)
    rows = _rows(plan, live.select_related("subscriber").order_by("pk"), wanted)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        Reminder.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=WHAT_IS_TOLD,
            update_fields=["send_at", "expires_at", "plan_number"],
        )
    scope = Reminder.objects.filter(subscription__in=subscriptions)
    if only is not None:
        scope = scope.filter(commitment__in=only)
    _keep_overdue(plan, scope.filter(subscription__in=live), wanted)
    scope.filter(state=ReminderState.DROPPED, plan_number=plan.number).update(
        state=ReminderState.PLANNED, drop_reason=""
    )
    scope.planned().exclude(plan_number=plan.number).update(
        state=ReminderState.DROPPED, drop_reason=DropReason.NOT_WANTED
    )


def _keep_overdue(plan: Plan, scope: ReminderQuerySet, wanted: _Wanted) -> None:
    """Stamp rows whose time has come and that still wait (a pause, an outage): few, if any."""
    waiting = scope.planned().exclude(plan_number=plan.number).filter(send_at__lte=plan.now)
    kept = [row.pk for row in waiting.select_related("subscription") if wanted.still_tells(row)]
    if kept:
        Reminder.objects.filter(pk__in=kept).update(plan_number=plan.number)


def _wanted(live: SubscriptionQuerySet, now: datetime, only: frozenset[int] | None) -> _Wanted:
    queries = live.order_by().values_list("query", flat=True).distinct()
    selected = {query: _selected(query, now, only) for query in queries}
    ids = frozenset[int]().union(*selected.values())
    muted = Mute.objects.filter(commitment__in=ids, subscriber__in=live.values("subscriber"))
    windows, finished = _windows(ids, now)
    return _Wanted(
        # Read a moment later: what was taken back in between is left out.
        selected={query: chosen & windows.keys() for query, chosen in selected.items()},
        windows=windows,
        finished=finished,
        muted=frozenset(muted.values_list("subscriber_id", "commitment_id")),
    )


def _selected(query: str, now: datetime, only: frozenset[int] | None) -> frozenset[int]:
    try:
        ids = frozenset(ids_for_day_reminders(query, now=now))
    except InvalidInput as error:
        # Such as a party that is gone: its subscribers hear nothing, all others must.
        logger.warning("A subscription's selection %r is no longer valid: %s", query, error)
        return frozenset()
    return ids if only is None else ids & only


def _windows(ids: Iterable[int], now: datetime) -> tuple[dict[int, Window], frozenset[int]]:
    """The windows of those that are published, and which of them have their verdict."""
    windows: dict[int, Window] = {}
    finished: set[int] = set()
    rest = iter(sorted(ids))
    while chunk := list(islice(rest, ENTRIES_AT_ONCE)):
        entries = read_entries_by_id(chunk, language=settings.LANGUAGE_CODE, now=now)
        windows |= {number: entry.window for number, entry in entries.items()}
        finished |= {number for number, entry in entries.items() if entry.status in FINAL_STATUSES}
    return windows, frozenset(finished)


def _rows(plan: Plan, live: SubscriptionQuerySet, wanted: _Wanted) -> Iterator[Reminder]:
    for subscription in live.iterator(chunk_size=ROWS_AT_ONCE):
        not_before = max(plan.not_before, subscription.confirmed_at - FRESH_FOR)
        for commitment_id, window in wanted.commitments_for(subscription):
            for kind, offset_days in subscription.moments:
                row = _row(plan, subscription, commitment_id, kind, offset_days, window)
                if row is not None and row.send_at >= not_before:
                    yield row


def _row(
    plan: Plan,
    subscription: Subscription,
    commitment_id: int,
    kind: str,
    offset_days: int,
    window: Window,
) -> Reminder | None:
    day = day_of_kind(kind, window) if kind in DAY_KINDS else None
    if day is None:
        return None
    subscriber = subscription.subscriber
    send_at = _instant_of(day, offset_days, subscriber.wall_time, subscriber.time_zone)
    if send_at is None:
        return None
    return Reminder(
        subscription=subscription,
        commitment_id=commitment_id,
        kind=kind,
        offset_days=offset_days,
        due_date=day,
        send_at=send_at,
        expires_at=send_at + FRESH_FOR,
        plan_number=plan.number,
    )
