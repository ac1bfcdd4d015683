"""Requests that may be repeated: claim a key, keep the answer, give the key back, forget.

A claim is committed before the work begins, so that others see it. The answer is kept in the same
transaction as what the work wrote: both are there, or neither. A crash leaves a claim without an
answer; when its lease is over, the next attempt takes it, and should the first still be alive,
it finds at its end that the claim is no longer its own, and everything it wrote is undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from commitments.models import IdempotentRequest

KEPT_FOR: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
_FORGET_AT_ONCE: Final = 200


class KeyUsedOtherwise(Exception):
    """The key came before, with another body or for another address."""


class StillRunning(Exception):
    """The first attempt has no answer yet; `until` is when its lease is over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class ClaimLost(Exception):
    """The lease was over before the work was, and another attempt has taken the claim."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status, the headers that matter and the bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of one attempt to do the work."""

    pk: int
    attempt: str


def claim_request(*, caller: str, key: str, fingerprint: str, now: datetime) -> Claim | Answer:
    """A claim for whoever comes first, the kept answer for whoever comes after it.

    Raises KeyUsedOtherwise and StillRunning. Side effects, in order: what is older than a day is
    forgotten; the row, committed unless the caller has a transaction open.
    """
    forget_requests(before=now - KEPT_FOR)
    attempt = uuid.uuid4().hex
    row = IdempotentRequest(
        caller=caller,
        key=key,
        fingerprint=fingerprint,
        created_at=now,
        attempt=attempt,
        lease_until=now + LEASE,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _after_the_first(row, now)
    return Claim(row.pk, attempt)


def keep_answer(*, claim: Claim, answer: Answer) -> None:
    """Keep the answer for repeats; to be called in the transaction of the work.

    Raises ClaimLost, and then that transaction must be rolled back. Side effects: the row.
    """
    kept = _rows(claim).update(status=answer.status, headers=dict(answer.headers), body=answer.body)
    if not kept:
        raise ClaimLost


def give_back(*, claim: Claim) -> None:
    """Forget a claim whose work came to nothing, so that it may be tried again at once.

    Side effects: the row, unless another attempt has it.
    """
    _rows(claim).delete()


def forget_requests(*, before: datetime) -> int:
    """Forget some of the requests of `before` or earlier; returns how many.

    A few at a time, and none that another process is about to forget. Side effects: the rows.
    """
    with transaction.atomic():
        old = IdempotentRequest.objects.filter(created_at__lte=before).order_by("created_at")
        found = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
        chosen = list(found[:_FORGET_AT_ONCE])
        if not chosen:
            return 0
        return IdempotentRequest.objects.filter(pk__in=chosen).delete()[0]


def _rows(claim: Claim) -> QuerySet[IdempotentRequest]:
    return IdempotentRequest.objects.filter(pk=claim.pk, attempt=claim.attempt, status__isnull=True)


def _after_the_first(mine: IdempotentRequest, now: datetime) -> Claim | Answer:
    first = IdempotentRequest.objects.filter(caller=mine.caller, key=mine.key).first()
    if first is None:  # given back between two statements
        raise StillRunning(now)
    if first.fingerprint != mine.fingerprint:
        raise KeyUsedOtherwise
    if first.status is not None:
        return Answer(first.status, first.headers, bytes(first.body))
    if first.lease_until > now:
        raise StillRunning(first.lease_until)
    claim = Claim(first.pk, first.attempt)
    if not _rows(claim).update(attempt=mine.attempt, lease_until=mine.lease_until):
        raise StillRunning(mine.lease_until)
    return Claim(first.pk, mine.attempt)
