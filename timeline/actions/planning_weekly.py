"""Let readers of a weekly mail hear of a day in the mail before it, not in the one after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from timeline.actions.ledger import Plan
from timeline.enums import DAY_KINDS, Rhythm
from timeline.models import Reminder
from timeline.moments import Habits, next_weekly
from timeline.querysets.reminders import ReminderQuerySet
from timeline.querysets.subscriptions import SubscriptionQuerySet

ROWS_AT_ONCE: Final = 500
LONGER_THAN_A_WEEK: Final = timedelta(days=8)
AN_INSTANT: Final = timedelta(seconds=1)


def due_in_weekly_mails(
    plan: Plan, *, subscriptions: SubscriptionQuerySet, only: frozenset[int] | None
) -> dict[int, datetime]:
    """The rows that stand in the next weekly mail already, and since when; few, if any."""
    due = _rows(subscriptions, only).filter(send_at__lte=plan.now)
    return dict(due.values_list("pk", "send_at"))


def bring_forward(
    plan: Plan,
    *,
    subscriptions: SubscriptionQuerySet,
    only: frozenset[int] | None,
    due_before: Mapping[int, datetime],
) -> None:
    """Give what the plan wants the time of the last weekly mail before it, if that is to come.

    What was due before the plan stays so: the plan has given it the time of its day again. Side
    effect: the rows' `send_at`; when they are old news does not change.
    """
    wanted = _rows(subscriptions, only).filter(plan_number=plan.number)
    moved: list[Reminder] = []
    for row in wanted.select_related("subscription__subscriber").iterator(chunk_size=2000):
        slot = _last_weekly(row.subscription.subscriber.habits, row.send_at)
        at = due_before.get(row.pk, slot if slot >= plan.now else row.send_at)
        if at < row.send_at:
            row.send_at = at
            moved.append(row)
    Reminder.objects.bulk_update(moved, ["send_at"], batch_size=ROWS_AT_ONCE)


def _rows(subscriptions: SubscriptionQuerySet, only: frozenset[int] | None) -> ReminderQuerySet:
    rows = Reminder.objects.planned().filter(
        kind__in=sorted(DAY_KINDS),
        subscription__in=subscriptions.live(),
        subscription__subscriber__rhythm=Rhythm.WEEKLY,
    )
    return rows if only is None else rows.filter(commitment__in=only)


@lru_cache(maxsize=10_000)
def _last_weekly(habits: Habits, instant: datetime) -> datetime:
    """The last time of the weekly mail that is not after `instant`."""
    slot = next_weekly(habits, instant - LONGER_THAN_A_WEEK)
    while (following := next_weekly(habits, slot + AN_INSTANT)) <= instant:
        slot = following
    return slot
