"""Moving a status: at once, or by two people; what is missing is told field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from commitments.enums import CitationRole, ProposalState, Status
from commitments.models import Commitment, StatusChange, StatusProposal
from commitments.public_ids import public_id_of
from tests.builders import (
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
    make_editor,
    make_user,
)
from tests.commitments.api.callers import (
    Caller,
    approver,
    calls_for,
    draft,
    editor,
    head,
    path_of,
    pointers,
    problem,
    tag,
)

pytestmark = pytest.mark.django_db


def verdict(**fields: Any) -> dict[str, Any]:
    """A move to delivered that leaves no need open."""
    document = make_document()
    cited = [{"source": document.public_id, "role": "reports"}]
    given = {"to_status": "delivered", "effective": "2026-11-01", "new_citations": cited}
    return {**given, **fields}


def proposed(calls: Caller, made: Commitment) -> str:
    """The address of a verdict that `calls` has just proposed."""
    answer = calls.post(path_of(made, "status-changes/"), verdict(), if_match=tag(made))
    assert answer.status_code == 202, answer.json()
    return str(answer["Location"])


def test_a_move_that_takes_one_person_is_made_at_once() -> None:
    made = make_commitment()
    citation = make_citation(made, role=CitationRole.REPORTS)
    answer = editor().post(
        path_of(made, "status-changes/"),
        {
            "to_status": "in_progress",
            "effective": {"text": "last month", "said_on": "2026-11-24"},
            "reason": "Work has begun.",
            "citations": [public_id_of(citation.pk)],
        },
        if_match=tag(made),
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"]["value"], told["status"]["effective"]["edtf"]) == (
        "in_progress",
        "2026-10",
    )
    change = told["status_changes"][-1]
    assert (change["to_status"], change["reason"], change["sources"], change["by_two"]) == (
        "in_progress",
        "Work has begun.",
        [citation.source.public_id],
        False,
    )


def test_a_verdict_is_proposed_and_waits_for_a_second_person() -> None:
    calls = editor()
    made = make_commitment(window="2025")
    answer = calls.post(path_of(made, "status-changes/"), verdict(), if_match=tag(made))
    assert (answer.status_code, answer.json()["status"]["value"]) == (202, "announced")
    where = f"{settings.SITE_URL}/api/v1/{path_of(made, 'proposals/1/')}"
    assert answer["Location"] == where
    told = calls.get(where).json()
    cited = [one["id"] for one in answer.json()["citations"] if one["role"] == "reports"]
    assert told == {
        "number": 1,
        "url": where,
        "state": "waiting",
        "from_status": "announced",
        "to_status": "delivered",
        "effective": {
            "edtf": "2026-11-01",
            "earliest": "2026-11-01",
            "latest": "2026-11-01",
            "words": "1 November 2026",
        },
        "reason": "",
        "reason_code": None,
        "missing": "",
        "explicit_refusal": False,
        "successor": None,
        "citations": cited,
        "yours": True,
        "recorded_at": "2026-11-24T09:00:00Z",
        "decided_at": None,
        "decision_reason": "",
    }
    assert approver().get(where).json()["yours"] is False


def test_a_second_person_agrees() -> None:
    calls, decides = editor(), approver()
    made = make_commitment(window="2025")
    where = proposed(calls, made)
    answer = decides.post(f"{where}approve/", if_match=tag(made))
    assert (answer.status_code, answer.json()["status"]["value"]) == (200, "delivered")
    assert answer.json()["status_changes"][-1]["by_two"] is True
    assert decides.get(where).json()["state"] == "approved"
    problem(decides.post(f"{where}approve/", if_match=answer["ETag"]), 409, "already_decided")


def test_nobody_agrees_to_what_they_have_proposed() -> None:
    calls = approver()
    made = make_commitment(window="2025")
    where = proposed(calls, made)
    before = head()
    problem(calls.post(f"{where}approve/", if_match=tag(made)), 403, "own_proposal")
    assert (head(), StatusProposal.objects.get().state) == (before, ProposalState.WAITING)


def test_a_second_person_refuses_with_a_reason() -> None:
    calls, decides = editor(), approver()
    made = make_commitment(window="2025")
    where = proposed(calls, made)
    for body, code in (({}, "required"), ({"reason": " "}, "blank")):
        told = problem(
            decides.post(f"{where}reject/", body, if_match=tag(made)), 400, "invalid_input"
        )
        assert pointers(told) == {"#/reason": code}
    answer = decides.post(f"{where}reject/", {"reason": "Not shown."}, if_match=tag(made))
    assert (answer.status_code, answer.json()["status"]["value"]) == (200, "announced")
    told = calls.get(where).json()
    assert (told["state"], told["decision_reason"]) == ("rejected", "Not shown.")


def test_only_its_proposer_takes_it_back() -> None:
    calls, other = editor(), editor()
    made = make_commitment(window="2025")
    where = proposed(calls, made)
    problem(other.post(f"{where}take-back/", if_match=tag(made)), 403, "not_allowed")
    answer = calls.post(f"{where}take-back/", if_match=tag(made))
    assert (answer.status_code, calls.get(where).json()["state"]) == (200, "withdrawn")
    assert proposed(calls, made).endswith("/proposals/2/")
    listed = calls.get(path_of(made, "proposals/")).json()["results"]
    assert [(one["number"], one["state"]) for one in listed] == [(2, "waiting"), (1, "withdrawn")]


def test_one_proposal_waits_at_a_time() -> None:
    calls = editor()
    made = make_commitment(window="2025")
    proposed(calls, made)
    before = made.citations.count()
    answer = calls.post(path_of(made, "status-changes/"), verdict(), if_match=tag(made))
    problem(answer, 409, "proposal_waits")
    assert made.citations.count() == before


def test_everything_that_is_missing_is_told_at_once() -> None:
    made = make_commitment(window="2027")
    calls, before = editor(), head()
    told = problem(
        calls.post(
            path_of(made, "status-changes/"), {"to_status": "partly_delivered"}, if_match=tag(made)
        ),
        409,
        "needs_documented_evidence",
    )
    assert pointers(told) == {
        "#/citations": "needs_documented_evidence",
        "#/missing": "needs_missing_part",
        "#/effective": "needs_effective",
    }
    assert head() == before


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({}, 400, {"#/to_status": "required"}),
        ({"to_status": "overdue"}, 400, {"#/to_status": "invalid_choice"}),
        ({"to_status": "announced"}, 409, {"#/to_status": "no_such_move"}),
        (
            {"to_status": "stalled"},
            409,
            {"#/citations": "needs_evidence", "#/reason_code": "needs_reason_code"},
        ),
        (
            {"to_status": "stalled", "reason_code": "weather"},
            400,
            {"#/reason_code": "invalid_choice"},
        ),
        ({"to_status": "superseded"}, 409, {"#/successor": "needs_successor"}),
        (
            {"to_status": "superseded", "successor": "zzzzzzzz"},
            400,
            {"#/successor": "unknown_reference"},
        ),
        ({"to_status": "withdrawn"}, 409, {"#/citations": "needs_withdrawal_source"}),
        ({"to_status": "unverifiable"}, 409, {"#/reason": "needs_reason"}),
        (
            {"to_status": "not_delivered", "reason_code": "legal"},
            409,
            {"#/explicit_refusal": "needs_last_day_passed"},
        ),
        ({"to_status": "in_progress", "effective": "x"}, 400, {"#/effective": "phrase_unknown"}),
        (
            {"to_status": "in_progress", "effective": "2030"},
            409,
            {"#/citations": "needs_evidence", "#/effective": "effective_in_future"},
        ),
        ({"to_status": "in_progress", "approver": "me"}, 400, {"#/approver": "unknown_field"}),
    ],
)
def test_a_bad_move_writes_nothing(
    body: dict[str, Any], status: int, where: dict[str, str]
) -> None:
    made = make_commitment(window="2027")
    calls, before = editor(), head()
    answer = calls.post(path_of(made, "status-changes/"), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (status, where)
    assert (head(), StatusProposal.objects.count()) == (before, 0)


def test_a_verdict_is_reopened_by_an_approver_with_the_scope_for_it() -> None:
    made = make_commitment_in(Status.DELIVERED)
    cited = [{"source": make_document(date(2026, 11, 20)).public_id, "role": "reports"}]
    body = {"to_status": "in_progress", "reason": "It was closed again.", "new_citations": cited}
    path = path_of(made, "status-changes/")
    problem(editor().post(path, body, if_match=tag(made)), 403, "not_allowed")
    writes = calls_for(make_approver(), scopes=["read", "write"])
    before = head()
    problem(writes.post(path, body, if_match=tag(made)), 403, "scope_missing")
    assert head() == before
    answer = approver().post(path, body, if_match=tag(made))
    assert (answer.status_code, answer.json()["status"]["value"]) == (201, "in_progress")


def test_a_desk_of_one_decides_alone(settings: Any) -> None:
    settings.REQUIRE_SECOND_PERSON = False
    made, other = make_commitment(window="2025"), make_commitment(window="2025")
    path = path_of(made, "status-changes/")
    writes = calls_for(make_approver(), scopes=["read", "write"])
    problem(writes.post(path, verdict(), if_match=tag(made)), 403, "scope_missing")
    answer = approver().post(path, verdict(), if_match=tag(made))
    assert (answer.status_code, answer.json()["status"]["value"]) == (201, "delivered")
    # An editor has no right to decide, so the verdict still waits.
    answer = editor().post(path_of(other, "status-changes/"), verdict(), if_match=tag(other))
    assert answer.status_code == 202


def test_a_dry_run_of_a_verdict_proposes_nothing() -> None:
    made = make_commitment(window="2025")
    calls, before = editor(), head()
    path = path_of(made, "status-changes/?dry_run=true")
    answer = calls.post(path, verdict(), if_match=tag(made))
    assert (answer.status_code, StatusProposal.objects.count()) == (202, 0)
    assert head() == before + 1  # the document that `verdict` has made
    assert StatusChange.objects.filter(commitment=made).count() == 1


# Who sees what is proposed


def test_proposals_are_for_the_desk() -> None:
    made, hidden = make_commitment(window="2025"), draft(window="2025")
    where = proposed(editor(), made)
    secret = proposed(editor(), hidden)
    for path in (where, path_of(made, "proposals/")):
        problem(Caller().get(path), 401, "not_authenticated")
        problem(calls_for(make_user()).get(path), 403, "not_allowed")
        problem(calls_for(make_editor(), scopes=["write"]).get(path), 403, "scope_missing")
        assert editor().get(path).status_code == 200
    for path in (secret, path_of(hidden, "proposals/"), "commitments/zzzzzzzz/proposals/"):
        problem(Caller().get(path), 404, "not_found")
        problem(calls_for(make_user()).get(path), 404, "not_found")


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999999"])
def test_a_proposal_that_is_not_there_is_not_found(number: str) -> None:
    calls = approver()
    made = make_commitment(window="2025")
    proposed(editor(), made)
    problem(calls.get(path_of(made, f"proposals/{number}/")), 404, "not_found")
    for rest in ("approve/", "reject/", "take-back/"):
        body = {"reason": "No."} if rest == "reject/" else None
        path = path_of(made, f"proposals/{number}/{rest}")
        problem(calls.post(path, body, if_match=tag(made)), 404, "not_found")
