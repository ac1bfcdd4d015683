"""What becomes of a claimed mail, step by step.

Every write here is fenced: it names the lease's token, so that a worker whose lease was called in
changes nothing and is told so. Each is a single statement, and thereby a transaction of its own
wherever no other is open. They return whether the lease was still held.

The statements are written out and not left to the ORM: two or three of them go with each mail, and
putting one together took longer than the database did.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db import connection, transaction

from timeline.enums import ALARMING_STATES, MailState
from timeline.mail.mime import one_line
from timeline.models import OutboxEmail

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120))
"""By the number of attempts so far; the last one counts for all that follow."""

LET_GO: Final[dict[str, Any]] = {"lease_token": None, "lease_until": None, "begun_at": None}
TEXT_LENGTH: Final = 1000

_TABLE: Final = OutboxEmail._meta.db_table  # noqa: SLF001 - Django documents it
_FIELD: Final = {field.name: field for field in OutboxEmail._meta.fields}  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Raised:
    """A number that is raised by so much where it stands, whatever it is there."""

    by: int


def begin_attempt(*, email: OutboxEmail, lease: timedelta, now: datetime) -> bool:
    """Take this very mail in hand: from here on the death of the worker is held against it."""
    if not _write(email, _begun(lease, now)):
        return False
    email.attempts += 1
    return True


def raise_maybe_delivered(
    *, email: OutboxEmail, rendered: bytes, subject: str, lease: timedelta, now: datetime
) -> bool:
    """Write down that one more copy may arrive, and what it says; just before the final dot.

    Raises IntegrityError where that would be the third copy: then nothing may be sent.
    """
    return _write(
        email,
        {
            "maybe_delivered": _Raised(1),
            "rendered": rendered,
            "subject": subject,
            "lease_until": now + lease,
        },
    )


def record_sent(*, email: OutboxEmail, code: int, text: str, now: datetime) -> bool:
    """The other host has taken it."""
    return _write(email, _sent(code, text, now))


def record_sent_and_begin(
    *,
    email: OutboxEmail,
    following: OutboxEmail,
    lease: timedelta,
    code: int,
    text: str,
    now: datetime,
) -> bool:
    """As `record_sent`, and `begin_attempt` for the mail that follows in the same batch.

    One statement for both, for each costs a commit. Returns whether `following` is begun.
    """
    changes = {email.pk: _sent(code, text, now), following.pk: _begun(lease, now)}
    written = _update(changes, email)
    if email.pk not in written:
        logger.warning("Mail %s: the lease was lost", email.pk)
    following.attempts += following.pk in written
    return following.pk in written


def record_refusal(
    *,
    email: OutboxEmail,
    code: int,
    text: str,
    is_final: bool,
    was_handed_over: bool,
    now: datetime,
) -> bool:
    """The other host has said no; what it refused after the final dot has not arrived."""
    if is_final:
        state = MailState.UNRESOLVED if email.maybe_delivered else MailState.FAILED
        values = settled(state, now)
    else:
        values = waiting(email.maybe_delivered, next_try_at=now + _pause(email.attempts))
    if was_handed_over:
        values["maybe_delivered"] = _Raised(-1)
    return _write(email, values | _reply(code, text))


def record_broken_connection(
    *, email: OutboxEmail, text: str, was_handed_over: bool, now: datetime
) -> bool:
    """The connection broke or fell silent; after the final dot nobody can know what happened."""
    copies = email.maybe_delivered + was_handed_over
    if copies > 1 and was_handed_over:
        values = settled(MailState.UNRESOLVED, now)
    else:
        values = waiting(copies, next_try_at=now + _pause(email.attempts))
    return _write(email, values | _reply(None, text))


def record_own_failure(*, email: OutboxEmail, text: str, most_failures: int, now: datetime) -> bool:
    """It could not even be written (a template, a record that does not read): ours to mend."""
    failures = email.own_failures + 1
    if failures >= most_failures:
        values = settled(MailState.FAILED, now)
    else:
        values = waiting(email.maybe_delivered, next_try_at=now + _pause(failures))
    return _write(email, values | {"own_failures": failures} | _reply(None, text))


def record_unresolved(*, email: OutboxEmail, text: str, now: datetime) -> bool:
    """It may have arrived, and nothing more may be sent."""
    return _write(email, settled(MailState.UNRESOLVED, now) | _reply(None, text))


def cancel_claimed(*, email: OutboxEmail, text: str, now: datetime) -> bool:
    """Nothing is left to say, or nobody to say it to."""
    return _write(email, settled(MailState.CANCELLED, now) | _reply(None, text))


def release_emails(*, emails: Iterable[OutboxEmail], text: str, next_try_at: datetime) -> None:
    """Give back what was claimed and not begun, such as when the mail host cannot be reached."""
    for email in emails:
        _write(email, waiting(email.maybe_delivered, next_try_at=next_try_at) | _reply(None, text))


def waiting(copies: int, *, next_try_at: datetime) -> dict[str, Any]:
    """The columns of a mail that has to be tried (again), `copies` of which may have arrived."""
    state = MailState.UNKNOWN if copies else MailState.QUEUED
    return {"state": state, "next_try_at": next_try_at, **LET_GO}


def settled(state: MailState, now: datetime) -> dict[str, Any]:
    """The columns of a mail that is done with; its text is not kept, as it holds secret links."""
    return {"state": state, "settled_at": now, "rendered": None, **LET_GO}


def note_alarm(email: OutboxEmail, values: Mapping[str, Any]) -> None:
    """Tell the log of a mail whose reader may not have been told."""
    if values.get("state") in ALARMING_STATES:
        logger.error("Mail %s: %s %s", email.pk, values["state"], values.get("last_text", ""))


def _begun(lease: timedelta, now: datetime) -> dict[str, Any]:
    return {"begun_at": now, "attempts": _Raised(1), "lease_until": now + lease}


def _sent(code: int, text: str, now: datetime) -> dict[str, Any]:
    return settled(MailState.SENT, now) | _reply(code, text)


def _reply(code: int | None, text: str) -> dict[str, Any]:
    return {"last_code": code, "last_text": one_line(text, most=TEXT_LENGTH)}


def _pause(attempts: int) -> timedelta:
    return TRY_AGAIN_AFTER[min(max(attempts, 1), len(TRY_AGAIN_AFTER)) - 1]


def _write(email: OutboxEmail, values: Mapping[str, Any]) -> bool:
    if not _update({email.pk: values}, email):
        logger.warning("Mail %s: the lease was lost", email.pk)
        return False
    note_alarm(email, values)
    return True


def _update(changes: Mapping[int, Mapping[str, Any]], email: OutboxEmail) -> set[int]:
    """Write the new values by key of mail, all under the lease of `email`; return which were."""
    names = tuple(dict.fromkeys(name for values in changes.values() for name in values))
    params: list[Any] = []
    cases: list[tuple[str, bool]] = []
    for name in names:
        for key, values in changes.items():
            if name in values:
                value = values[name]
                is_raised = isinstance(value, _Raised)
                cases.append((name, is_raised))
                params += (key, value.by if is_raised else _prepared(name, value))
    token = _prepared("lease_token", email.lease_token)
    sql = _statement(names, tuple(cases), len(changes))
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(sql, [*params, *changes, MailState.SENDING.value, token])
        return {row[0] for row in cursor.fetchall()}


@lru_cache(maxsize=64)
def _statement(names: tuple[str, ...], cases: tuple[tuple[str, bool], ...], mails: int) -> str:
    """The text for changes of this form; there is a handful of them."""
    parts = []
    for name in names:
        column = _FIELD[name].column
        whens = " ".join(
            f"WHEN %s THEN {column} + %s" if is_raised else "WHEN %s THEN %s"
            for case, is_raised in cases
            if case == name
        )
        parts.append(f"{column} = CASE id {whens} ELSE {column} END")
    keys = ", ".join(["%s"] * mails)
    return (
        f"UPDATE {_TABLE} SET {', '.join(parts)} "  # noqa: S608 - no value stands in the text
        f"WHERE id IN ({keys}) AND state = %s AND lease_token = %s RETURNING id"
    )


def _prepared(name: str, value: Any) -> Any:
    return _FIELD[name].get_db_prep_save(value, connection)
