"""Publishing and taking back, dry runs, and that no write goes over what was not read."""

from __future__ import annotations

from typing import Any

import pytest

from commitments.models import Commitment
from commitments.public_ids import public_id_of
from tests.builders import (
    make_commitment,
    make_source,
)
from tests.commitments.api.callers import (
    NEW,
    Caller,
    approver,
    draft,
    editor,
    head,
    path_of,
    pointers,
    problem,
    tag,
)

pytestmark = pytest.mark.django_db


# The precondition: the same for every write on a commitment


def writes(made: Commitment) -> list[tuple[str, str, Any]]:
    """Every write on a commitment that an approver may do to a published one."""
    citation = public_id_of(made.citations.order_by("pk")[0].pk)
    source = make_source().public_id
    return [
        ("PATCH", "", {"title": "New"}),
        ("POST", "date-moves/", {"window": "2027", "citations": [citation]}),
        ("POST", "status-changes/", {"to_status": "stalled"}),
        ("POST", "citations/", {"source": source}),
        ("PATCH", f"citations/{citation}/", {"locator": "page 3"}),
        ("DELETE", f"citations/{citation}/", None),
        ("POST", "evidence-checks/", {"day": "2026-11-24"}),
        ("PUT", "target/", {"measure": "trade", "unit": "USD", "goal": "3"}),
        ("POST", "remove-target/", {"reason": "No figure."}),
        ("POST", "values/", {"value": "3", "period": "2025", "source": source}),
        ("POST", "submit/", None),
        ("POST", "return-to-draft/", {"reason": "More."}),
        ("POST", "publish/", None),
        ("POST", "merge/", {"into": make_commitment().public_id, "reason": "The same."}),
        ("POST", "split/", {"parts": [{"title": "T", "window": "2026"}] * 2, "reason": "Two."}),
        (
            "POST",
            "occurrences/",
            {"rule": "FREQ=YEARLY", "first": "2026-01-01", "last": "2026-12-31"},
        ),
        ("PUT", "anchor/", {"source": source, "amount": 1, "unit": "day"}),
        ("POST", "retract/", {"reason": "An error."}),
        ("POST", "proposals/1/approve/", None),
        ("POST", "proposals/1/reject/", {"reason": "No."}),
        ("POST", "proposals/1/take-back/", None),
    ]


def test_every_write_needs_the_version_that_was_read() -> None:
    calls = approver()
    made = make_commitment()
    before = head()
    for method, rest, body in writes(made):
        before = head()
        told = problem(calls.send(method, path_of(made, rest), body), 428, "precondition_required")
        assert (told["current"], told["etag"]) == (made.revision, tag(made))
        for stale in (f'"{made.revision - 1}"', f'"{made.revision + 1}"', '"x"', f"W/{tag(made)}"):
            answer = calls.send(method, path_of(made, rest), body, if_match=stale)
            told = problem(answer, 412, "stale_revision")
            assert (told["current"], answer["ETag"]) == (made.revision, tag(made))
        assert head() == before


def test_a_stale_write_tells_what_the_other_has_changed() -> None:
    calls = editor()
    made = draft(title="Old")
    read = tag(made)
    calls.patch(path_of(made), {"title": "Theirs"}, if_match=read)
    answer = calls.patch(path_of(made), {"title": "Ours"}, if_match=read)
    assert problem(answer, 412, "stale_revision")["changed"] == {"title": ["Old", "Theirs"]}
    made.refresh_from_db()
    assert made.title == "Theirs"


def test_any_of_several_versions_or_a_star_will_do() -> None:
    calls = editor()
    made = draft()
    for place, sent in enumerate(('"1", NOW', "NOW", "*", "GET")):
        now = calls.get(path_of(made))["ETag"] if sent == "GET" else tag(made)
        if_match = now if sent == "GET" else sent.replace("NOW", now)
        answer = calls.patch(path_of(made), {"place": f"Place {place}"}, if_match=if_match)
        assert (answer.status_code, answer.json()["place"]) == (200, f"Place {place}")


# Publication


def test_from_draft_to_everybody_and_back() -> None:
    calls, decides = editor(), approver()
    made = draft()
    answer = calls.post(path_of(made, "submit/"), if_match=tag(made))
    assert (answer.status_code, answer.json()["publication"]) == (200, "in_review")
    problem(Caller().get(path_of(made)), 404, "not_found")
    answer = decides.post(path_of(made, "publish/"), if_match=answer["ETag"])
    assert (answer.status_code, answer.json()["publication"]) == (200, "published")
    shown = Caller().get(path_of(made))
    assert (shown.status_code, shown["ETag"]) == (200, answer["ETag"])
    answer = decides.post(
        path_of(made, "retract/"), {"reason": "An error."}, if_match=shown["ETag"]
    )
    assert (answer.status_code, answer.json()["publication"]) == (200, "retracted")
    problem(Caller().get(path_of(made)), 404, "not_found")


def test_what_publishing_needs_is_told() -> None:
    calls = approver()
    made = calls.post("commitments/", NEW)
    path = f"commitments/{made.json()['id']}/publish/"
    problem(calls.post(path, if_match=made["ETag"]), 409, "needs_source")
    cited = {"source": make_source().public_id}
    made = calls.post(f"commitments/{made.json()['id']}/citations/", cited, if_match=made["ETag"])
    problem(calls.post(path, if_match=made["ETag"]), 409, "needs_party")


def test_a_draft_is_taken_back_by_its_editor_and_what_was_public_is_not() -> None:
    calls = editor()
    made, public = draft(), make_commitment()
    reason = {"reason": "Twice."}
    assert calls.post(path_of(made, "retract/"), reason, if_match=tag(made)).status_code == 200
    problem(
        calls.post(path_of(public, "retract/"), reason, if_match=tag(public)), 403, "not_allowed"
    )
    told = problem(calls.post(path_of(draft(), "retract/"), {}, if_match="*"), 400, "invalid_input")
    assert pointers(told) == {"#/reason": "required"}


def test_a_move_of_the_publication_that_is_not_possible_is_a_conflict() -> None:
    made = make_commitment()
    problem(
        approver().post(path_of(made, "publish/"), if_match=tag(made)), 409, "wrong_publication"
    )
    problem(editor().post(path_of(made, "submit/"), if_match=tag(made)), 409, "wrong_publication")


# A dry run


def test_a_dry_run_shows_what_would_be_and_writes_nothing() -> None:
    calls = editor()
    before = head()
    answer = calls.post("commitments/?dry_run=true", NEW)
    assert (answer.status_code, answer["Dry-Run"]) == (201, "true")
    assert answer.json()["title"] == NEW["title"]
    assert "Location" not in answer.headers
    assert "ETag" not in answer.headers
    assert (head(), Commitment.objects.count()) == (before, 0)
    made = draft(title="Old")
    before = head()
    answer = calls.patch(path_of(made) + "?dry_run=true", {"title": "New"}, if_match=tag(made))
    assert (answer.status_code, answer.json()["title"]) == (200, "New")
    assert answer.json()["revision"] == made.revision + 1
    made.refresh_from_db()
    assert (made.title, head()) == ("Old", before)


@pytest.mark.parametrize("value", ["1", "yes", "True", ""])
def test_a_dry_run_is_true_or_false(value: str) -> None:
    told = problem(editor().post(f"commitments/?dry_run={value}", NEW), 400, "invalid_parameter")
    assert pointers(told) == {"dry_run": "invalid_parameter"}
    assert Commitment.objects.count() == 0


def test_an_unknown_parameter_of_a_write_is_refused() -> None:
    told = problem(editor().post("commitments/?dryrun=true", NEW), 400, "unknown_parameter")
    assert pointers(told) == {"dryrun": "unknown_parameter"}
    assert Commitment.objects.count() == 0
