"""Moving dates, citing, looking for evidence, setting targets and reporting values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commitments.actions.targets import set_target
from commitments.enums import Kind, SourceKind
from commitments.models import Target
from commitments.public_ids import public_id_of
from tests.builders import (
    NOW,
    make_commitment,
    make_party,
    make_source,
)
from tests.commitments.api.callers import (
    editor,
    head,
    path_of,
    pointers,
    problem,
    tag,
)

pytestmark = pytest.mark.django_db


FIGURE: dict[str, Any] = {"measure": "trade", "unit": "USD", "goal": 1}
VALUE: dict[str, Any] = {"value": 1, "period": "2025", "source": "SOURCE"}

# Dates


def test_a_date_is_moved_and_the_old_one_kept() -> None:
    calls = editor()
    made = make_commitment(window="2026")
    source = make_source(date=date(2026, 11, 1))
    answer = calls.post(
        path_of(made, "date-moves/"),
        {
            "window": {"text": "next year"},
            "wording": "next year",
            "effective": "2026-11-01",
            "reason": "Not ready.",
            "new_citations": [{"source": source.public_id, "role": "moves"}],
        },
        if_match=tag(made),
    )
    assert answer.status_code == 201
    (move,) = answer.json()["date_moves"]
    assert (move["kind"], move["from_window"]["edtf"], move["to_window"]["edtf"]) == (
        "slipped",
        "2026",
        "2027",
    )
    assert (move["sources"], move["slip_days"], move["reason"]) == (
        [source.public_id],
        365,
        "Not ready.",
    )
    assert answer["Location"] == answer.json()["url"]


def test_our_own_error_is_corrected_without_a_citation() -> None:
    made = make_commitment(window="2026")
    body = {"window": "2025", "is_correction": True, "reason": "Misread."}
    answer = editor().post(path_of(made, "date-moves/"), body, if_match=tag(made))
    assert answer.json()["date_moves"][0]["kind"] == "corrected"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, {"#/window": "required"}),
        ({"window": "2027"}, {"#/citations": "invalid_input"}),
        ({"window": "2026"}, {"#/window": "invalid_input"}),
        ({"window": "soonish"}, {"#/window": "phrase_unknown"}),
        ({"window": "2027", "is_correction": True}, {"#/reason": "invalid_input"}),
        ({"window": "2027", "is_correction": "yes"}, {"#/is_correction": "invalid"}),
        ({"window": "2027", "citations": ["zzzzzzzz"]}, {"#/citations/0": "unknown_reference"}),
        ({"window": "2027", "citations": ["no id"]}, {"#/citations/0": "unknown_reference"}),
        ({"window": "2027", "effective": "2027"}, {"#/effective": "invalid_input"}),
        (
            {"window": "2027", "new_citations": [{"source": "x"}]},
            {"#/new_citations/0/source": "unknown_reference"},
        ),
    ],
)
def test_a_bad_date_move_writes_nothing(body: dict[str, Any], where: dict[str, str]) -> None:
    made = make_commitment(window="2026")
    calls, before = editor(), head()
    answer = calls.post(path_of(made, "date-moves/"), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_a_citation_that_came_with_a_refused_move_is_undone() -> None:
    made = make_commitment(window="2026")
    body = {"window": "2026", "new_citations": [{"source": make_source().public_id}]}
    calls, before = editor(), head()
    answer = calls.post(path_of(made, "date-moves/"), body, if_match=tag(made))
    assert (answer.status_code, made.citations.count(), head()) == (400, 1, before)


def test_the_citation_of_another_commitment_is_unknown_here() -> None:
    made, other = make_commitment(), make_commitment()
    stranger = public_id_of(other.citations.get().pk)
    calls = editor()
    answer = calls.post(
        path_of(made, "date-moves/"),
        {"window": "2027", "citations": [stranger]},
        if_match=tag(made),
    )
    assert pointers(answer.json()) == {"#/citations/0": "unknown_reference"}
    for method in ("PATCH", "DELETE"):
        answer = calls.send(method, path_of(made, f"citations/{stranger}/"), if_match=tag(made))
        problem(answer, 404, "not_found")


# Citations


def test_a_source_is_cited_corrected_and_taken_back() -> None:
    calls = editor()
    made = make_commitment()
    make_party("speaker")
    record = make_source(kind=SourceKind.OFFICIAL_RECORD, text="It was opened. It is open.")
    body = {"source": record.public_id, "role": "reports", "quote": "It was opened."}
    answer = calls.post(path_of(made, "citations/"), body, if_match=tag(made))
    assert (answer.status_code, answer.json()["evidence"]["level"]) == (201, "documented")
    cited = next(one for one in answer.json()["citations"] if one["role"] == "reports")

    where = path_of(made, f"citations/{cited['id']}/")
    answer = calls.patch(
        where,
        {"quote": "It is open.", "said_by": "speaker", "locator": "p. 1", "reason": "Better."},
        if_match=answer["ETag"],
    )
    assert answer.status_code == 200
    again = next(one for one in answer.json()["citations"] if one["id"] == cited["id"])
    assert (again["quote"], again["locator"], again["said_by"]["key"], again["role"]) == (
        "It is open.",
        "p. 1",
        "speaker",
        "reports",
    )
    answer = calls.send("DELETE", where, if_match=answer["ETag"])
    assert (answer.status_code, len(answer.json()["citations"])) == (200, 1)
    assert answer.json()["evidence"]["level"] == "none"
    problem(calls.send("DELETE", where, if_match=answer["ETag"]), 404, "not_found")


def test_the_last_citation_of_what_is_published_stays() -> None:
    made = make_commitment()
    where = path_of(made, f"citations/{public_id_of(made.citations.get().pk)}/")
    calls, before = editor(), head()
    problem(calls.send("DELETE", where, if_match=tag(made)), 400, "invalid_input")
    assert (head(), made.citations.count()) == (before, 1)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, {"#/source": "required"}),
        ({"source": "zzzzzzzz"}, {"#/source": "unknown_reference"}),
        ({"source": "SOURCE", "role": "shouts"}, {"#/role": "invalid_choice"}),
        ({"source": "SOURCE", "said_by": "nobody"}, {"#/said_by": "unknown_reference"}),
        ({"source": "SOURCE", "quote": "not in it"}, {"#/quote": "quote_not_found"}),
        ({"source": "SOURCE", "start": 3}, {"#/start": "unknown_field"}),
    ],
)
def test_a_bad_citation_writes_nothing(body: dict[str, Any], where: dict[str, str]) -> None:
    made = make_commitment()
    source = make_source(text="What was said.")
    if "source" in body:
        body = {**body, "source": body["source"].replace("SOURCE", source.public_id)}
    calls, before = editor(), head()
    answer = calls.post(path_of(made, "citations/"), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_a_look_for_evidence_is_noted() -> None:
    calls = editor()
    made = make_commitment()
    path = path_of(made, "evidence-checks/")
    answer = calls.post(path, {"day": "2026-11-24"}, if_match=tag(made))
    assert (answer.status_code, answer.json()["evidence"]["checked_on"]) == (201, "2026-11-24")
    for day, code in (
        ("2026-11-25", "invalid_input"),
        ("2026-11-23", "invalid_input"),
        ("x", "invalid"),
    ):
        before = head()
        answer = calls.post(path, {"day": day}, if_match=tag(made))
        assert (answer.status_code, pointers(answer.json()), head()) == (
            400,
            {"#/day": code},
            before,
        )


# Targets


def test_a_target_is_set_replaced_and_its_values_reported() -> None:
    calls = editor()
    made = make_commitment(kind=Kind.TARGET)
    whole = {
        "measure": "mutual trade",
        "unit": "USD",
        "goal": "30000000000",
        "comparison": "more_than",
        "baseline": 27000000000,
        "baseline_period": "2023",
    }
    first = calls.send("PUT", path_of(made, "target/"), whole, if_match=tag(made))
    assert (first.status_code, first.json()["target"]["goal"]) == (201, "30000000000")
    assert first.json()["target"]["baseline_period"]["edtf"] == "2023"
    again = calls.send("PUT", path_of(made, "target/"), whole, if_match=first["ETag"])
    assert (again.status_code, again.json()["revision"]) == (200, first.json()["revision"])
    least = {"measure": "trade", "unit": "USD", "goal": 1.5}
    other = calls.send("PUT", path_of(made, "target/"), least, if_match=again["ETag"])
    target = other.json()["target"]
    assert (target["goal"], target["baseline"], target["baseline_period"]) == ("1.5", None, None)
    assert target["comparison"] == "at_least"

    source = make_source(date=date(2026, 3, 1))
    reported = calls.post(
        path_of(made, "values/"),
        {"value": "28.4", "period": "last year", "source": source.public_id, "locator": "table 3"},
        if_match=other["ETag"],
    )
    assert reported.status_code == 201
    (value,) = reported.json()["target"]["values"]
    assert (value["value"], value["period"]["edtf"], value["locator"]) == (
        "28.4",
        "2025",
        "table 3",
    )
    assert reported.json()["status"]["value"] == "announced"


@pytest.mark.parametrize(
    ("rest", "body", "where"),
    [
        ("target/", {}, {"#/measure": "required", "#/unit": "required", "#/goal": "required"}),
        ("target/", {**FIGURE, "goal": "1e3"}, {"#/goal": "invalid"}),
        ("target/", {**FIGURE, "goal": True}, {"#/goal": "invalid"}),
        ("target/", {**FIGURE, "goal": None}, {"#/goal": "null"}),
        ("target/", {**FIGURE, "goal": "1.23456"}, {"#/goal": "invalid"}),
        (
            "target/",
            {**FIGURE, "goal": "1234567890123456"},
            {"#/goal": "invalid_input"},
        ),
        (
            "target/",
            {**FIGURE, "comparison": "more"},
            {"#/comparison": "invalid_choice"},
        ),
        (
            "target/",
            {**FIGURE, "baseline_period": "x"},
            {"#/baseline_period": "phrase_unknown"},
        ),
        ("values/", {"value": 1, "period": "2025"}, {"#/source": "required"}),
        (
            "values/",
            {**VALUE, "source": "zzzzzzzz"},
            {"#/source": "unknown_reference"},
        ),
        (
            "values/",
            {**VALUE, "period": "x"},
            {"#/period": "phrase_unknown"},
        ),
        ("values/", {**VALUE, "period": ""}, {"#/period": "invalid_input"}),
    ],
)
def test_a_bad_figure_writes_nothing(
    rest: str, body: dict[str, Any], where: dict[str, str]
) -> None:
    made = make_commitment()
    set_target(
        target=Target(commitment=made, measure="trade", unit="USD", goal=Decimal(3)),
        actor=None,
        now=NOW,
    )
    if body.get("source") == "SOURCE":
        body = {**body, "source": make_source().public_id}
    calls, before = editor(), head()
    method = "PUT" if rest == "target/" else "POST"
    answer = calls.send(method, path_of(made, rest), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_without_a_target_no_value_is_reported() -> None:
    made = make_commitment()
    body = {"value": 1, "period": "2025", "source": make_source().public_id}
    answer = editor().post(path_of(made, "values/"), body, if_match=tag(made))
    problem(answer, 400, "no_target")
