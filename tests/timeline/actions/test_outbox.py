"""What becomes of a claimed mail; every write names the lease."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.builders import NOW
from tests.timeline.mail.builders import make_queued, state_of
from timeline.actions import outbox
from timeline.actions.claims import LEASE, claim_emails
from timeline.enums import MailState
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db


def begun(copies_before: int = 0) -> OutboxEmail:
    """A mail in hand, so many copies of which may have arrived by earlier attempts."""
    (email,) = make_queued()
    if copies_before:
        OutboxEmail.objects.update(state=MailState.UNKNOWN, maybe_delivered=copies_before)
    (taken,) = claim_emails(ids=[email.pk], limit=1, per_minute=9, now=NOW).emails
    assert outbox.begin_attempt(email=taken, lease=LEASE, now=NOW)
    return taken


def handed_over(copies_before: int = 0) -> OutboxEmail:
    """A mail whose next bytes are the final dot."""
    email = begun(copies_before)
    assert outbox.raise_maybe_delivered(
        email=email, rendered=b"as it was", subject="Subject", lease=LEASE, now=NOW
    )
    return email


def test_begin_counts_an_attempt_and_renews_the_lease() -> None:
    email = begun()
    later = NOW + timedelta(minutes=1)
    assert outbox.begin_attempt(email=email, lease=LEASE, now=later)
    email.refresh_from_db()
    assert (email.attempts, email.begun_at, email.lease_until) == (2, later, later + LEASE)


def test_raise_keeps_the_bytes_and_the_lease() -> None:
    email = handed_over()
    email.refresh_from_db()
    assert (email.maybe_delivered, bytes(email.rendered or b"")) == (1, b"as it was")
    assert (email.subject, email.state) == ("Subject", MailState.SENDING)


def test_third_copy_is_refused_by_the_database_rem11() -> None:
    email = handed_over(copies_before=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.raise_maybe_delivered(email=email, rendered=b"x", subject="x", lease=LEASE, now=NOW)
    assert state_of(email) == (MailState.SENDING, 2)


def test_sent_mail_keeps_the_reply_and_not_the_text() -> None:
    email = handed_over()
    assert outbox.record_sent(email=email, code=250, text="2.0.0 queued\r\nas 17", now=NOW)
    email.refresh_from_db()
    assert (email.state, email.maybe_delivered, email.settled_at) == (MailState.SENT, 1, NOW)
    assert (email.last_code, email.last_text) == (250, "2.0.0 queued as 17")
    assert (email.rendered, email.lease_token, email.begun_at) == (None, None, None)


@pytest.mark.parametrize(
    ("copies_before", "is_final", "expected"),
    [
        (0, False, (MailState.QUEUED, 0)),
        (0, True, (MailState.FAILED, 0)),
        (1, False, (MailState.UNKNOWN, 1)),
        (1, True, (MailState.UNRESOLVED, 1)),
    ],
)
@pytest.mark.parametrize("after_dot", [False, True])
def test_refusal_takes_back_the_copy_that_it_refuses(
    copies_before: int, is_final: bool, expected: tuple[str, int], after_dot: bool
) -> None:
    email = handed_over(copies_before) if after_dot else begun(copies_before)
    code = 554 if is_final else 451
    assert outbox.record_refusal(
        email=email,
        code=code,
        text="no",
        is_final=is_final,
        was_handed_over=after_dot,
        now=NOW,
    )
    assert state_of(email) == expected
    assert (email.last_code, email.last_text) == (code, "no")


@pytest.mark.parametrize(
    ("copies_before", "after_dot", "expected"),
    [
        (0, False, (MailState.QUEUED, 0)),
        (0, True, (MailState.UNKNOWN, 1)),
        (1, False, (MailState.UNKNOWN, 1)),
        (1, True, (MailState.UNRESOLVED, 2)),
    ],
)
def test_broken_connection_is_harmless_before_the_dot_only(
    copies_before: int, after_dot: bool, expected: tuple[str, int]
) -> None:
    email = handed_over(copies_before) if after_dot else begun(copies_before)
    assert outbox.record_broken_connection(
        email=email, text="gone", was_handed_over=after_dot, now=NOW
    )
    assert state_of(email) == expected
    assert (email.last_code, email.last_text) == (None, "gone")


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (6, 120), (40, 120)])
def test_each_refusal_waits_longer(attempts: int, minutes: int) -> None:
    email = begun()
    email.attempts = attempts
    outbox.record_refusal(
        email=email, code=451, text="", is_final=False, was_handed_over=False, now=NOW
    )
    email.refresh_from_db()
    assert email.next_try_at == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("before", "expected"), [(1, MailState.QUEUED), (2, MailState.FAILED), (3, MailState.FAILED)]
)
def test_third_failure_on_our_side_fails_the_mail(before: int, expected: str) -> None:
    email = begun()
    OutboxEmail.objects.update(own_failures=before)
    email.own_failures = before
    outbox.record_own_failure(email=email, text="no template", most_failures=3, now=NOW)
    assert state_of(email) == (expected, 0)


def test_released_mail_waits_and_nothing_is_held_against_it() -> None:
    email = begun()
    later = NOW + timedelta(minutes=1)
    outbox.release_emails(emails=[email], text="nobody answers", next_try_at=later)
    email.refresh_from_db()
    assert (email.state, email.next_try_at, email.own_failures) == (MailState.QUEUED, later, 0)


WRITES: list[Callable[[OutboxEmail], bool]] = [
    lambda email: outbox.begin_attempt(email=email, lease=LEASE, now=NOW),
    lambda email: outbox.raise_maybe_delivered(
        email=email, rendered=b"x", subject="x", lease=LEASE, now=NOW
    ),
    lambda email: outbox.record_sent(email=email, code=250, text="", now=NOW),
    lambda email: outbox.record_refusal(
        email=email, code=554, text="", is_final=True, was_handed_over=True, now=NOW
    ),
    lambda email: outbox.record_broken_connection(
        email=email, text="", was_handed_over=True, now=NOW
    ),
    lambda email: outbox.record_own_failure(email=email, text="", most_failures=1, now=NOW),
    lambda email: outbox.record_unresolved(email=email, text="", now=NOW),
    lambda email: outbox.cancel_claimed(email=email, text="", now=NOW),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("is_claimed_again", [False, True])
def test_who_lost_the_lease_changes_nothing_rem26(
    write: Callable[[OutboxEmail], bool], is_claimed_again: bool
) -> None:
    stale = begun()
    rows = OutboxEmail.objects.filter(pk=stale.pk)
    rows.update(**outbox.waiting(0, next_try_at=NOW))
    if is_claimed_again:
        claim_emails(ids=[stale.pk], limit=1, per_minute=9, now=NOW)
    before = rows.values().get()
    assert write(stale) is False
    assert rows.values().get() == before
