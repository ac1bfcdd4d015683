"""The queue of proposed verdicts: another person decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commitments.actions.status import propose_status
from commitments.enums import ProposalState, Status
from commitments.models import Commitment, StatusProposal, User
from tests.builders import NOW, complete_move, make_commitment
from tests.commitments.admin.pages import errors_in, messages_of

pytestmark = pytest.mark.django_db


def proposed(actor: User) -> StatusProposal:
    """A verdict that `actor` proposes for a commitment of 2025."""
    commitment = make_commitment(window="2025")
    move = complete_move(commitment, Status.DELIVERED)
    return propose_status(commitment=commitment, move=move, actor=actor, now=NOW)


def decide(desk: Client, proposal: StatusProposal, name: str, **fields: Any) -> Any:
    """Press a button of the proposal."""
    address = reverse(f"admin:commitments_statusproposal_{name}", args=[proposal.pk])
    revision = Commitment.objects.get(pk=proposal.commitment_id).revision
    return desk.post(address, {"expected_revision": revision, **fields}, follow=True)


def buttons_of(desk: Client, proposal: StatusProposal) -> list[str]:
    """The labels of the buttons on the page of the proposal."""
    address = reverse("admin:commitments_statusproposal_change", args=[proposal.pk])
    return [str(link.label) for link in desk.get(address).context["links"]]


def test_another_person_approves(approvers_desk: Client, editor: User, approver: User) -> None:
    proposal = proposed(editor)
    assert buttons_of(approvers_desk, proposal) == ["Approve", "Reject"]
    response = decide(approvers_desk, proposal, "approve")
    assert messages_of(response) == ["Approved: the status is “delivered” now."]
    change = proposal.commitment.status_changes.latest("id")
    assert (change.to_status, change.actor, change.approver) == ("delivered", editor, approver)
    assert buttons_of(approvers_desk, proposal) == []


def test_nobody_approves_their_own_proposal_whatever_the_address(
    approvers_desk: Client, approver: User
) -> None:
    proposal = proposed(approver)
    assert buttons_of(approvers_desk, proposal) == ["Take back"]
    response = decide(approvers_desk, proposal, "approve")
    assert response.status_code == 403
    assert errors_in(response) == {
        "": ["Nobody approves their own proposal: ask another approver."]
    }
    proposal.refresh_from_db()
    assert (proposal.state, proposal.commitment.status) == (ProposalState.WAITING, "announced")


@pytest.mark.parametrize("name", ["approve", "reject"])
def test_editor_decides_on_nothing(desk: Client, approver: User, name: str) -> None:
    proposal = proposed(approver)
    assert buttons_of(desk, proposal) == []
    assert decide(desk, proposal, name, reason="No.").status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


def test_rejection_needs_a_reason_for_the_proposer(approvers_desk: Client, editor: User) -> None:
    proposal = proposed(editor)
    response = decide(approvers_desk, proposal, "reject", reason="")
    assert errors_in(response) == {"reason": ["Say why, for the proposer."]}
    decide(approvers_desk, proposal, "reject", reason="The act is of another road.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == (
        ProposalState.REJECTED,
        "The act is of another road.",
    )


def test_proposer_takes_it_back_and_nobody_else(
    desk: Client, approvers_desk: Client, editor: User
) -> None:
    proposal = proposed(editor)
    assert decide(approvers_desk, proposal, "take-back").status_code == 403
    assert messages_of(decide(desk, proposal, "take-back")) == ["Taken back."]
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN


def test_decision_comes_too_late_where_it_was_decided_already(
    approvers_desk: Client, editor: User
) -> None:
    proposal = proposed(editor)
    decide(approvers_desk, proposal, "reject", reason="No.")
    response = decide(approvers_desk, proposal, "approve")
    assert errors_in(response) == {"": ["This proposal was decided already: rejected."]}


def test_queue_shows_what_waits(approvers_desk: Client, editor: User) -> None:
    proposal, other = proposed(editor), proposed(editor)
    decide(approvers_desk, other, "reject", reason="No.")
    listed = reverse("admin:commitments_statusproposal_changelist")
    page = approvers_desk.get(f"{listed}?state__exact=waiting")
    assert list(page.context["cl"].result_list) == [proposal]


def test_nobody_enters_or_rewrites_a_proposal(administrators_desk: Client, editor: User) -> None:
    proposal = proposed(editor)
    page = reverse("admin:commitments_statusproposal_change", args=[proposal.pk])
    assert administrators_desk.get(page).status_code == 200
    assert administrators_desk.post(page, {"state": "approved"}).status_code == 403
    add = reverse("admin:commitments_statusproposal_add")
    assert administrators_desk.get(add).status_code == 403
