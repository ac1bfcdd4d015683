"""Take mails of the outbox under a lease, and call in the leases of workers that are gone."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models.base import ModelState

from timeline.actions.outbox import note_alarm, settled, waiting
from timeline.actions.pace import Pace
from timeline.actions.sending_hold import NOT_ON_HOLD
from timeline.enums import WAITING_STATES, MailState
from timeline.models import OutboxEmail

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
"""Longer than the conversation before the final dot: a few replies of at most 15 s each."""

MOST_OWN_FAILURES: Final = 3
WORKER_LOST: Final = "worker lost"

_TABLE: Final = OutboxEmail._meta.db_table  # noqa: SLF001 - Django documents it
_FIELD: Final = {field.name: field for field in OutboxEmail._meta.concrete_fields}  # noqa: SLF001
_WHAT_A_WORKER_NEEDS: Final = frozenset(
    {"id", "subscriber", "request", "purpose", "to_address", "language", "message_id", "subject"}
    | {"rendered", "priority", "maybe_delivered", "attempts", "own_failures"}
)
"""Not the instants: reading five of them took as long as all the rest of a row."""
_READ: Final = [field.attname for name, field in _FIELD.items() if name in _WHAT_A_WORKER_NEEDS]
_WAITING: Final = ", ".join(f"'{state}'" for state in sorted(WAITING_STATES))
# MATERIALIZED: PostgreSQL may otherwise run the inner SELECT, and lock, more than once. ARRAY: of a
# list it knows before that each key is one step into the index; `IN (SELECT ...)` it guesses at.
_CLAIM: Final = (
    "WITH ready (ready_id) AS MATERIALIZED ("  # noqa: S608 - no value stands in the text
    f"SELECT id FROM {_TABLE} WHERE id {{among}} AND state IN ({_WAITING}) "
    "AND next_try_at <= %s ORDER BY priority, next_try_at, id LIMIT %s {locking}) "
    f"UPDATE {_TABLE} SET state = %s, lease_token = %s, lease_until = %s "
    f"WHERE id {{ready}} AND {NOT_ON_HOLD} "
    f"RETURNING {', '.join(_READ)}"
)
_READY: Final = "SELECT ready.ready_id FROM ready"


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
    """The most urgent first, and of equal urgency in the order of `ids`."""
    new = {"state": MailState.SENDING, "lease_token": uuid.uuid4(), "lease_until": now + LEASE}
    stored = [_FIELD[name].get_db_prep_save(value, connection) for name, value in new.items()]
    due = _FIELD["next_try_at"].get_db_prep_value(now, connection)
    sql, keys = _statement(ids)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys, due, limit, *stored])
        rows = cursor.fetchall()
    emails = [_loaded(row, new) for row in rows]
    place = {number: place for place, number in enumerate(ids)}
    return sorted(emails, key=lambda email: (email.priority, place[email.pk]))


def _statement(ids: Collection[int]) -> tuple[str, list[Any]]:
    """The claim's text and its parameters for `ids`: one list where the database knows lists."""
    if connection.features.has_select_for_update_skip_locked:
        locking = "FOR UPDATE SKIP LOCKED"
        sql = _CLAIM.format(among="= ANY(%s)", ready=f"= ANY(ARRAY({_READY}))", locking=locking)
        return sql, [list(ids)]
    among = f"IN ({', '.join(['%s'] * len(ids))})"
    return _CLAIM.format(among=among, ready=f"IN ({_READY})", locking=""), [*ids]


def _loaded(row: Sequence[Any], new: Mapping[str, Any]) -> OutboxEmail:
    """A mail as `from_db` gives it, the columns that are not read deferred; in a third of its time.

    Nothing hears of it: there are no signals in this house.
    """
    email = OutboxEmail.__new__(OutboxEmail)
    state = ModelState()
    state.adding, state.db = False, connection.alias
    vars(email).update(zip(_READ, row, strict=True), _state=state, **new)
    return email


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
