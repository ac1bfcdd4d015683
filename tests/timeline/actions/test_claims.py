"""Who owns a mail, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import NOW
from tests.timeline.mail.builders import DAY, make_queued, state_of, tick
from timeline.actions import outbox
from timeline.actions.claims import LEASE, call_in_leases, claim_emails, give_up_expired
from timeline.enums import MailState
from timeline.models import OutboxEmail, SendingPace

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def claim(
    ids: Any, *, limit: int = 100, per_minute: int = 1000, now: Any = NOW
) -> list[OutboxEmail]:
    return claim_emails(ids=list(ids), limit=limit, per_minute=per_minute, now=now).emails


def test_claim_takes_only_what_was_asked_for() -> None:
    first, second, third = make_queued(3)
    taken = claim([second.pk])
    assert [email.pk for email in taken] == [second.pk]
    states = dict(OutboxEmail.objects.values_list("pk", "state"))
    assert states == {first.pk: "queued", second.pk: "sending", third.pk: "queued"}


def test_claim_gives_a_lease_and_a_token() -> None:
    (email,) = make_queued()
    (taken,) = claim([email.pk])
    assert (taken.state, taken.lease_until, taken.begun_at) == (
        MailState.SENDING,
        NOW + LEASE,
        None,
    )
    assert taken.lease_token is not None
    assert claim([email.pk]) == []


def test_claim_takes_the_most_urgent_first() -> None:
    emails = make_queued(3)
    OutboxEmail.objects.filter(pk=emails[2].pk).update(priority=1)
    OutboxEmail.objects.filter(pk=emails[1].pk).update(next_try_at=NOW - DAY)
    taken = claim([email.pk for email in emails], limit=2)
    assert [email.pk for email in taken] == [emails[2].pk, emails[1].pk]


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 1), (1, 1)])
def test_claim_waits_for_the_next_try(seconds: int, expected: int) -> None:
    (email,) = make_queued()
    assert len(claim([email.pk], now=NOW + seconds * SECOND)) == expected


def test_claim_makes_as_many_queries_for_three_as_for_one() -> None:
    first, *others = make_queued(4)
    SendingPace.objects.create()
    counts = []
    for chosen in ([first], others):
        with CaptureQueriesContext(connection) as captured:
            assert len(claim([email.pk for email in chosen])) == len(chosen)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_claimed_mail_is_as_the_orm_reads_it() -> None:
    (email,) = make_queued()
    (claimed,) = claim([email.pk])
    read = OutboxEmail.objects.get(pk=email.pk)
    names = [field.attname for field in OutboxEmail._meta.concrete_fields]
    assert claimed == read
    assert claimed.get_deferred_fields() == {
        *("provider_id", "next_try_at", "begun_at", "last_code", "last_text", "created_at"),
        *("expires_at", "settled_at", "repeated_in_id", "acknowledged_at", "acknowledged_by_id"),
    }
    assert [getattr(claimed, name) for name in names] == [getattr(read, name) for name in names]
    assert (claimed._state.adding, claimed._state.db) == (False, "default")
    assert claimed.subscriber == read.subscriber


def test_pace_allows_so_many_in_any_sixty_seconds() -> None:
    ids = [email.pk for email in make_queued(5)]
    assert len(claim(ids, per_minute=3)) == 3
    refused = claim_emails(ids=ids, limit=9, per_minute=3, now=NOW + 59 * SECOND)
    assert (refused.emails, refused.seconds_to_wait) == ([], 1.0)
    assert len(claim(ids, per_minute=3, now=NOW + 60 * SECOND)) == 2


def test_pace_forgets_the_future_after_a_clock_was_set_back() -> None:
    ids = [email.pk for email in make_queued(2, now=NOW - DAY)]
    assert len(claim(ids[:1], per_minute=1, now=NOW)) == 1
    assert len(claim(ids[1:], per_minute=1, now=NOW - timedelta(hours=1))) == 1


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 1), (1, 1)])
def test_lease_is_called_in_when_it_has_run_out_rem04(seconds: int, expected: int) -> None:
    (email,) = make_queued()
    claim([email.pk])
    now = NOW + LEASE + seconds * SECOND
    assert call_in_leases(now=now) == expected
    wanted = (MailState.QUEUED, 0) if expected else (MailState.SENDING, 0)
    assert state_of(email) == wanted
    assert email.own_failures == 0


def test_worker_lost_three_times_on_one_mail_fails_it_rem47() -> None:
    bad, other = make_queued(2)
    now = NOW
    for _ in range(3):
        taken = {one.pk: one for one in claim([bad.pk, other.pk], now=now)}
        outbox.begin_attempt(email=taken[bad.pk], lease=LEASE, now=now)
        now += LEASE
        call_in_leases(now=now)
    bad.refresh_from_db()
    assert (bad.state, bad.own_failures, bad.last_text) == (MailState.FAILED, 3, "worker lost")
    assert state_of(other) == (MailState.QUEUED, 0)
    assert (other.own_failures, other.attempts) == (0, 0)


@pytest.mark.parametrize(
    ("copies", "expected"), [(1, MailState.UNKNOWN), (2, MailState.UNRESOLVED)]
)
def test_worker_lost_after_the_hand_over_is_not_queued_again(copies: int, expected: str) -> None:
    (email,) = make_queued()
    (taken,) = claim([email.pk])
    outbox.begin_attempt(email=taken, lease=LEASE, now=NOW)
    for _ in range(copies):
        outbox.raise_maybe_delivered(email=taken, rendered=b"x", subject="x", lease=LEASE, now=NOW)
    call_in_leases(now=NOW + LEASE)
    assert state_of(email) == (expected, copies)
    kept = bytes(email.rendered) if email.rendered is not None else None
    assert kept == (b"x" if copies == 1 else None)


@pytest.mark.parametrize(
    ("copies", "expected"), [(0, MailState.EXPIRED), (1, MailState.UNRESOLVED)]
)
def test_mail_that_was_tried_for_too_long_is_given_up_rem17(copies: int, expected: str) -> None:
    (email,) = make_queued()
    state = MailState.UNKNOWN if copies else MailState.QUEUED
    OutboxEmail.objects.update(state=state, maybe_delivered=copies)
    assert give_up_expired(now=NOW + timedelta(hours=72) - SECOND) == 0
    assert give_up_expired(now=NOW + timedelta(hours=72)) == 1
    assert state_of(email) == (expected, copies)
    assert list(OutboxEmail.objects.alarming()) == [email]


def test_clock_that_jumps_ahead_lets_leases_run_out_and_no_more_rem44() -> None:
    emails = make_queued(3)
    begun, handed_over, _ = claim([email.pk for email in emails])
    outbox.begin_attempt(email=begun, lease=LEASE, now=NOW)
    outbox.begin_attempt(email=handed_over, lease=LEASE, now=NOW)
    outbox.raise_maybe_delivered(
        email=handed_over, rendered=b"x", subject="x", lease=LEASE, now=NOW
    )
    tick(NOW + timedelta(hours=1))
    assert {state_of(email) for email in emails} == {(MailState.SENT, 1), (MailState.SENT, 2)}
    assert OutboxEmail.objects.filter(maybe_delivered__gt=2).count() == 0
