"""One action for many commitments: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import lock_record
from commitments.actions.status import approve_proposal
from commitments.exceptions import BulkRefused, RecordError
from commitments.models import Commitment, StatusChange, StatusProposal, User


@transaction.atomic
def act_on_all(
    *,
    rows: Sequence[tuple[Commitment, int]],
    act: Callable[[Commitment, int], Commitment],
) -> list[Commitment]:
    """Call `act` for each commitment and the revision that was read, in one transaction.

    `act` is one of the actions, so every rule holds and every row of the log is written as if each
    had been done by hand. Raises BulkRefused with every row that was refused; then none is changed.
    Side effects: those of `act`, row by row.
    """
    lock_record()
    done: list[Commitment] = []
    refusals: list[tuple[str, RecordError]] = []
    for commitment, revision in rows:
        try:
            with transaction.atomic():
                done.append(act(commitment, revision))
        except RecordError as error:
            refusals.append((commitment.public_id, error))
    _refuse(refusals, len(rows))
    return done


@transaction.atomic
def approve_all(
    *, proposals: Sequence[StatusProposal], approver: User, now: datetime
) -> list[StatusChange]:
    """Agree to each of `proposals`, or to none; each by `approve_proposal`, with all its rules.

    Raises BulkRefused with every proposal that was refused, by the id of its commitment. Side
    effects: those of `approve_proposal`, one by one.
    """
    lock_record()
    done: list[StatusChange] = []
    refusals: list[tuple[str, RecordError]] = []
    for proposal in proposals:
        try:
            with transaction.atomic():
                done.append(approve_proposal(proposal=proposal, approver=approver, now=now))
        except RecordError as error:
            refusals.append((proposal.commitment.public_id, error))
    _refuse(refusals, len(proposals))
    return done


def _refuse(refusals: list[tuple[str, RecordError]], number: int) -> None:
    if refusals:
        sentence = _("Nothing was changed: %(refused)d of %(all)d were refused.")
        raise BulkRefused(sentence % {"refused": len(refusals), "all": number}, refusals=refusals)
