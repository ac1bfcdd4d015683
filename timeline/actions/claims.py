"""Take mails of the outbox under a lease, and call in the leases of workers that are gone."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from timeline.actions.outbox import note_alarm, settled, waiting
from timeline.actions.pace import Pace
from timeline.enums import MailState
from timeline.models import OutboxEmail

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
"""Longer than the conversation before the final dot: a few replies of at most 15 s each."""

MOST_OWN_FAILURES: Final = 3
WORKER_LOST: Final = "worker lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The mails that a worker owns now, and how long to wait where the pace allowed none."""

    emails: list[OutboxEmail]
    seconds_to_wait: float


@transaction.atomic
def claim_emails(*, ids: Collection[int], limit: int, per_minute: int, now: datetime) -> Claim:
    """Take up to `limit` of the waiting mails `ids` under a lease, as far as the pace allows.

    Rows that another worker holds are passed over (PostgreSQL: SKIP LOCKED; SQLite lets one writer
    in at a time). Nobody else can claim them until the lease has run out and was called in.
    """
    if not ids:
        return Claim([], 0.0)
    pace = Pace(per_minute=per_minute, now=now)
    if not pace.allowed:
        return Claim([], pace.seconds_to_wait)
    emails = _take(ids, min(limit, pace.allowed), now)
    if emails:
        pace.note(len(emails))
    return Claim(emails, 0.0)


def _take(ids: Collection[int], limit: int, now: datetime) -> list[OutboxEmail]:
    ready = OutboxEmail.objects.claimable(now).filter(pk__in=ids)
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True)
    chosen, chosen_params = ready.values("pk")[:limit].query.sql_with_params()
    new = {"state": MailState.SENDING, "lease_token": uuid.uuid4(), "lease_until": now + LEASE}
    meta = OutboxEmail._meta  # noqa: SLF001 - Django documents it
    stored = {
        field.column: field.get_db_prep_save(new[field.name], connection)
        for field in meta.fields
        if field.name in new
    }
    columns = ", ".join(f"{column} = %s" for column in stored)
    # MATERIALIZED: PostgreSQL may otherwise run the inner SELECT, and lock, more than once.
    sql = (
        f"WITH ready (ready_id) AS MATERIALIZED ({chosen}) "  # noqa: S608 - no value stands in the text
        f"UPDATE {meta.db_table} SET {columns} "
        "WHERE id IN (SELECT ready.ready_id FROM ready) RETURNING *"
    )
    taken = OutboxEmail.objects.raw(sql, [*chosen_params, *stored.values()])
    return sorted(taken, key=lambda email: (email.priority, email.next_try_at, email.pk))


def call_in_leases(*, now: datetime) -> int:
    """Take mails back from workers that let their lease run out; return how many.

    What was never begun waits again and nothing is held against it. What was begun three times by
    workers that died is failed. Where the message may have arrived, it is `unknown` and repeated
    once, or `unresolved` when that copy was used up.
    """
    abandoned = list(OutboxEmail.objects.abandoned(now))
    return sum(_call_in(email, now) for email in abandoned)


def _call_in(email: OutboxEmail, now: datetime) -> bool:
    failures = email.own_failures + (email.begun_at is not None)
    if failures >= MOST_OWN_FAILURES or email.maybe_delivered > 1:
        state = MailState.UNRESOLVED if email.maybe_delivered else MailState.FAILED
        values = settled(state, now)
    else:
        values = waiting(email.maybe_delivered, next_try_at=now)
    if email.begun_at is not None:
        values |= {"own_failures": failures, "last_code": None, "last_text": WORKER_LOST}
    # Only if the lease is still the one that ran out: its owner may just have written.
    rows = OutboxEmail.objects.abandoned(now).filter(pk=email.pk, lease_token=email.lease_token)
    changed = bool(rows.update(**values))
    if changed:
        note_alarm(email, values)
    return changed


def give_up_expired(*, now: datetime) -> int:
    """Give up what was tried for too long: `expired`, or `unresolved` where it may have arrived."""
    return sum(_give_up(email, now) for email in OutboxEmail.objects.expired(now))


def _give_up(email: OutboxEmail, now: datetime) -> bool:
    state = MailState.UNRESOLVED if email.maybe_delivered else MailState.EXPIRED
    rows = OutboxEmail.objects.expired(now).filter(pk=email.pk)
    changed = bool(rows.update(**settled(state, now)))
    if changed:
        note_alarm(email, {"state": state})
    return changed
