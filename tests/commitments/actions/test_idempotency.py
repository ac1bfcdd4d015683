"""Claims of requests: one winner, one answer, and nothing that stays for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments.actions.idempotency import (
    KEPT_FOR,
    LEASE,
    Answer,
    Claim,
    ClaimLost,
    KeyUsedOtherwise,
    StillRunning,
    claim_request,
    forget_requests,
    give_back,
    keep_answer,
)
from commitments.models import IdempotentRequest
from tests.builders import NOW

pytestmark = pytest.mark.django_db

ANSWER = Answer(201, {"Location": "/x/"}, b"\x00\xff{}")


def claim(key: str = "k", *, caller: str = "key 1", body: str = "a", seconds: float = 0) -> Claim:
    found = claim_request(
        caller=caller, key=key, fingerprint=body * 64, now=NOW + timedelta(seconds=seconds)
    )
    assert isinstance(found, Claim)
    return found


def again(*, body: str = "a", seconds: float = 0) -> Answer | Claim:
    now = NOW + timedelta(seconds=seconds)
    return claim_request(caller="key 1", key="k", fingerprint=body * 64, now=now)


def test_the_first_claims_and_a_repeat_gets_its_answer() -> None:
    keep_answer(claim=claim(), answer=ANSWER)
    assert again() == ANSWER


def test_callers_and_keys_do_not_meet() -> None:
    claims = [claim(), claim("other"), claim(caller="key 2")]
    assert len({one.pk for one in claims}) == 3


@pytest.mark.parametrize("answered", [True, False])
def test_another_body_is_refused_running_or_done(*, answered: bool) -> None:
    first = claim()
    if answered:
        keep_answer(claim=first, answer=ANSWER)
    with pytest.raises(KeyUsedOtherwise):
        again(body="b")


def test_a_running_one_tells_until_when() -> None:
    claim()
    with pytest.raises(StillRunning) as caught:
        again(seconds=59.9)
    assert caught.value.until == NOW + LEASE


def test_what_is_given_back_is_free() -> None:
    give_back(claim=claim())
    assert isinstance(again(), Claim)


def test_one_attempt_takes_over_a_claim_whose_lease_is_over() -> None:
    first = claim()
    second = again(seconds=60)
    assert isinstance(second, Claim)
    with pytest.raises(StillRunning) as caught:
        again(seconds=60)
    assert caught.value.until == NOW + 2 * LEASE
    with pytest.raises(ClaimLost):
        keep_answer(claim=first, answer=ANSWER)
    give_back(claim=first)  # does nothing to the second
    keep_answer(claim=second, answer=ANSWER)
    assert again(seconds=60) == ANSWER


def test_an_answer_is_kept_once() -> None:
    first = claim()
    keep_answer(claim=first, answer=ANSWER)
    with pytest.raises(ClaimLost):
        keep_answer(claim=first, answer=Answer(200, {}, b""))


@pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 0), (1, 0)])
def test_a_day_later_it_is_forgotten(seconds: int, left: int) -> None:
    claim()
    now = NOW + KEPT_FOR + timedelta(seconds=seconds)
    assert forget_requests(before=now - KEPT_FOR) == 1 - left
    assert IdempotentRequest.objects.count() == left


def test_every_claim_forgets_what_is_old() -> None:
    for name in "abc":
        claim(name)
    claim("d", seconds=KEPT_FOR.total_seconds())
    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["d"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_claim_takes_the_same_queries_however_many_are_there(rows: int) -> None:
    for number in range(rows):
        claim(f"other {number}")
    with CaptureQueriesContext(connection) as queries:
        claim()
    asked = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) == 2  # what is old, and the new row


@pytest.mark.parametrize("status", [199, 400, 409, 500])
def test_the_database_keeps_no_error(status: int) -> None:
    first = claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        keep_answer(claim=first, answer=Answer(status, {}, b""))
