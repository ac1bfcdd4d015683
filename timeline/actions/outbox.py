"""What becomes of a claimed mail, step by step.

Every write here is fenced: it names the lease's token, so that a worker whose lease was called in
changes nothing and is told so. Each is a single statement, and thereby a transaction of its own
wherever no other is open. They return whether the lease was still held.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F

from timeline.enums import ALARMING_STATES, MailState
from timeline.mail.mime import one_line
from timeline.models import OutboxEmail

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120))
"""By the number of attempts so far; the last one counts for all that follow."""

LET_GO: Final[dict[str, Any]] = {"lease_token": None, "lease_until": None, "begun_at": None}
TEXT_LENGTH: Final = 1000


def begin_attempt(*, email: OutboxEmail, lease: timedelta, now: datetime) -> bool:
    """Take this very mail in hand: from here on the death of the worker is held against it."""
    begun = {"begun_at": now, "attempts": F("attempts") + 1, "lease_until": now + lease}
    if not _write(email, begun):
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
            "maybe_delivered": F("maybe_delivered") + 1,
            "rendered": rendered,
            "subject": subject,
            "lease_until": now + lease,
        },
    )


def record_sent(*, email: OutboxEmail, code: int, text: str, now: datetime) -> bool:
    """The other host has taken it."""
    return _write(email, settled(MailState.SENT, now) | _reply(code, text))


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
        values["maybe_delivered"] = F("maybe_delivered") - 1
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


def _reply(code: int | None, text: str) -> dict[str, Any]:
    return {"last_code": code, "last_text": one_line(text, most=TEXT_LENGTH)}


def _pause(attempts: int) -> timedelta:
    return TRY_AGAIN_AFTER[min(max(attempts, 1), len(TRY_AGAIN_AFTER)) - 1]


def _write(email: OutboxEmail, values: dict[str, Any]) -> bool:
    rows = OutboxEmail.objects.filter(
        pk=email.pk, state=MailState.SENDING, lease_token=email.lease_token
    )
    if not rows.update(**values):
        logger.warning("Mail %s: the lease was lost", email.pk)
        return False
    note_alarm(email, values)
    return True
