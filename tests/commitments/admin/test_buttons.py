"""The buttons of a commitment: each right, wrong, forbidden; stale is in test_two_editors.py."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from commitments.enums import (
    CitationRole,
    DateMoveKind,
    ProposalState,
    Publication,
    SourceKind,
    Status,
)
from commitments.forms.moves import FIELDS_OF_NEED
from commitments.models import Commitment, Revision, StatusProposal, Target, User
from commitments.transitions import Need
from tests.builders import (
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
    make_source,
)
from tests.commitments.admin.pages import commitment_url, errors_in, messages_of, press

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def now_of(commitment: Commitment) -> Commitment:
    """The row as it is now."""
    return Commitment.objects.get(pk=commitment.pk)


def buttons_on_page(desk: Client, commitment: Commitment) -> list[str]:
    """The last parts of the addresses of the buttons that the page offers."""
    cards = desk.get(commitment_url(commitment)).context["cards"]
    return [button.url.rstrip("/").rpartition("/")[2] for card in cards for button in card.buttons]


# Publication


def test_editor_sends_a_draft_to_review_and_an_approver_publishes_it(
    desk: Client, approvers_desk: Client, editor: User, approver: User
) -> None:
    commitment = make_commitment(published=False)
    assert messages_of(press(desk, commitment, "review")) == ["Sent to review."]
    assert now_of(commitment).publication == Publication.IN_REVIEW
    assert messages_of(press(approvers_desk, commitment, "publish")) == ["Published."]
    assert now_of(commitment).publication == Publication.PUBLISHED
    rows = Revision.objects.filter(commitment=commitment).order_by("-number")[:2]
    assert [row.actor for row in rows] == [approver, editor]


def test_editor_cannot_publish_whatever_the_address(desk: Client) -> None:
    commitment = make_commitment(published=False)
    assert "publish" not in buttons_on_page(desk, commitment)
    assert desk.get(commitment_url(commitment, "publish")).status_code == 403
    assert press(desk, commitment, "publish").status_code == 403
    assert now_of(commitment).publication == Publication.DRAFT


def test_publishing_says_what_is_missing_before_and_after_the_click(
    approvers_desk: Client,
) -> None:
    commitment = make_commitment(published=False, parties=[])
    sentence = "Name who promised it, then publish."
    page = approvers_desk.get(commitment_url(commitment, "publish"))
    assert list(page.context["needs"]) == [sentence]
    response = press(approvers_desk, commitment, "publish")
    assert errors_in(response) == {"": [sentence]}
    assert now_of(commitment).publication == Publication.DRAFT


def test_retraction_needs_a_reason_and_deletes_nothing(approvers_desk: Client) -> None:
    commitment = make_commitment()
    response = press(approvers_desk, commitment, "retract", reason=" ")
    assert errors_in(response) == {"reason": ["Say why it is taken back."]}
    press(approvers_desk, commitment, "retract", reason="Entered twice.")
    assert now_of(commitment).publication == Publication.RETRACTED
    assert buttons_on_page(approvers_desk, commitment)[0] == "publish"


@pytest.mark.parametrize(("published", "status_code"), [(True, 403), (False, 200)])
def test_editor_takes_back_only_what_was_never_published(
    desk: Client, published: bool, status_code: int
) -> None:
    commitment = make_commitment(published=published)
    assert ("retract" in buttons_on_page(desk, commitment)) is not published
    assert press(desk, commitment, "retract", reason="Wrong.").status_code == status_code
    assert (now_of(commitment).publication == Publication.RETRACTED) is not published


# Dates


def test_date_moves_with_a_source_that_is_added_on_the_spot(desk: Client) -> None:
    commitment = make_commitment(window="2025", wording="next year")
    source = make_source(date=datetime.date(2025, 12, 1), text="It will be next spring.")
    response = press(
        desk,
        commitment,
        "date",
        window="next spring",
        wording="next spring",
        effective="2025-12-01",
        new_source=source.pk,
        new_role="moves",
        new_quote="next spring",
    )
    moved, move = now_of(commitment), commitment.date_moves.get()
    assert (moved.window, moved.wording) == ("2026-21", "next spring")
    assert (move.kind, move.slip_days, move.effective) == (DateMoveKind.SLIPPED, 151, "2025-12-01")
    assert move.citations.get().source == source
    (told,) = messages_of(response)
    assert told == (
        "Slipped. Understood as spring 2026 (2026-21): from 1 March 2026 to 31 May 2026, "
        "overdue from 1 June 2026 (UTC)."
    )


@pytest.mark.parametrize(
    ("fields", "field", "beginning"),
    [
        ({"window": "2027"}, "citations", "Cite the source that moves the date"),
        ({"window": "2027", "is_correction": "on"}, "reason", "Say what was entered wrongly."),
        ({"window": "2025", "is_correction": "on", "reason": "x"}, "window", "This is the date"),
        ({"window": "twenty"}, "window", "twenty is not understood"),
        ({"window": "2027", "effective": "when?"}, "effective", "when? is not understood"),
    ],
)
def test_wrong_date_move_is_said_beside_its_field(
    desk: Client, fields: dict[str, str], field: str, beginning: str
) -> None:
    commitment = make_commitment(window="2025")
    errors = errors_in(press(desk, commitment, "date", **fields))
    assert list(errors) == [field]
    assert errors[field][0].startswith(beginning)
    assert now_of(commitment).revision == commitment.revision


def test_refused_move_does_not_keep_the_citation_that_came_with_it(desk: Client) -> None:
    commitment = make_commitment(window="2025")
    sent = {"window": "2025", "new_source": make_source().pk, "new_role": "moves"}
    assert list(errors_in(press(desk, commitment, "date", **sent))) == ["window"]
    assert commitment.citations.count() == 1


def test_no_date_moves_after_the_verdict(desk: Client) -> None:
    commitment = make_commitment_in(Status.DELIVERED)
    assert "date" not in buttons_on_page(desk, commitment)
    sent = {"window": "2027", "citations": [commitment.citations.all()[0].pk]}
    response = press(desk, commitment, "date", **sent)
    assert errors_in(response) == {"": ["It has its verdict: reopen it before its date is moved."]}


# Status


def test_every_need_has_its_fields() -> None:
    assert set(FIELDS_OF_NEED) == set(Need)


def test_only_the_moves_of_the_table_are_offered_with_what_they_need(
    desk: Client, approvers_desk: Client
) -> None:
    commitment = make_commitment()
    choices = desk.get(commitment_url(commitment, "status")).context["choices"]
    offered = {choice.button.to_status: choice.is_proposed for choice in choices}
    assert offered == {
        Status.IN_PROGRESS: False,
        Status.STALLED: False,
        Status.DELIVERED: True,
        Status.PARTLY_DELIVERED: True,
        Status.NOT_DELIVERED: True,
        Status.WITHDRAWN: True,
        Status.SUPERSEDED: False,
        Status.UNVERIFIABLE: True,
    }
    assert list(map(str, choices[1].needs)) == [
        "Cite a source that reports or confirms it.",
        "Choose the kind of reason; “unknown” is an honest answer.",
    ]
    done = make_commitment_in(Status.DELIVERED)
    assert desk.get(commitment_url(done, "status")).context["choices"] == []
    reopening = approvers_desk.get(commitment_url(done, "status")).context["choices"]
    assert [choice.button.to_status for choice in reopening] == ["announced", "in_progress"]


@pytest.mark.parametrize(
    ("to_status", "fields"),
    [
        ("in_progress", set()),
        ("stalled", {"reason_code"}),
        ("partly_delivered", {"missing"}),
        ("not_delivered", {"reason_code", "explicit_refusal"}),
    ],
)
def test_page_of_a_move_has_the_fields_that_it_needs(
    desk: Client, to_status: str, fields: set[str]
) -> None:
    page = desk.get(commitment_url(make_commitment(), f"status-{to_status}"))
    citing = {"citations", "new_source", "new_role", "new_quote", "new_locator"}
    always = {"expected_revision", "effective", "reason"}
    assert set(page.context["form"].fields) == always | citing | fields


def test_move_without_evidence_has_no_fields_for_it(desk: Client) -> None:
    commitment = make_commitment()
    page = desk.get(commitment_url(commitment, "status-unverifiable"))
    assert set(page.context["form"].fields) == {"expected_revision", "effective", "reason"}
    page = desk.get(commitment_url(commitment, "status-superseded"))
    assert set(page.context["form"].fields) == {
        "expected_revision",
        "effective",
        "reason",
        "successor",
    }


def test_editor_makes_a_move_that_needs_no_second_person(desk: Client, editor: User) -> None:
    commitment = make_commitment()
    citation = make_citation(commitment)
    sent = {"effective": "March 2026", "citations": [citation.pk]}
    response = press(desk, commitment, "status-in_progress", **sent)
    assert messages_of(response) == ["The status is “in progress” now."]
    change = commitment.status_changes.latest("id")
    assert (change.to_status, change.effective) == (Status.IN_PROGRESS, "2026-03")
    assert (change.actor, change.approver) == (editor, None)


def test_everything_that_a_move_still_needs_is_said_beside_its_field(desk: Client) -> None:
    commitment = make_commitment()
    errors = errors_in(press(desk, commitment, "status-partly_delivered"))
    assert set(errors) == {"citations", "missing", "effective"}
    assert errors["missing"] == ["Say what is missing."]
    assert not StatusProposal.objects.exists()


def test_successor_takes_its_place(desk: Client) -> None:
    commitment, successor = make_commitment(), make_commitment()
    press(desk, commitment, "status-superseded", successor=successor.pk)
    assert (now_of(commitment).status, now_of(commitment).successor) == ("superseded", successor)


def test_verdict_is_proposed_and_shown_as_waiting(desk: Client, editor: User) -> None:
    commitment = make_commitment(window="2025")
    sent = {"effective": "2026-05", "new_source": make_document().pk, "new_role": "reports"}
    response = press(desk, commitment, "status-delivered", **sent)
    proposal = StatusProposal.objects.get()
    assert messages_of(response) == ["Proposed: another person decides on it."]
    assert (proposal.actor, proposal.state) == (editor, ProposalState.WAITING)
    assert response.context["waiting"] == proposal
    assert now_of(commitment).status == Status.ANNOUNCED


def test_second_proposal_waits_for_the_first(desk: Client) -> None:
    commitment = make_commitment(window="2025")
    sent = {"effective": "2026-05", "citations": [make_citation(commitment, make_document()).pk]}
    press(desk, commitment, "status-delivered", **sent)
    response = press(desk, commitment, "status-delivered", **sent)
    assert errors_in(response) == {
        "": ["A proposal waits for this commitment; decide on it first."]
    }
    assert StatusProposal.objects.count() == 1


def test_desk_of_one_changes_a_verdict_directly(
    approvers_desk: Client, settings: LazySettings
) -> None:
    settings.REQUIRE_SECOND_PERSON = False
    commitment = make_commitment(window="2025")
    sent = {"effective": "2026-05", "citations": [make_citation(commitment, make_document()).pk]}
    press(approvers_desk, commitment, "status-delivered", **sent)
    assert now_of(commitment).status == Status.DELIVERED


def test_page_that_stood_open_while_the_status_moved_on_is_refused(desk: Client) -> None:
    commitment = make_commitment_in(Status.DELIVERED)
    sent = {"citations": [commitment.citations.all()[0].pk]}
    response = press(desk, commitment, "status-stalled", **sent)
    assert errors_in(response) == {"": ["From “delivered” there is no move to “stalled”."]}


def test_editor_cannot_reopen_whatever_the_address(desk: Client) -> None:
    commitment = make_commitment_in(Status.DELIVERED)
    citation = make_citation(commitment)
    sent = {"reason": "It was a mistake.", "citations": [citation.pk]}
    response = press(desk, commitment, "status-announced", **sent)
    assert response.status_code == 403
    assert now_of(commitment).status == Status.DELIVERED


# Evidence and values


def test_look_for_evidence_is_noted(desk: Client) -> None:
    commitment = make_commitment()
    press(desk, commitment, "evidence", day="2026-11-20", reason="Searched the ministry's site.")
    assert now_of(commitment).evidence_checked_on == datetime.date(2026, 11, 20)
    response = press(desk, commitment, "evidence", day="2999-01-01")
    assert errors_in(response) == {"day": ["This day is still to come."]}


def test_value_of_a_target_is_reported(desk: Client) -> None:
    commitment = make_commitment()
    assert "value" not in buttons_on_page(desk, commitment)
    target = Target.objects.create(
        commitment=commitment, measure="trade", unit="USD", goal=30, comparison="more_than"
    )
    assert "value" in buttons_on_page(desk, commitment)
    sent: dict[str, Any] = {
        "value": "28.1",
        "period": "first half of 2025",
        "source": make_source(kind=SourceKind.DATASET).pk,
        "locator": "table 1",
    }
    response = press(desk, commitment, "value", **{**sent, "period": "some time"})
    assert list(errors_in(response)) == ["period"]
    press(desk, commitment, "value", **sent)
    value = target.values.get()
    assert (str(value.value.normalize()), value.period) == ("28.1", "2025-40")
    assert now_of(commitment).status == Status.ANNOUNCED


# All of them


@pytest.mark.parametrize(
    "name",
    ["review", "publish", "retract", "date", "evidence", "value", "status", "status-delivered"],
)
def test_looking_at_a_page_changes_nothing(approvers_desk: Client, name: str) -> None:
    commitment = make_commitment(published=False, window="2025")
    before = Revision.objects.count()
    assert approvers_desk.get(commitment_url(commitment, name)).status_code == 200
    assert Revision.objects.count() == before


def test_button_needs_a_token_of_the_page(approver: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(approver)
    commitment = make_commitment(published=False)
    sent = {"expected_revision": commitment.revision}
    assert strict.post(commitment_url(commitment, "publish"), sent).status_code == 403
    assert now_of(commitment).publication == Publication.DRAFT


def test_citations_are_offered_with_what_they_show(desk: Client) -> None:
    commitment = make_commitment(source=make_source(title="Talks"))
    make_citation(commitment, make_document(title="Act"), role=CitationRole.REPORTS, locator="p. 3")
    page = desk.get(commitment_url(commitment, "status-in_progress"))
    labels = [label for _value, label in page.context["form"]["citations"].field.choices]
    assert labels == [
        "Talks (Nov. 27, 2024) — announces",
        "Act (Nov. 1, 2026), p. 3 — reports progress, documented",
    ]
