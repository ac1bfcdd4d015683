"""Propose and approve are two acts of two people, through whichever door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from commitments.actions.citations import remove_citation
from commitments.actions.dates import move_date
from commitments.actions.status import (
    StatusMove,
    approve_proposal,
    change_status,
    move_of,
    propose_status,
    reject_proposal,
    take_back_proposal,
)
from commitments.enums import ProposalState, ReasonCode, Status
from commitments.exceptions import InvalidInput, NotAllowed, RecordError, TransitionRefused
from commitments.models import Commitment, Revision, StatusChange, StatusProposal, User
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_user,
)
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def propose(
    commitment: Commitment, actor: User, to_status: Status = Status.DELIVERED
) -> StatusProposal:
    move = complete_move(commitment, to_status)
    return propose_status(commitment=commitment, move=move, actor=actor, now=NOW)


def refusal(proposal: StatusProposal, approver: User) -> RecordError:
    before = whole_record()
    with pytest.raises(RecordError) as caught:
        approve_proposal(proposal=proposal, approver=approver, now=NOW)
    assert changed_tables(before) == set()
    return caught.value


def test_a_proposal_changes_nothing_that_can_be_seen(editor: User) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    before, head = Commitment.objects.get(pk=commitment.pk), Revision.objects.latest("number")
    proposal = propose_status(commitment=commitment, move=move, actor=editor, now=NOW)
    after = Commitment.objects.get(pk=commitment.pk)
    assert after.log_state() == before.log_state()
    assert after.revision == before.revision
    assert Revision.objects.latest("number") == head
    assert (proposal.from_status, proposal.state) == ("announced", ProposalState.WAITING)


@pytest.mark.parametrize(
    "end",
    [
        Status.DELIVERED,
        Status.PARTLY_DELIVERED,
        Status.NOT_DELIVERED,
        Status.WITHDRAWN,
        Status.UNVERIFIABLE,
    ],
)
def test_an_approved_proposal_is_the_move_that_was_proposed(
    end: Status, editor: User, approver: User
) -> None:
    commitment = make_commitment(window="2025")
    move = replace(
        complete_move(commitment, end, effective=Window.parse("2026-10~")),
        explicit_refusal=end is Status.NOT_DELIVERED,
    )
    proposal = propose_status(commitment=commitment, move=move, actor=editor, now=NOW)
    assert move_of(StatusProposal.objects.get(pk=proposal.pk)) == move
    change = approve_proposal(proposal=proposal, approver=approver, now=NOW)
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.status, now.effective) == (end, "2026-10~")
    assert (change.actor, change.approver) == (editor, approver)
    assert (change.reason, change.reason_code) == (move.reason, ReasonCode.FUNDING)
    assert (change.missing, change.explicit_refusal) == (move.missing, move.explicit_refusal)
    assert set(change.citations.all()) == set(move.citations)
    decided = StatusProposal.objects.get(pk=proposal.pk)
    assert (decided.state, decided.decided_by, decided.decided_at) == (
        ProposalState.APPROVED,
        approver,
        NOW,
    )
    row = Revision.objects.latest("number")
    assert (row.actor, row.approver, row.kind) == (editor, approver, "status_changed")


def test_nobody_approves_their_own_proposal(approver: User) -> None:
    proposal = propose(make_commitment(), approver)
    error = refusal(proposal, approver)
    assert isinstance(error, NotAllowed)
    assert error.specific_code == "own_proposal"
    assert refusal(proposal, User.objects.get(pk=approver.pk)).specific_code == "own_proposal"


def test_an_administrator_does_not_approve_their_own_proposal_either(admin: User) -> None:
    assert refusal(propose(make_commitment(), admin), admin).specific_code == "own_proposal"


def test_own_proposal_stays_refused_where_the_desk_has_one_person(
    approver: User, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_PERSON = False
    assert refusal(propose(make_commitment(), approver), approver).specific_code == "own_proposal"


@pytest.mark.parametrize("who", ["editor", "nobody", "inactive", "inactive admin"])
def test_only_an_active_approver_approves(who: str, editor: User, nobody: User) -> None:
    proposal = propose(make_commitment(), make_approver())
    inactive = make_approver()
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    person = {
        "editor": editor,
        "nobody": nobody,
        "inactive": User.objects.get(pk=inactive.pk),
        "inactive admin": make_user(is_superuser=True, is_active=False),
    }[who]
    error = refusal(proposal, person)
    assert (error.specific_code, error.message) == (
        "not_allowed",
        "Only an approver may decide on a verdict.",
    )


def test_who_has_lost_the_permission_does_not_approve(editor: User, approver: User) -> None:
    proposal = propose(make_commitment(), editor)
    approver.user_permissions.clear()
    approver.groups.clear()
    lost = User.objects.get(pk=approver.pk)
    assert refusal(proposal, lost).specific_code == "not_allowed"


@pytest.mark.parametrize("leaving", ["permission", "active"])
@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_proposal_of_who_has_left_the_desk_is_decided_by_another(
    decision: str, leaving: str, editor: User, approver: User
) -> None:
    proposal = propose(make_commitment(), editor)
    if leaving == "active":
        User.objects.filter(pk=editor.pk).update(is_active=False)
    else:
        editor.user_permissions.clear()
        editor.groups.clear()
    if decision == "approve":
        # That they might propose was asked when they did; the approver answers for the move.
        change = approve_proposal(proposal=proposal, approver=approver, now=NOW)
        assert (change.actor, change.approver) == (editor, approver)
    else:
        reject_proposal(proposal=proposal, approver=approver, now=NOW, reason="Its editor left.")
        propose(proposal.commitment, make_editor())


@pytest.mark.parametrize("leaving", ["permission", "active"])
def test_a_proposer_who_has_left_the_desk_does_not_approve_it_either(
    leaving: str, approver: User
) -> None:
    proposal = propose(make_commitment(), approver)
    assert refusal(proposal, approver).specific_code == "own_proposal"
    if leaving == "active":
        User.objects.filter(pk=approver.pk).update(is_active=False)
    else:
        approver.user_permissions.clear()
        approver.groups.clear()
    assert refusal(proposal, User.objects.get(pk=approver.pk)).specific_code == "not_allowed"


def test_the_database_refuses_an_approval_by_the_proposer(approver: User) -> None:
    proposal = propose(make_commitment(), approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.APPROVED, decided_by=approver
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.APPROVED)
    commitment = proposal.commitment
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            commitment=commitment,
            from_status=commitment.status,
            to_status=Status.DELIVERED,
            since=date(2026, 11, 1),
            recorded_at=NOW,
            actor=approver,
            approver=approver,
            revision=commitment.revision + 1,
        )


def test_one_proposal_waits_at_a_time(editor: User) -> None:
    commitment = make_commitment()
    proposal = propose(commitment, editor)
    with pytest.raises(TransitionRefused) as caught:
        propose(commitment, make_editor())
    assert caught.value.specific_code == "proposal_waits"
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusProposal.objects.create(
            commitment=commitment,
            to_status=Status.WITHDRAWN,
            recorded_at=NOW,
            actor=editor,
        )
    take_back_proposal(proposal=proposal, actor=editor, now=NOW)
    assert propose(commitment, editor).state == ProposalState.WAITING


@pytest.mark.parametrize("first", ["approved", "rejected", "withdrawn"])
@pytest.mark.parametrize("second", ["approved", "rejected", "withdrawn"])
def test_a_proposal_is_decided_once(first: str, second: str, editor: User, approver: User) -> None:
    commitment = make_commitment()
    proposal = propose(commitment, editor)
    stale = StatusProposal.objects.get(pk=proposal.pk)

    def decide(how: str, given: StatusProposal) -> None:
        if how == "approved":
            approve_proposal(proposal=given, approver=approver, now=NOW)
        elif how == "rejected":
            reject_proposal(proposal=given, approver=approver, now=NOW, reason="No.")
        else:
            take_back_proposal(proposal=given, actor=editor, now=NOW)

    decide(first, proposal)
    before = whole_record()
    with pytest.raises(TransitionRefused) as caught:
        decide(second, stale)
    assert caught.value.specific_code == "already_decided"
    assert changed_tables(before) == set()
    assert StatusProposal.objects.get(pk=proposal.pk).state == first


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_rejection_has_its_reason(reason: str, editor: User, approver: User) -> None:
    proposal = propose(make_commitment(), editor)
    with pytest.raises(TransitionRefused) as caught:
        reject_proposal(proposal=proposal, approver=approver, now=NOW, reason=reason)
    assert (caught.value.specific_code, caught.value.field) == ("needs_reason", "reason")


@pytest.mark.parametrize("reason", ["a\x00b", "\ud83d", "\u202e.", "x" * 2001])
def test_a_rejection_with_unreadable_words_is_refused(
    reason: str, editor: User, approver: User
) -> None:
    proposal = propose(make_commitment(), editor)
    with pytest.raises(InvalidInput) as caught:
        reject_proposal(proposal=proposal, approver=approver, now=NOW, reason=reason)
    assert caught.value.field == "decision_reason"
    assert StatusProposal.objects.get(pk=proposal.pk).state == ProposalState.WAITING


def test_a_rejection_keeps_who_when_and_why_and_changes_nothing_else(
    editor: User, approver: User
) -> None:
    proposal = propose(make_commitment(), editor)
    before = whole_record()
    reject_proposal(proposal=proposal, approver=approver, now=NOW, reason="Too thin.")
    decided = StatusProposal.objects.get(pk=proposal.pk)
    assert (decided.state, decided.decided_by, decided.decided_at, decided.decision_reason) == (
        ProposalState.REJECTED,
        approver,
        NOW,
        "Too thin.",
    )
    assert changed_tables(before) == {"commitments_statusproposal"}


@pytest.mark.parametrize("who", ["editor", "nobody"])
def test_only_an_approver_rejects(who: str, editor: User, nobody: User) -> None:
    proposal = propose(make_commitment(), make_editor())
    person = {"editor": editor, "nobody": nobody}[who]
    with pytest.raises(NotAllowed):
        reject_proposal(proposal=proposal, approver=person, now=NOW, reason="No.")


def test_only_its_proposer_takes_a_proposal_back(editor: User, approver: User) -> None:
    proposal = propose(make_commitment(), editor)
    with pytest.raises(NotAllowed):
        take_back_proposal(proposal=proposal, actor=approver, now=NOW)
    taken = take_back_proposal(proposal=proposal, actor=editor, now=NOW)
    assert (taken.state, taken.decided_by) == (ProposalState.WITHDRAWN, editor)


# What happens between proposal and approval


def test_an_approval_checks_the_table_again(editor: User, approver: User) -> None:
    commitment = make_commitment()
    proposal = propose(commitment, editor)
    superseded = complete_move(commitment, Status.SUPERSEDED)
    change_status(commitment=commitment, move=superseded, actor=editor, now=NOW)
    assert refusal(proposal, approver).specific_code == "no_such_move"


def test_an_approval_checks_the_needs_again(editor: User, approver: User) -> None:
    commitment = make_commitment(window="2025")
    proposal = propose(commitment, editor, Status.NOT_DELIVERED)
    move_date(
        commitment=commitment,
        window=Window.parse("2027"),
        actor=editor,
        now=NOW,
        citations=[make_citation(commitment)],
    )
    assert refusal(proposal, approver).specific_code == "needs_last_day_passed"


def test_an_approval_checks_that_the_evidence_is_still_unused(editor: User, approver: User) -> None:
    partly = make_commitment_in(Status.PARTLY_DELIVERED)
    proposal = propose(partly, editor)
    [cited] = proposal.citations.all()
    reopened = complete_move(partly, Status.ANNOUNCED, citations=(cited,))
    change_status(commitment=partly, move=reopened, actor=approver, now=NOW)
    again = complete_move(partly, Status.PARTLY_DELIVERED)
    change_status(commitment=partly, move=again, actor=editor, approver=approver, now=NOW)
    assert refusal(proposal, approver).specific_code == "needs_new_evidence"


def test_what_a_proposal_rests_on_cannot_be_removed(editor: User) -> None:
    proposal = propose(make_commitment(), editor)
    with pytest.raises(InvalidInput):
        remove_citation(citation=proposal.citations.get(), actor=editor, now=NOW)


def test_an_approval_that_fails_leaves_the_proposal_waiting(
    editor: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(make_commitment(), editor)

    def fail(**_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("commitments.actions.status.log_change", fail)
    before = whole_record()
    with pytest.raises(RuntimeError, match="the disk is full"):
        approve_proposal(proposal=proposal, approver=approver, now=NOW)
    assert changed_tables(before) == set()


def test_a_proposal_of_something_that_may_not_be_is_refused_like_the_move(nobody: User) -> None:
    commitment = make_commitment()
    move = StatusMove(to_status=Status.DELIVERED, effective=Window.undated())
    with pytest.raises(NotAllowed):
        propose_status(commitment=commitment, move=move, actor=nobody, now=NOW)
