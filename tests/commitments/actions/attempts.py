"""Attempts that are told by the code of the refusal, or "done"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from commitments.actions.status import StatusMove, change_status
from commitments.exceptions import RecordError, TransitionRefused
from commitments.models import Commitment, User
from tests.builders import NOW


def outcome(act: Callable[[], object]) -> str:
    """The code of the refusal, or "done"; it is undone, so that one commitment serves them all."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except RecordError as error:
        return error.specific_code
    return "done"


def outcome_of(
    commitment: Commitment,
    move: StatusMove,
    actor: User,
    approver: User | None = None,
    now: datetime = NOW,
) -> str:
    """What becomes of an attempt to change the status."""
    return outcome(
        lambda: change_status(
            commitment=commitment, move=move, actor=actor, approver=approver, now=now
        )
    )


def refusal_of(commitment: Commitment, move: StatusMove, actor: User) -> TransitionRefused:
    """The error of an attempt to change the status."""
    with pytest.raises(TransitionRefused) as caught:
        change_status(commitment=commitment, move=move, actor=actor, now=NOW)
    return caught.value
