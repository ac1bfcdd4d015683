"""The buttons that tie commitments together, to an event, or take something back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commitments.actions.targets import report_value, set_target
from commitments.enums import ChangeKind, Kind, Publication, Status
from commitments.models import Commitment, Revision, Target, User
from commitments.window import Window
from tests.builders import NOW, make_citation, make_commitment, make_commitment_in, make_source
from tests.commitments.admin.pages import commitment_url, errors_in, messages_of, press

pytestmark = pytest.mark.django_db


def now_of(commitment: Commitment) -> Commitment:
    return Commitment.objects.get(pk=commitment.pk)


def last_row(commitment: Commitment) -> Revision:
    return Revision.objects.filter(commitment=commitment).latest("number")


def offered(desk: Client, commitment: Commitment) -> set[str]:
    """The last parts of the addresses of the buttons on its page."""
    cards = desk.get(commitment_url(commitment)).context["cards"]
    return {one.url.rstrip("/").rpartition("/")[2] for card in cards for one in card.buttons}


def needs(desk: Client, commitment: Commitment, name: str) -> list[str]:
    return [str(one) for one in desk.get(commitment_url(commitment, name)).context["needs"]]


# Back to draft


def test_review_ends_with_what_is_still_to_be_done(desk: Client, editor: User) -> None:
    commitment = make_commitment(published=False)
    assert "to-draft" not in offered(desk, commitment)
    press(desk, commitment, "review")
    assert "to-draft" in offered(desk, commitment)
    assert needs(desk, commitment, "to-draft") == ["What is still to be done."]
    refused = press(desk, commitment, "to-draft", reason=" ")
    assert errors_in(refused) == {"reason": ["Say what is still to be done."]}
    done = press(desk, commitment, "to-draft", reason="The quote is missing.")
    assert messages_of(done) == ["It is a draft again."]
    row = last_row(commitment)
    assert now_of(commitment).publication == Publication.DRAFT
    assert (row.kind, row.actor, row.reason) == (
        ChangeKind.CORRECTED,
        editor,
        "The quote is missing.",
    )
    assert row.changes == {"publication": ["in_review", "draft"]}
    press(desk, commitment, "review")
    assert now_of(commitment).publication == Publication.IN_REVIEW


@pytest.mark.parametrize("published", [True, False])
def test_only_what_is_in_review_goes_back(desk: Client, published: bool) -> None:
    commitment = make_commitment(published=published)
    response = press(desk, commitment, "to-draft", reason="Why not.")
    state = commitment.get_publication_display()
    assert errors_in(response) == {"": [f"Not possible while it is “{state}”."]}


# Counting from an event


def test_date_counts_from_a_source_and_then_from_a_commitment(desk: Client) -> None:
    commitment, signing = make_commitment(window="2030"), make_commitment(window="2026-03-01")
    source = make_source(date=datetime.date(2026, 1, 10))
    distance = {"anchor_amount": "40", "anchor_unit": "day"}
    done = press(desk, commitment, "anchor", anchor_source=source.pk, **distance)
    moved = now_of(commitment)
    assert (moved.earliest, moved.latest, moved.anchor_source) == (
        datetime.date(2026, 1, 10),
        datetime.date(2026, 2, 19),
        source,
    )
    assert "overdue from 20 February 2026" in messages_of(done)[0]
    page = desk.get(commitment_url(commitment, "anchor"))
    assert page.context["form"].initial["anchor_amount"] == 40
    assert f"So far it counts from “{source}”." in needs(desk, commitment, "anchor")
    press(desk, commitment, "anchor", anchor_commitment=signing.pk, anchor_source="", **distance)
    moved = now_of(commitment)
    assert (moved.latest, moved.anchor_commitment) == (datetime.date(2026, 4, 10), signing)
    assert moved.anchor_source is None


@pytest.mark.parametrize("both", [True, False])
def test_date_counts_from_one_thing(desk: Client, both: bool) -> None:
    commitment, other = make_commitment(window="2030"), make_commitment()
    chosen = {"anchor_source": make_source().pk, "anchor_commitment": other.pk} if both else {}
    response = press(desk, commitment, "anchor", anchor_amount="1", anchor_unit="week", **chosen)
    sentence = "Choose what it counts from: a commitment or a source, one of them."
    assert errors_in(response) == {"anchor_commitment": [sentence]}
    assert now_of(commitment).window == "2030"


def test_date_that_would_count_from_itself_is_refused(desk: Client) -> None:
    commitment = make_commitment(window="2030")
    response = press(
        desk,
        commitment,
        "anchor",
        anchor_amount="1",
        anchor_unit="week",
        anchor_commitment=commitment.pk,
    )
    assert response.status_code == 200
    assert list(errors_in(response)) == ["anchor_commitment"]
    assert now_of(commitment).anchor_commitment is None


def test_after_the_verdict_no_date_is_anchored(desk: Client) -> None:
    assert "anchor" not in offered(desk, make_commitment_in(Status.DELIVERED))


# Merging and splitting


def test_approver_merges_a_duplicate(approvers_desk: Client, desk: Client) -> None:
    duplicate, kept = make_commitment(title="A bridge"), make_commitment(title="The bridge")
    assert "merge" not in offered(desk, duplicate)
    done = press(approvers_desk, duplicate, "merge", kept=kept.pk, reason="The same bridge.")
    assert messages_of(done) == ["Merged into “The bridge”."]
    merged = now_of(duplicate)
    assert (merged.duplicate_of, merged.publication) == (kept, Publication.RETRACTED)
    assert "merge" not in offered(approvers_desk, duplicate)


@pytest.mark.parametrize(
    ("which", "reason", "field", "sentence"),
    [
        ("itself", "Same.", "kept", "Choose another commitment: this is the same one."),
        ("other", " ", "reason", "Say why they are the same."),
        ("none", "Same.", "kept", "This field is required."),
    ],
)
def test_merge_says_what_is_missing(
    approvers_desk: Client, which: str, reason: str, field: str, sentence: str
) -> None:
    duplicate, other = make_commitment(), make_commitment()
    kept = {"itself": duplicate.pk, "other": other.pk, "none": ""}[which]
    response = press(approvers_desk, duplicate, "merge", kept=kept, reason=reason)
    assert errors_in(response) == {field: [sentence]}
    assert now_of(duplicate).publication == Publication.PUBLISHED


def test_approver_splits_a_commitment_into_milestones(approvers_desk: Client) -> None:
    source = make_source(date=datetime.date(2024, 11, 27))
    whole = make_commitment(title="Bridge and road", window="2025", source=source)
    done = press(
        approvers_desk,
        whole,
        "split",
        title_1="A bridge",
        when_1="next spring",
        kind_1="milestone",
        title_3="A road",
        when_3="2026",
        kind_3="event",
        reason="Two things.",
    )
    assert messages_of(done) == ["Split into 2 parts."]
    assert now_of(whole).kind == Kind.PROGRAMME
    parts = Commitment.objects.filter(parent=whole).order_by("pk")
    assert [(one.title, one.window, one.kind, one.publication) for one in parts] == [
        ("A bridge", "2025-21", "milestone", "published"),
        ("A road", "2026", "event", "published"),
    ]


@pytest.mark.parametrize(
    ("filled", "errors"),
    [
        ({"reason": "Two."}, {"title_1": ["Name at least two parts."]}),
        ({"title_1": "A", "reason": "Two."}, {"title_2": ["Name at least two parts."]}),
        ({"title_1": "A", "title_2": "B"}, {"reason": ["Say why it is more than one."]}),
        (
            {"title_1": "A", "when_2": "2026", "reason": "Two."},
            {"title_2": ["Give this part a title."]},
        ),
    ],
)
def test_split_says_what_is_missing(
    approvers_desk: Client, filled: dict[str, str], errors: dict[str, list[str]]
) -> None:
    whole = make_commitment()
    response = press(approvers_desk, whole, "split", **filled)
    assert errors_in(response) == errors
    assert (now_of(whole).kind, Commitment.objects.count()) == (whole.kind, 1)


def test_date_of_a_part_that_is_not_understood_is_told_beside_it(approvers_desk: Client) -> None:
    filled = {"title_1": "A", "title_2": "B", "when_2": "some day or other", "reason": "Two."}
    response = press(approvers_desk, make_commitment(), "split", **filled)
    assert list(errors_in(response)) == ["when_2"]


# Occurrences


def test_occurrences_are_added_and_later_prolonged(desk: Client) -> None:
    programme = make_commitment(title="Talks", kind=Kind.PROGRAMME, published=False)
    filled = {"rule": "FREQ=YEARLY", "first": "2025-01-01", "last": "2026-12-31"}
    done = press(desk, programme, "occurrences", **filled)
    assert messages_of(done) == ["2 occurrences were added."]
    done = press(desk, programme, "occurrences", **{**filled, "last": "2027-12-31"})
    assert messages_of(done) == ["1 occurrence was added."]
    again = press(desk, programme, "occurrences", **filled)
    assert messages_of(again) == ["All of them are on record already."]
    windows = Commitment.objects.filter(parent=programme).values_list("window", flat=True)
    assert sorted(windows) == ["2025", "2026", "2027"]


def test_own_rule_counts_and_is_told_beside_its_field(desk: Client) -> None:
    programme = make_commitment(kind=Kind.PROGRAMME, published=False)
    filled = {"rule": "FREQ=YEARLY", "first": "2025-01-01", "last": "2025-12-31"}
    wrong = press(desk, programme, "occurrences", own_rule="every May", **filled)
    assert list(errors_in(wrong)) == ["own_rule"]
    press(desk, programme, "occurrences", own_rule="FREQ=YEARLY;BYMONTH=5", **filled)
    assert Commitment.objects.get(parent=programme).window == "2025-05"


def test_end_before_the_beginning_is_refused(desk: Client) -> None:
    programme = make_commitment(kind=Kind.PROGRAMME, published=False)
    filled = {"rule": "FREQ=YEARLY", "first": "2025-01-02", "last": "2025-01-01"}
    response = press(desk, programme, "occurrences", **filled)
    assert errors_in(response) == {"last": ["Choose an end that is not before the beginning."]}


def test_occurrences_of_what_is_public_are_added_by_an_approver(
    desk: Client, approvers_desk: Client
) -> None:
    programme = make_commitment(kind=Kind.PROGRAMME)
    filled = {"rule": "FREQ=YEARLY", "first": "2025-01-01", "last": "2025-12-31"}
    assert "occurrences" not in offered(desk, programme)
    assert press(desk, programme, "occurrences", **filled).status_code == 403
    press(approvers_desk, programme, "occurrences", **filled)
    assert Commitment.objects.get(parent=programme).publication == Publication.PUBLISHED


def test_only_a_programme_has_occurrences(desk: Client) -> None:
    milestone = make_commitment(kind=Kind.MILESTONE, published=False)
    assert "occurrences" not in offered(desk, milestone)
    assert needs(desk, milestone, "occurrences") == ["A programme: correct the kind first."]


# The target


def with_target(editor: User, **fields: Any) -> Commitment:
    commitment = make_commitment(published=False)
    target = Target(commitment=commitment, measure="Trade", unit="USD", goal=Decimal(30))
    set_target(target=target, actor=editor, now=NOW)
    return commitment


def test_target_is_removed_with_a_reason_and_another_one_set(desk: Client, editor: User) -> None:
    commitment = with_target(editor)
    assert "remove-target" in offered(desk, commitment)
    assert needs(desk, commitment, "remove-target") == ["Why it has no such target."]
    refused = press(desk, commitment, "remove-target", reason="")
    assert errors_in(refused) == {"reason": ["Say why it has no such target."]}
    done = press(desk, commitment, "remove-target", reason="It is of another one.")
    assert messages_of(done) == ["Removed; the history keeps it."]
    assert not Target.objects.exists()
    row = last_row(commitment)
    assert row.changes == {"target": ["Trade: ≥ 30 USD", None]}
    assert (row.actor, row.reason) == (editor, "It is of another one.")
    assert "remove-target" not in offered(desk, commitment)
    other = Target(commitment=commitment, measure="Visitors", unit="people", goal=Decimal(5))
    set_target(target=other, actor=editor, now=NOW)
    assert Target.objects.get().measure == "Visitors"


def test_target_with_values_stays_and_the_page_says_so(desk: Client, editor: User) -> None:
    commitment = with_target(editor)
    report_value(
        target=commitment.target,
        value=Decimal(7),
        period=Window.parse("2025"),
        source=make_source(),
        actor=editor,
        now=NOW,
    )
    sentence = "Values were reported for it: correct the target instead; its history stays."
    assert needs(desk, commitment, "remove-target") == [sentence]
    refused = press(desk, commitment, "remove-target", reason="Wrong.")
    assert errors_in(refused) == {"": [sentence]}
    assert Target.objects.exists()


def test_what_is_gone_already_is_told(desk: Client) -> None:
    response = press(desk, make_commitment(published=False), "remove-target", reason="Wrong.")
    assert errors_in(response) == {"": ["It has no target."]}


@pytest.mark.parametrize("name", ["to-draft", "anchor", "merge", "split", "occurrences"])
def test_second_editor_is_told_before_anything_happens(approvers_desk: Client, name: str) -> None:
    commitment = make_commitment(published=False)
    every: dict[str, dict[str, Any]] = {
        "to-draft": {"reason": "x"},
        "anchor": {
            "anchor_amount": "1",
            "anchor_unit": "day",
            "anchor_commitment": make_commitment().pk,
        },
        "merge": {"kept": make_commitment().pk, "reason": "x"},
        "split": {"title_1": "A", "title_2": "B", "reason": "x"},
        "occurrences": {"rule": "FREQ=YEARLY", "first": "2025-01-01", "last": "2025-12-31"},
    }
    make_citation(commitment, make_source())
    response = approvers_desk.post(
        commitment_url(commitment, name), {"expected_revision": "1", **every[name]}
    )
    (sentence,) = errors_in(response)[""]
    assert "changed this while you were writing" in sentence
    assert now_of(commitment).publication == Publication.DRAFT
