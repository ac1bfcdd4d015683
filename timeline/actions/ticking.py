"""One tick: everything that time alone makes due. Safe to run anywhere, as often as one likes."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db.models import Exists

from timeline.actions.claims import call_in_leases, give_up_expired
from timeline.actions.grouping import group_due_reminders
from timeline.actions.idling import note_idle_tick
from timeline.actions.planning import plan_reminders
from timeline.actions.pruning import prune
from timeline.actions.sending_hold import is_on_hold
from timeline.actions.tick_state import note_good_tick
from timeline.models import OutboxEmail, Reminder, Subscription, TickState
from timeline.record_reader import read_head

logger = logging.getLogger(__name__)


def run_tick(*, now: datetime, most_emails: int) -> list[int]:
    """Bring ledger and outbox up to date; return the mails that are to be delivered now.

    In order: leases that ran out are called in, mails tried for too long are given up, reminders
    are planned and put into mails, once a day old mails are let go, and the good tick is written
    down. With nothing to do all of it is one statement. Two ticks at once do no harm: one of them
    plans, both may deliver.
    """
    if note_idle_tick(now=now) or _nothing_to_do(now):
        return []
    called_in = call_in_leases(now=now)
    if is_on_hold():
        return _plan_only(now)
    given_up = give_up_expired(now=now)
    is_new_day = not TickState.objects.filter(reconciled_on=now.astimezone(UTC).date()).exists()
    is_planned = plan_reminders(now=now)
    made = group_due_reminders(now=now) if is_planned else 0
    ids = list(OutboxEmail.objects.claimable(now).values_list("pk", flat=True)[:most_emails])
    if is_new_day and is_planned:
        prune(now=now)
    if is_planned:  # else the ticker that is planning will write it down, or it hangs: that shows
        note_good_tick(now=now)
    logger.info(
        "Tick: %s new mails, %s to deliver, %s called in, %s given up",
        made,
        len(ids),
        called_in,
        given_up,
    )
    return ids


def _plan_only(now: datetime) -> list[int]:
    """While sending is on hold: nothing is sent, given up or let go, and no mail is made."""
    if plan_reminders(now=now):
        note_good_tick(now=now)
    logger.warning("Tick: sending is on hold until somebody lifts it at the desk")
    return []


def _nothing_to_do(now: datetime) -> bool:
    """Whether nothing is due that may be sent; then the good tick is written down with it."""
    up_to_date = TickState.objects.filter(
        pk=1, change_number=read_head(), reconciled_on=now.astimezone(UTC).date()
    )
    outbox = OutboxEmail.objects
    idle = up_to_date.exclude(
        Exists(Subscription.objects.to_plan())
        | Exists(Reminder.objects.due(now))
        | Exists(outbox.claimable(now))
        | Exists(outbox.abandoned(now))
        | Exists(outbox.expired(now))
    )
    return bool(idle.update(last_ok_at=now))
