"""Many proposed verdicts are agreed to at once, each by the rules of the single button."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.actions.status import propose_status
from commitments.enums import ProposalState, Status
from commitments.models import Revision, StatusProposal, User
from tests.builders import NOW, complete_move, make_commitment, make_editor
from tests.commitments.admin.pages import messages_of

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:commitments_statusproposal_changelist")
SEND = reverse("admin:commitments_statusproposal_bulk")


def proposed(*, by: User | None = None) -> StatusProposal:
    """A verdict that waits."""
    commitment = make_commitment(window="2025")
    move = complete_move(commitment, Status.DELIVERED, reason="It is open.")
    return propose_status(commitment=commitment, move=move, actor=by or make_editor(), now=NOW)


def keys_of(*proposals: StatusProposal) -> str:
    return ",".join(str(proposal.pk) for proposal in proposals)


def test_approver_reads_the_chosen_and_agrees_to_all(
    approvers_desk: Client, approver: User
) -> None:
    waiting = [proposed(), proposed()]
    chosen = {"action": "approve", "_selected_action": [one.pk for one in waiting]}
    page = approvers_desk.post(QUEUE, chosen)
    assert page.content.decode().count("It is open.") == 2
    assert page.context["form"].initial == {"rows": keys_of(*waiting)}
    before = Revision.objects.count()
    done = approvers_desk.post(SEND, {"rows": keys_of(*waiting)}, follow=True)
    assert messages_of(done) == ["2 verdicts approved."]
    found = StatusProposal.objects.values_list("state", "decided_by", "commitment__status")
    assert set(found) == {(ProposalState.APPROVED, approver.pk, Status.DELIVERED)}
    assert Revision.objects.count() == before + 2


def test_one_refused_and_none_is_approved(approvers_desk: Client, approver: User) -> None:
    waiting = [proposed(), proposed(by=approver)]
    before = Revision.objects.count()
    page = approvers_desk.post(SEND, {"rows": keys_of(*waiting)})
    assert messages_of(page) == ["Nothing was changed: 1 of 2 were refused."]
    assert [bool(row.refusal) for row in page.context["chosen"]] == [False, True]
    assert "Nobody approves their own proposal" in page.content.decode()
    assert set(StatusProposal.objects.values_list("state", flat=True)) == {ProposalState.WAITING}
    assert Revision.objects.count() == before


def test_editors_are_neither_offered_nor_allowed_it(desk: Client) -> None:
    waiting = proposed()
    assert 'value="approve"' not in desk.get(QUEUE).content.decode()
    assert desk.post(SEND, {"rows": keys_of(waiting)}).status_code == 403


@pytest.mark.parametrize("rows", ["", "1;2", "x"])
def test_rows_that_are_none_are_nowhere(approvers_desk: Client, rows: str) -> None:
    assert approvers_desk.post(SEND, {"rows": rows}).status_code == 404


def test_page_asks_as_many_questions_for_three_as_for_one(approvers_desk: Client) -> None:
    def queries(*waiting: StatusProposal) -> int:
        chosen = {"action": "approve", "_selected_action": [one.pk for one in waiting]}
        with CaptureQueriesContext(connection) as captured:
            approvers_desk.post(QUEUE, chosen)
        return len(captured)

    one = proposed()
    assert queries(one) == queries(one, proposed(), proposed())
