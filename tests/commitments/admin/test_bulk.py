"""Many at once: every rule holds, every row of the log is written, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import submit_for_review
from commitments.enums import Publication
from commitments.models import Citation, Commitment, Revision, User
from tests.builders import NOW, make_commitment
from tests.commitments.admin.pages import messages_of

pytestmark = pytest.mark.django_db

LIST = "/admin/commitments/commitment/"


def drafts(number: int) -> list[Commitment]:
    return [make_commitment(published=False, title=f"Bridge {one}") for one in range(number)]


def choose(desk: Client, name: str, commitments: list[Commitment], **more: str) -> Any:
    """Tick `commitments` in the list and run an action."""
    ticked = {"action": name, "_selected_action": [str(one.pk) for one in commitments]}
    return desk.post(LIST, {**ticked, "index": "0", "select_across": "0", **more})


def confirm(desk: Client, name: str, commitments: list[Commitment], **fields: str) -> Any:
    """Send the page of the move as it was shown."""
    rows = ",".join(f"{one.pk}:{one.revision}" for one in commitments)
    return desk.post(f"{LIST}bulk/{name}/", {"rows": rows, **fields}, follow=True)


def publications() -> list[str]:
    return list(Commitment.objects.order_by("pk").values_list("publication", flat=True))


def test_actions_of_the_list_are_those_of_the_role(desk: Client, approvers_desk: Client) -> None:
    drafts(1)
    names = [
        {name for name, _label in one.get(LIST).context["action_form"].fields["action"].choices}
        for one in (desk, approvers_desk)
    ]
    assert names == [{"", "review", "retract"}, {"", "review", "publish", "retract"}]


def test_page_shows_what_was_chosen_and_changes_nothing(desk: Client) -> None:
    chosen = drafts(2)
    page = choose(desk, "review", chosen)
    assert page.templates[0].name == "commitments/admin/bulk_page.html"
    assert {one.pk for one, _ in page.context["chosen"]} == {one.pk for one in chosen}
    rows = page.context["form"]["rows"].value().split(",")
    assert sorted(rows) == sorted(f"{one.pk}:{one.revision}" for one in chosen)
    assert publications() == ["draft", "draft"]
    assert page.context["form"].errors == {}


def test_all_are_sent_to_review_with_a_row_of_the_log_each(desk: Client, editor: User) -> None:
    chosen = drafts(3)
    answer = confirm(desk, "review", chosen)
    assert messages_of(answer) == ["3 commitments sent to review."]
    assert publications() == ["in_review"] * 3
    rows = Revision.objects.filter(kind="submitted")
    assert [row.actor for row in rows] == [editor] * 3
    assert {row.commitment_id for row in rows} == {one.pk for one in chosen}
    assert [one.revision for one in Commitment.objects.order_by("pk")] == [
        one.revision + 1 for one in chosen
    ]


def test_one_refusal_leaves_all_as_they_were_and_says_which(approvers_desk: Client) -> None:
    first, second, third = drafts(3)
    Citation.objects.filter(commitment=second).delete()
    public = make_commitment()
    before = Revision.objects.count()
    answer = confirm(approvers_desk, "publish", [first, second, third, public])
    assert messages_of(answer) == ["Nothing was changed: 2 of 4 were refused."]
    assert {one.pk: refusal for one, refusal in answer.context["chosen"]} == {
        first.pk: "",
        second.pk: "Cite the source in which it was said, then publish.",
        third.pk: "",
        public.pk: "Not possible while it is “published”.",
    }
    assert publications() == ["draft", "draft", "draft", "published"]
    assert Revision.objects.count() == before


def test_row_that_somebody_changed_meanwhile_is_refused_and_then_read(
    approvers_desk: Client, editor: User
) -> None:
    first, second = drafts(2)
    correct_commitment(
        commitment=second, fields={"place": "Aktau"}, actor=editor, now=NOW, reason=""
    )
    answer = confirm(approvers_desk, "publish", [first, second])
    (refusal,) = [why for one, why in answer.context["chosen"] if one.pk == second.pk]
    assert "Somebody changed this since you read revision" in refusal
    assert publications() == ["draft", "draft"]
    rows = answer.context["form"]["rows"].value()
    approvers_desk.post(f"{LIST}bulk/publish/", {"rows": rows})
    assert publications() == ["published", "published"]


def test_retracting_needs_a_reason_and_keeps_it(desk: Client) -> None:
    chosen = drafts(2)
    answer = confirm(desk, "retract", chosen, reason=" ")
    assert answer.context["form"].errors == {"reason": ["This field is required."]}
    assert publications() == ["draft", "draft"]
    answer = confirm(desk, "retract", chosen, reason="Entered twice.")
    assert messages_of(answer) == ["2 commitments retracted; their history stays."]
    assert publications() == ["retracted", "retracted"]
    reasons = Revision.objects.filter(kind="retracted").values_list("reason", flat=True)
    assert list(reasons) == ["Entered twice.", "Entered twice."]


def test_editor_cannot_retract_what_is_public_with_the_drafts(desk: Client) -> None:
    chosen = [*drafts(1), make_commitment()]
    answer = confirm(desk, "retract", chosen, reason="Entered twice.")
    refusals = [why for _one, why in answer.context["chosen"] if why]
    assert refusals == ["Only an approver may publish or retract."]
    assert publications() == ["draft", "published"]


def test_editor_cannot_publish_by_writing_the_address(desk: Client) -> None:
    chosen = drafts(1)
    assert confirm(desk, "publish", chosen).status_code == 403
    choose(desk, "publish", chosen)
    assert publications() == ["draft"]


@pytest.mark.parametrize("rows", ["", "1", "1:", "1:2,", "a:b", "1:2;3:4", "1" * 19 + ":1"])
def test_rows_that_no_page_has_shown_are_not_found(desk: Client, rows: str) -> None:
    assert desk.post(f"{LIST}bulk/review/", {"rows": rows}).status_code == 404


def test_address_of_no_move_is_not_found_and_nothing_moves_by_a_link(desk: Client) -> None:
    assert desk.post(f"{LIST}bulk/delete/", {"rows": "1:1"}).status_code == 404
    assert desk.get(f"{LIST}bulk/review/").status_code == 405


def test_all_of_a_filtered_list_can_be_chosen(desk: Client, editor: User) -> None:
    chosen = drafts(2)
    submit_for_review(commitment=drafts(1)[0], actor=editor, now=NOW)
    ticked = {"action": "review", "_selected_action": [str(chosen[0].pk)], "index": "0"}
    page = desk.post(
        f"{LIST}?publication__exact={Publication.DRAFT}", {**ticked, "select_across": "1"}
    )
    assert {one.pk for one, _ in page.context["chosen"]} == {one.pk for one in chosen}


def test_too_many_at_once_are_not_shown(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commitments.admin.bulk.MOST", 2)
    assert choose(desk, "review", drafts(2)).status_code == 200
    answer = choose(desk, "review", drafts(3))
    assert answer.status_code == 302
    sentence = "Choose at most 2 at once: each of them should be looked at."
    assert messages_of(desk.get(LIST)) == [sentence]


def test_page_asks_no_more_for_three_than_for_one(desk: Client) -> None:
    counts = []
    for number in (1, 3):
        chosen = drafts(number)
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            choose(desk, "review", chosen)
        counts.append(len(queries))
    assert counts[0] == counts[1]
