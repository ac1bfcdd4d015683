"""Plan reminders: what the ledger should hold, after changes of the record or of subscriptions.

All of it goes chunk by chunk, each in one transaction together with the mark of how far it has
come: a crash repeats a chunk and never skips one. One ticker plans at a time, by the lock on the
tick state. Nothing is sent from here.
"""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Final

from django.db import transaction

from timeline.actions.ledger import Plan, write_plan
from timeline.actions.planning_news import keep_planned_news, plan_news
from timeline.actions.planning_weekly import bring_forward, due_in_weekly_mails
from timeline.actions.tick_state import lock_tick_state
from timeline.models import Subscription, TickState
from timeline.moments import FRESH_FOR
from timeline.querysets.subscriptions import SubscriptionQuerySet
from timeline.record_reader import read_changes, read_head

CHANGES_AT_ONCE: Final = 500
SUBSCRIPTIONS_AT_ONCE: Final = 200
"""Few enough that SQLite, which lets one writer in at a time, keeps nobody waiting for long."""


class Progress(enum.Enum):
    """What a chunk of planning has come to."""

    BUSY = "another ticker is planning"
    MORE = "there may be more to plan"
    DONE = "the ledger is up to date"


def plan_reminders(*, now: datetime) -> bool:
    """Plan all that is outstanding; False where another ticker is doing it.

    Raises what the database raises; what was planned before stays.
    """
    progress = Progress.MORE
    while progress is Progress.MORE:
        progress = plan_chunk(now=now)
    return progress is Progress.DONE


@transaction.atomic
def plan_chunk(*, now: datetime) -> Progress:
    """Plan for the next changes, else for new subscriptions, else go on with the nightly round."""
    state = lock_tick_state()
    if state is None:
        return Progress.BUSY
    did_something = (
        _plan_changes(state, now) or _plan_subscriptions(state, now) or _reconcile(state, now)
    )
    state.save()
    return Progress.MORE if did_something else Progress.DONE


def _plan_changes(state: TickState, now: datetime) -> bool:
    # The head first: a change that comes between the two reads is then read twice, not skipped.
    head = read_head()
    if head <= state.change_number:
        return False
    notices = read_changes(after=state.change_number, limit=CHANGES_AT_ONCE)
    if notices:
        changed = frozenset(notice.commitment_id for notice in notices)
        plan = _next_plan(state, now)
        _write(plan, Subscription.objects.all(), only=changed)
        plan_news(plan, notices=notices, after=state.change_number)
    last = notices[-1].number if notices else head
    state.change_number = last if len(notices) == CHANGES_AT_ONCE else max(head, last)
    return True


def _plan_subscriptions(state: TickState, now: datetime) -> bool:
    waiting = list(
        Subscription.objects.to_plan().values_list("pk", flat=True)[:SUBSCRIPTIONS_AT_ONCE]
    )
    if not waiting:
        return False
    chosen = Subscription.objects.filter(pk__in=waiting)
    # Before the plan reads them: who changes one from here on waits for us and sets it again.
    chosen.update(needs_planning=False)
    _write(_next_plan(state, now), chosen)
    return True


def _reconcile(state: TickState, now: datetime) -> bool:
    """Once a day, plan everything anew: tables of time zones change, and so do party keys."""
    today = now.astimezone(UTC).date()
    if state.reconciled_on == today:
        return False
    if state.reconciled_on is None:  # the first tick of all has just planned everything
        state.reconciled_on = today
        return False
    following = Subscription.objects.filter(pk__gt=state.reconciled_to).order_by("pk")
    chunk = list(following.values_list("pk", flat=True)[:SUBSCRIPTIONS_AT_ONCE])
    if chunk:
        _write(_next_plan(state, now), Subscription.objects.filter(pk__in=chunk))
        state.reconciled_to = chunk[-1]
    else:
        state.reconciled_on, state.reconciled_to = today, 0
    return True


def _write(
    plan: Plan, subscriptions: SubscriptionQuerySet, only: frozenset[int] | None = None
) -> None:
    """Bring the days of the ledger up to date; what waits to be told as news stays."""
    keep_planned_news(plan, subscriptions=subscriptions, only=only)
    due_before = due_in_weekly_mails(plan, subscriptions=subscriptions, only=only)
    write_plan(plan, subscriptions=subscriptions, only=only)
    bring_forward(plan, subscriptions=subscriptions, only=only, due_before=due_before)


def _next_plan(state: TickState, now: datetime) -> Plan:
    """A plan counts what is not older than a day, or since the last good tick if that was before.

    So a promise entered this morning for a week from now is still told, and nothing that
    fell due while all tickers were down is left out.
    """
    state.plan_number += 1
    last_ok_at = min(state.last_ok_at or now, now)
    return Plan(number=state.plan_number, now=now, not_before=last_ok_at - FRESH_FOR)
