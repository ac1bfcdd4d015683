"""Move a status: at once, or as a proposal that a second person decides on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound

from commitments.actions.status import (
    StatusMove,
    approve_proposal,
    change_status,
    propose_status,
    reject_proposal,
    take_back_proposal,
)
from commitments.api.addresses import address
from commitments.api.serializers.inputs import Nothing
from commitments.api.serializers.status_input import StatusChangeInput, WithReasonInput
from commitments.api.writing.commitments import citing
from commitments.api.writing.dates import newest_day, read_when
from commitments.api.writing.lookups import commitment_named
from commitments.api.writing.operations import CREATED, Data, Operation, Outcome, Writer
from commitments.enums import ReasonCode, Status
from commitments.models import Commitment, Scope, StatusProposal
from commitments.roles import APPROVE, may
from commitments.transitions import find_transition

_HIGHEST: Final = 1_000_000  # a database could not count on for ever


def proposals_of(commitment: Commitment) -> QuerySet[StatusProposal]:
    """Its proposals, the oldest first. None is ever deleted: so the place of one is its number."""
    return commitment.status_proposals.order_by("pk")


def proposal_numbered(commitment: Commitment, number: int) -> StatusProposal:
    """The proposal with this number, from 1; NotFound where there is none."""
    known = 0 < number <= _HIGHEST
    found = list(proposals_of(commitment)[number - 1 : number]) if known else []
    if not found:
        raise NotFound
    return found[0]


def _change(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    move = _move(writer, commitment, data)
    row = find_transition(Status(commitment.status), move.to_status)
    if row is not None and row.second_person and not _decides_alone(writer):
        return _propose(writer, commitment, move)
    if row is not None and (row.second_person or row.by == APPROVE):
        writer.demand_scope(Scope.APPROVE)
    change_status(commitment=commitment, move=move, actor=writer.user, now=writer.now)
    return Outcome(Commitment.objects.get(pk=commitment.pk), CREATED)


def _decides_alone(writer: Writer) -> bool:
    """A desk of one has no second person."""
    return not settings.REQUIRE_SECOND_PERSON and may(writer.user, APPROVE)


def _propose(writer: Writer, commitment: Commitment, move: StatusMove) -> Outcome:
    propose_status(commitment=commitment, move=move, actor=writer.user, now=writer.now)
    number = proposals_of(commitment).count()
    where = address("proposal", commitment.public_id, str(number))
    # What it rests on may just have been cited, so read the commitment again.
    return Outcome(Commitment.objects.get(pk=commitment.pk), HTTPStatus.ACCEPTED, where)


def _move(writer: Writer, commitment: Commitment, data: Data) -> StatusMove:
    citations = citing(writer, commitment, data)
    effective = read_when(
        data.get("effective", {"text": ""}),
        field="effective",
        writer=writer,
        said_on=newest_day(citations),
        hemisphere=commitment.hemisphere,
        past=True,
    )
    code = data.get("reason_code")
    return StatusMove(
        to_status=Status(data["to_status"]),
        effective=effective,
        reason=data.get("reason", ""),
        reason_code=ReasonCode(code) if code else None,
        missing=data.get("missing", ""),
        explicit_refusal=data["explicit_refusal"],
        successor=commitment_named(writer, data.get("successor"), field="successor"),
        citations=tuple(citations),
    )


def _approve(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    proposal = proposal_numbered(commitment, data["proposal"])
    approve_proposal(proposal=proposal, approver=writer.user, now=writer.now)
    return Outcome(Commitment.objects.get(pk=commitment.pk))


def _reject(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    proposal = proposal_numbered(commitment, data["proposal"])
    reject_proposal(proposal=proposal, approver=writer.user, now=writer.now, reason=data["reason"])
    return Outcome(commitment)


def _take_back(writer: Writer, commitment: Commitment, data: Data) -> Outcome:
    proposal = proposal_numbered(commitment, data["proposal"])
    take_back_proposal(proposal=proposal, actor=writer.user, now=writer.now)
    return Outcome(commitment)


CHANGE_STATUS: Final = Operation("change_status", StatusChangeInput, _change)
APPROVE_IT: Final = Operation(
    "approve", Nothing, _approve, place="proposal", permission=APPROVE, scope=Scope.APPROVE
)
REJECT: Final = Operation(
    "reject", WithReasonInput, _reject, place="proposal", permission=APPROVE, scope=Scope.APPROVE
)
TAKE_BACK: Final = Operation("take_back", Nothing, _take_back, place="proposal")
