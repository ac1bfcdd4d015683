"""Move the status of a commitment, by the table in `commitments/transitions.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.citations import citations_of
from commitments.actions.commitments import refuse_circles
from commitments.actions.dates import follow_anchor
from commitments.actions.recording import (
    difference,
    lock_commitment,
    log_change,
    touch,
    validated,
)
from commitments.enums import ChangeKind, Evidence, ProposalState, ReasonCode, Status
from commitments.evidence import evidence_level, evidence_of
from commitments.exceptions import NotAllowed, TransitionRefused
from commitments.models import Citation, Commitment, StatusChange, StatusProposal, User
from commitments.roles import APPROVE, demand
from commitments.time_zones import day_at
from commitments.transitions import Facts, Transition, Unmet, find_transition, unmet_needs
from commitments.window import Window


@dataclass(frozen=True, slots=True)
class StatusMove:
    """What an editor says about a move: the fields of the form, of the API and of a proposal."""

    to_status: Status
    effective: Window
    reason: str = ""
    reason_code: ReasonCode | None = None
    missing: str = ""
    explicit_refusal: bool = False
    successor: Commitment | None = None
    citations: tuple[Citation, ...] = ()


@transaction.atomic
def change_status(
    *,
    commitment: Commitment,
    move: StatusMove,
    actor: User,
    now: datetime,
    approver: User | None = None,
    expected_revision: int | None = None,
) -> StatusChange:
    """Make a move that the table allows; the only way by which a status ever changes.

    A move that needs a second person wants an `approver` other than `actor`
    (`approve_proposal` hands one in); where REQUIRE_SECOND_PERSON is off, an `actor` who may
    decide on verdicts is enough. Raises NotAllowed, StaleRevision, InvalidInput, CircleError,
    TransitionRefused with the code of the first unmet need, and all of them in `unmet`.
    Side effects, in order: the StatusChange, the commitment's status and revision, the log, and
    the windows of what counts from its delivery.
    """
    current = lock_commitment(commitment, expected_revision=expected_revision)
    move = replace(move, citations=citations_of(current, move.citations))
    row = _checked(current, move, actor=actor, now=now)
    return _make_move(current, move, row, actor=actor, approver=approver, now=now)


def _make_move(
    current: Commitment,
    move: StatusMove,
    row: Transition,
    *,
    actor: User,
    approver: User | None,
    now: datetime,
) -> StatusChange:
    """Write a move of the locked `current` that `row` of the table allows."""
    if row.second_person:
        _demand_second_person(actor, approver)
    before = current.log_state()
    touch(current, now=now)
    change = StatusChange(
        commitment=current,
        from_status=current.status,
        since=move.effective.earliest or day_at(current.time_zone, now),
        recorded_at=now,
        actor=actor,
        approver=approver if row.second_person else None,
        revision=current.revision,
    )
    _apply(current, move)
    _write(change, move)
    refuse_circles(current)
    validated(current)
    current.save()
    changes = difference(before, current.log_state())
    changes["status_change"] = [None, change.log_state()]
    log_change(
        record=current,
        kind=ChangeKind.STATUS_CHANGED,
        changes=changes,
        now=now,
        actor=actor,
        approver=change.approver,
        reason=move.reason,
    )
    follow_anchor(current, actor=actor, now=now)
    return change


@transaction.atomic
def propose_status(
    *,
    commitment: Commitment,
    move: StatusMove,
    actor: User,
    now: datetime,
    expected_revision: int | None = None,
) -> StatusProposal:
    """Propose a verdict for another person to decide; nothing changes yet.

    Raises NotAllowed, StaleRevision, InvalidInput, TransitionRefused (also where one waits
    already). Side effect: the row.
    """
    current = lock_commitment(commitment, expected_revision=expected_revision)
    move = replace(move, citations=citations_of(current, move.citations))
    row = _checked(current, move, actor=actor, now=now)
    if not row.second_person:
        raise TransitionRefused(
            _("This move needs no second person: make it directly."), code="needs_no_approval"
        )
    if current.status_proposals.filter(state=ProposalState.WAITING).exists():
        raise TransitionRefused(
            _("A proposal waits for this commitment; decide on it first."), code="proposal_waits"
        )
    proposal = StatusProposal(
        commitment=current, from_status=current.status, recorded_at=now, actor=actor
    )
    return _write(proposal, move)


@transaction.atomic
def approve_proposal(*, proposal: StatusProposal, approver: User, now: datetime) -> StatusChange:
    """Agree to a proposed verdict, as a person other than the proposer, and make the move.

    All needs are checked again as of now. Whether the proposer might propose was asked when they
    did: they may have left the desk since, and the approver answers for the move. Raises
    NotAllowed, TransitionRefused. Side effects, in order: those of `change_status`, the proposal's
    state.
    """
    demand(approver, APPROVE)
    current = _waiting(proposal)
    if current.actor == approver:
        raise NotAllowed(
            _("Nobody approves their own proposal: ask another approver."), code="own_proposal"
        )
    commitment = lock_commitment(current.commitment)
    move = move_of(current)
    move = replace(move, citations=citations_of(commitment, move.citations))
    row = _checked(commitment, move, actor=approver, now=now)
    change = _make_move(commitment, move, row, actor=current.actor, approver=approver, now=now)
    _decide(current, ProposalState.APPROVED, by=approver, now=now)
    return change


@transaction.atomic
def reject_proposal(
    *, proposal: StatusProposal, approver: User, now: datetime, reason: str
) -> StatusProposal:
    """Say no to a proposed verdict, with the reason for its proposer.

    Raises NotAllowed, TransitionRefused. Side effect: the proposal's state.
    """
    demand(approver, APPROVE)
    if not reason.strip():
        raise TransitionRefused(
            _("Say why, for the proposer."), code="needs_reason", field="reason"
        )
    return _decide(_waiting(proposal), ProposalState.REJECTED, by=approver, now=now, reason=reason)


@transaction.atomic
def take_back_proposal(*, proposal: StatusProposal, actor: User, now: datetime) -> StatusProposal:
    """Let the proposer take a waiting proposal back. Raises NotAllowed, TransitionRefused."""
    current = _waiting(proposal)
    if current.actor != actor:
        raise NotAllowed(_("Only its proposer can take it back; an approver can reject it."))
    return _decide(current, ProposalState.WITHDRAWN, by=actor, now=now)


def check_move(
    *, commitment: Commitment, move: StatusMove, now: datetime
) -> tuple[Transition, tuple[Unmet, ...]]:
    """The row of the table and what is still missing, without doing anything.

    Raises TransitionRefused where the table has no such move.
    """
    row = find_transition(Status(commitment.status), move.to_status)
    if row is None:
        raise TransitionRefused(
            _("From “%(from)s” there is no move to “%(to)s”.")
            % {"from": commitment.get_status_display(), "to": move.to_status.label},
            code="no_such_move",
            field="to_status",
        )
    return row, unmet_needs(row, gather_facts(commitment, move, now=now))


def gather_facts(commitment: Commitment, move: StatusMove, *, now: datetime) -> Facts:
    """All that the needs of the table look at."""
    unused = [one for one in move.citations if not one.status_changes.exists()]
    shown = [one.source.date for one in unused if evidence_of(one) != Evidence.NONE]
    return Facts(
        today=day_at(commitment.time_zone, now),
        latest=commitment.latest,
        effective=move.effective,
        evidence=evidence_level(move.citations),
        new_evidence=evidence_level(unused),
        newest_evidence=max(shown, default=None),
        has_source=bool(move.citations),
        status_since=_status_since(commitment),
        reason=move.reason,
        reason_code=move.reason_code or "",
        missing=move.missing,
        explicit_refusal=move.explicit_refusal,
        has_successor=move.successor is not None,
    )


def move_of(proposal: StatusProposal) -> StatusMove:
    """What a proposal says, as the move it asks for."""
    return StatusMove(
        to_status=Status(proposal.to_status),
        effective=Window.parse(proposal.effective),
        reason=proposal.reason,
        reason_code=ReasonCode(proposal.reason_code) if proposal.reason_code else None,
        missing=proposal.missing,
        explicit_refusal=proposal.explicit_refusal,
        successor=proposal.successor,
        citations=tuple(proposal.citations.select_related("source")),
    )


def _status_since(commitment: Commitment) -> date | None:
    if commitment.effective_earliest is not None:
        return commitment.effective_earliest
    last = commitment.status_changes.last()
    return day_at(commitment.time_zone, last.recorded_at) if last else None


def _checked(commitment: Commitment, move: StatusMove, *, actor: User, now: datetime) -> Transition:
    row, unmet = check_move(commitment=commitment, move=move, now=now)
    demand(actor, row.by)
    if unmet:
        sentences = " ".join(str(need.sentence) for need in unmet)
        raise TransitionRefused(
            sentences,
            code=unmet[0].code,
            field=unmet[0].field,
            unmet=[(need.field, need.code, str(need.sentence)) for need in unmet],
        )
    return row


def _demand_second_person(actor: User, approver: User | None) -> None:
    if approver is None:
        if settings.REQUIRE_SECOND_PERSON:
            raise TransitionRefused(
                _("A verdict needs a second person: propose it, and another one approves."),
                code="needs_second_person",
            )
        demand(actor, APPROVE)
        return
    demand(approver, APPROVE)
    if approver == actor:
        raise NotAllowed(
            _("Nobody approves their own proposal: ask another approver."), code="own_proposal"
        )


def _apply(commitment: Commitment, move: StatusMove) -> None:
    commitment.status = move.to_status
    commitment.set_effective(move.effective)
    # What was replaced and is reopened has no successor any more; the history keeps it.
    commitment.successor = move.successor


Written = TypeVar("Written", StatusChange, StatusProposal)


def _write(row: Written, move: StatusMove) -> Written:
    row.to_status = move.to_status
    row.effective = str(move.effective)
    row.reason = move.reason
    row.reason_code = move.reason_code or ""
    row.missing = move.missing
    row.explicit_refusal = move.explicit_refusal
    row.successor = move.successor
    validated(row)
    row.save()
    row.citations.set(move.citations)
    return row


def _waiting(proposal: StatusProposal) -> StatusProposal:
    # The commitment's lock serves for its proposal as well: one waits at a time.
    lock_commitment(proposal.commitment)
    current = StatusProposal.objects.select_related("commitment", "actor").get(pk=proposal.pk)
    if current.state != ProposalState.WAITING:
        raise TransitionRefused(
            _("This proposal was decided already: %(state)s.")
            % {"state": current.get_state_display()},
            code="already_decided",
        )
    return current


def _decide(
    proposal: StatusProposal, state: ProposalState, *, by: User, now: datetime, reason: str = ""
) -> StatusProposal:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = now
    proposal.decision_reason = reason
    validated(proposal)
    proposal.save()
    return proposal
