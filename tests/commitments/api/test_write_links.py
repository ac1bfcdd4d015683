"""Merging, splitting, recurring, counting from something else; back to draft, and no target."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.publication import submit_for_review
from commitments.actions.targets import report_value, set_target
from commitments.enums import Kind, Publication, Status
from commitments.models import Commitment, Target
from commitments.window import Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_source,
    make_topic,
)
from tests.commitments.api.callers import (
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

TWO = [{"title": "It begins", "window": "2026-05"}, {"title": "It ends", "window": "2026-06"}]
EVERY_YEAR = {"rule": "FREQ=YEARLY", "first": "2026-01-01", "last": "2028-12-31"}


def titles(answer: Any) -> list[str]:
    return [one["title"] for one in answer.json()["milestones"]]


# Merge


def test_the_one_that_stays_is_answered_and_the_other_leads_to_it(client: Client) -> None:
    made, kept = make_commitment(), make_commitment()
    cited = made.citations.get().source.public_id
    calls = approver()
    body = {"into": kept.public_id, "reason": "Entered twice."}
    answer = calls.post(path_of(made, "merge/"), body, if_match=tag(made))
    assert (answer.status_code, answer.json()["id"]) == (200, kept.public_id)
    assert cited in [one["source"]["id"] for one in answer.json()["citations"]]
    assert answer["Content-Location"] == answer.json()["url"]
    assert answer["ETag"] == calls.get(path_of(kept))["ETag"]
    gone = client.get(f"/api/v1/{path_of(made)}")
    assert (gone.status_code, gone["Location"]) == (301, answer.json()["url"])
    seen = calls.get(path_of(made)).json()
    assert (seen["publication"], [one["relation"] for one in seen["links"]]) == (
        "retracted",
        ["duplicate_of"],
    )


def test_a_bad_merge_writes_nothing() -> None:
    made, taken_back = make_commitment(), make_commitment()
    calls = approver()
    calls.post(path_of(taken_back, "retract/"), {"reason": "An error."}, if_match="*")
    before = head()
    for body, where in (
        ({}, {"#/into": "required", "#/reason": "required"}),
        ({"into": None, "reason": "x"}, {"#/into": "null"}),
        ({"into": made.public_id, "reason": " "}, {"#/reason": "blank"}),
        ({"into": "zzzzzzzz", "reason": "x"}, {"#/into": "unknown_reference"}),
        ({"into": made.public_id, "reason": "x"}, {"#/into": "circle"}),
        ({"into": taken_back.public_id, "reason": "x"}, {"#/into": "invalid_input"}),
    ):
        answer = calls.post(path_of(made, "merge/"), body, if_match=tag(made))
        assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


# Split


def test_the_parts_of_a_split_are_listed_and_published_with_it(client: Client) -> None:
    made = make_commitment(window="2026", topics=[make_topic("trees")])
    body = {"parts": TWO, "reason": "Two days were promised."}
    answer = approver().post(path_of(made, "split/"), body, if_match=tag(made))
    assert (answer.status_code, answer.json()["kind"]) == (201, "programme")
    assert titles(answer) == ["It begins", "It ends"]
    shown = client.get(f"/api/v1/{path_of(made)}").json()
    assert shown["milestones"] == answer.json()["milestones"]
    part = client.get(shown["milestones"][0]["url"]).json()
    assert (part["window"]["edtf"], part["topics"][0]["key"]) == ("2026-05", "trees")
    assert part["links"][0]["id"] == made.public_id


def test_words_in_a_part_count_from_the_first_source() -> None:
    made = draft(source=make_source(date=date(2024, 11, 27)))
    parts = [{**TWO[0], "window": "next year"}, TWO[1]]
    body = {"parts": parts, "reason": "Two."}
    answer = approver().post(path_of(made, "split/"), body, if_match=tag(made))
    assert titles(answer) == ["It begins", "It ends"]
    first = Commitment.objects.get(title="It begins")
    assert (first.window, first.publication) == ("2025", Publication.DRAFT)


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ([], {"#/parts": "min_length"}),
        (TWO[:1], {"#/parts": "min_length"}),
        (TWO * 26, {"#/parts": "max_length"}),
        ([TWO[0], {"title": "", "window": "2026"}], {"#/parts/1/title": "blank"}),
        (
            [TWO[0], {"title": "It ends", "window": "soonish"}],
            {"#/parts/1/window": "phrase_unknown"},
        ),
        ([TWO[0], {**TWO[1], "kind": "part"}], {"#/parts/1/kind": "invalid_choice"}),
    ],
)
def test_a_bad_split_writes_nothing(parts: Any, where: dict[str, str]) -> None:
    made, calls, before = make_commitment(), approver(), head()
    body = {"parts": parts, "reason": "Two."}
    answer = calls.post(path_of(made, "split/"), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_what_is_over_or_taken_back_gets_no_parts() -> None:
    calls = approver()
    done, gone = make_commitment_in(Status.DELIVERED), make_commitment(kind=Kind.PROGRAMME)
    calls.post(path_of(gone, "retract/"), {"reason": "An error."}, if_match="*")
    body = {"parts": TWO, "reason": "Two."}
    problem(calls.post(path_of(done, "split/"), body, if_match="*"), 409, "has_verdict")
    problem(calls.post(path_of(gone, "split/"), body, if_match="*"), 409, "wrong_publication")
    again = calls.post(path_of(gone, "occurrences/"), EVERY_YEAR, if_match="*")
    problem(again, 409, "wrong_publication")


# Occurrences


def test_a_programme_comes_round_again_and_is_prolonged() -> None:
    calls, made = approver(), make_commitment(kind=Kind.PROGRAMME, title="Talks")
    path = path_of(made, "occurrences/")
    first = calls.post(path, {**EVERY_YEAR, "last": "2027-12-31"}, if_match=tag(made))
    assert (first.status_code, titles(first)) == (201, ["Talks (2026)", "Talks (2027)"])
    longer = calls.post(path, EVERY_YEAR, if_match=first["ETag"])
    assert (longer.status_code, len(titles(longer))) == (201, 3)
    before = head()
    assert calls.post(path, EVERY_YEAR, if_match=first["ETag"]).status_code == 200
    assert head() == before


def test_parts_of_what_is_public_need_more_than_those_of_a_draft() -> None:
    person = make_editor()
    public, hidden = (make_commitment(kind=Kind.PROGRAMME, published=one) for one in (True, False))
    calls = calls_for(person)
    for made, status in ((public, 403), (hidden, 201)):
        answer = calls.post(path_of(made, "occurrences/"), EVERY_YEAR, if_match="*")
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"rule": "every year"}, {"#/rule": "invalid_input"}),
        ({"rule": "FREQ=YEARLY;INTERVAL=0"}, {"#/rule": "invalid_input"}),
        ({"rule": ""}, {"#/rule": "blank"}),
        ({"rule": "FREQ=DAILY"}, {"#/last": "invalid_input"}),
        ({"last": "2025-12-31"}, {"#/last": "invalid_input"}),
        ({"first": "2026"}, {"#/first": "invalid"}),
    ],
)
def test_a_bad_rule_writes_nothing(change: dict[str, Any], where: dict[str, str]) -> None:
    made = draft(kind=Kind.PROGRAMME)
    calls, before = editor(), head()
    answer = calls.post(path_of(made, "occurrences/"), EVERY_YEAR | change, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_only_a_programme_has_occurrences() -> None:
    made = draft(kind=Kind.EVENT)
    answer = editor().post(path_of(made, "occurrences/"), EVERY_YEAR, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, {"#": "invalid_input"})


# What a date counts from


def test_a_date_counts_from_a_source_and_a_move_lets_go_of_it() -> None:
    made, calls = make_commitment(window="2026"), editor()
    signed = make_source(date=date(2026, 1, 1), key="signing")
    make_citation(made, signed)
    body = {"source": "signing", "amount": 40, "unit": "day", "wording": "in 40 days"}
    path = path_of(made, "anchor/")
    answer = calls.send("PUT", path, body, if_match=tag(made))
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["window"]["latest"], shown["wording"]) == ("2026-02-10", "in 40 days")
    url = f"http://localhost:8000/api/v1/sources/{signed.public_id}/"
    assert shown["counts_from"] == {
        "record": "source",
        "id": signed.public_id,
        "url": url,
        "amount": 40,
        "unit": "day",
    }
    again = calls.send("PUT", path, body, if_match=answer["ETag"])
    assert again.json()["revision"] == shown["revision"]
    moved = calls.post(
        path_of(made, "date-moves/"),
        {"window": "2027", "is_correction": True, "reason": "Misread."},
        if_match=answer["ETag"],
    )
    assert moved.json()["counts_from"] is None


def test_who_may_not_know_of_it_is_not_told_what_a_date_counts_from(client: Client) -> None:
    calls, distance = editor(), {"amount": 1, "unit": "month"}
    for anchor in ({"commitment": draft().public_id}, {"source": make_source().public_id}):
        made = make_commitment()
        answer = calls.send("PUT", path_of(made, "anchor/"), anchor | distance, if_match="*")
        (public_id,) = anchor.values()
        assert answer.json()["counts_from"]["id"] == public_id
        assert calls.get(path_of(made)).json()["counts_from"]["id"] == public_id
        assert public_id not in client.get(f"/api/v1/{path_of(made)}").content.decode()


def test_what_counts_from_a_commitment_moves_with_it(client: Client) -> None:
    made, anchor, calls = make_commitment(), make_commitment(window="2026-05-01"), editor()
    body = {"commitment": anchor.public_id, "amount": 1, "unit": "month"}
    answer = calls.send("PUT", path_of(made, "anchor/"), body, if_match=tag(made))
    assert answer.json()["window"]["latest"] == "2026-06-01"
    moved = {"window": "2026-07-01", "is_correction": True, "reason": "Misread."}
    calls.post(path_of(anchor, "date-moves/"), moved, if_match=tag(anchor))
    shown = client.get(f"/api/v1/{path_of(made)}").json()
    assert (shown["window"]["latest"], shown["counts_from"]["id"]) == (
        "2026-08-01",
        anchor.public_id,
    )


def test_a_bad_anchor_writes_nothing() -> None:
    made, other = make_commitment(), make_commitment()
    calls, good = editor(), {"amount": 1, "unit": "month"}
    other_body = {**good, "commitment": made.public_id}
    assert calls.send("PUT", path_of(other, "anchor/"), other_body, if_match="*").status_code == 200
    before = head()
    for body, where in (
        (good, {"#/commitment": "required"}),
        ({**good, "commitment": None, "source": None}, {"#/commitment": "required"}),
        (
            {**good, "commitment": other.public_id, "source": make_source().public_id},
            {"#/commitment": "required"},
        ),
        ({**good, "commitment": "zzzzzzzz"}, {"#/commitment": "unknown_reference"}),
        ({**good, "source": "zzzzzzzz"}, {"#/source": "unknown_reference"}),
        ({**good, "commitment": made.public_id}, {"#/commitment": "circle"}),
        ({**good, "commitment": other.public_id}, {"#/commitment": "circle"}),
        ({"source": "x", "unit": "month"}, {"#/amount": "required"}),
        ({"source": "x", "unit": "month", "amount": -1}, {"#/amount": "min_value"}),
        ({"source": "x", "unit": "month", "amount": 10_001}, {"#/amount": "max_value"}),
        ({"source": "x", "unit": "hour", "amount": 1}, {"#/unit": "invalid_choice"}),
    ):
        last = head()
        answer = calls.send("PUT", path_of(made, "anchor/"), body, if_match=tag(made))
        assert (answer.status_code, pointers(answer.json())) == (400, where)
        assert head() == last
    assert head() >= before
    done = make_commitment_in(Status.DELIVERED)
    answer = calls.send("PUT", path_of(done, "anchor/"), other_body, if_match="*")
    problem(answer, 409, "has_verdict")


# Back to draft, and no target


def test_a_draft_comes_back_from_the_review_with_what_is_to_be_done() -> None:
    made, calls = draft(), editor()
    path = path_of(made, "return-to-draft/")
    problem(calls.post(path, {"reason": "More."}, if_match=tag(made)), 409, "wrong_publication")
    submit_for_review(commitment=made, actor=make_editor(), now=NOW)
    answer = calls.post(path, {}, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, {"#/reason": "required"})
    answer = calls.post(path, {"reason": "Cite the source."}, if_match=tag(made))
    assert (answer.status_code, answer.json()["publication"]) == (200, "draft")
    assert made.revisions.order_by("-number")[0].reason == "Cite the source."


def test_a_target_without_values_is_removed_and_one_with_values_stays() -> None:
    made, calls, body = make_commitment(), editor(), {"reason": "It promises no figure."}
    path = path_of(made, "remove-target/")
    answer = calls.post(path, body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, {"#": "invalid_input"})
    for has_values in (False, True):
        new = Target(commitment=made, measure="m", unit="u", goal=2)
        target = set_target(target=new, actor=None, now=NOW)
        if has_values:
            report_value(
                target=target,
                value=target.goal,
                period=Window.parse("2025"),
                source=make_source(),
                actor=make_editor(),
                now=NOW,
            )
        answer = calls.post(path, body, if_match=tag(made))
        if has_values:
            assert (answer.status_code, pointers(answer.json())) == (400, {"#": "invalid_input"})
        else:
            assert (answer.status_code, answer.json()["target"]) == (200, None)


# What a detail tells of parts


def test_parts_are_listed_for_who_may_know_of_them(client: Client) -> None:
    programme = make_commitment(kind=Kind.PROGRAMME, now=datetime(2025, 2, 1, tzinfo=UTC))
    shown = make_commitment(
        parent=programme, title="Shown", window="2026", now=datetime(2025, 6, 1, tzinfo=UTC)
    )
    draft(parent=programme, title="Hidden", window="2025")
    path = path_of(programme)
    url = f"http://localhost:8000/api/v1/{path_of(shown)}"
    assert client.get(f"/api/v1/{path}").json()["milestones"] == [
        {"id": shown.public_id, "url": url, "title": "Shown"}
    ]
    assert titles(editor().get(path)) == ["Hidden", "Shown"]
    for day, expected in (("2025-05-31", []), ("2025-06-01", ["Shown"])):
        assert titles(client.get(f"/api/v1/{path}?as_of={day}")) == expected


def test_a_programme_takes_as_many_queries_for_one_part_as_for_three() -> None:
    calls = approver()
    made = make_commitment(kind=Kind.PROGRAMME)
    calls.get(path_of(made))
    counts = []
    for number in (1, 3):
        while Commitment.objects.filter(parent=made).count() < number:
            make_commitment(parent=made)
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(calls.get(path_of(made)))) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
