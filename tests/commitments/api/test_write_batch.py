"""Many writes in one request: all or nothing, row by row, and for show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.api.writing.batch import OPERATIONS
from commitments.models import Commitment, Party, StatusProposal
from commitments.public_ids import public_id_of
from tests.builders import make_approver, make_commitment, make_editor, make_user
from tests.commitments.api.callers import (
    NEW,
    Caller,
    approver,
    calls_for,
    draft,
    editor,
    head,
    problem,
)
from tests.commitments.api.test_write_statuses import verdict

pytestmark = pytest.mark.django_db

GOOD = {"operation": "create_party", "data": {"key": "kz", "kind": "country", "name": "Kz"}}
BAD = {"operation": "create_party", "data": {"key": "a b", "kind": "country", "name": "A"}}


def send(
    calls: Caller, rows: Sequence[Any], mode: str = "all", query: str = "", **more: Any
) -> Any:
    return calls.post(f"batch/{query}", {"mode": mode, "operations": list(rows)}, **more)


def on(made: Commitment, operation: str, data: Any = None, **more: Any) -> dict[str, Any]:
    row = {"operation": operation, "on": made.public_id, "revision": made.revision, **more}
    return row if data is None else {**row, "data": data}


def test_rows_are_done_in_their_order_and_may_build_on_each_other() -> None:
    calls = approver()
    answer = send(
        calls,
        [
            GOOD,
            {"operation": "create_topic", "data": {"key": "space", "name": "Space"}},
            {
                "operation": "create_source",
                "data": {"key": "talks", "title": "T", "kind": "transcript", "date": "2024-11-27"},
            },
            {
                "operation": "create",
                "data": {
                    **NEW,
                    "parties": [{"party": "kz"}],
                    "topics": ["space"],
                    "citations": [{"source": "talks"}],
                },
            },
            {"operation": "submit", "on_row": 3},
            {"operation": "publish", "on_row": 4},
        ],
    )
    assert answer.status_code == 200
    told = answer.json()
    made = Commitment.objects.get()
    url = f"{settings.SITE_URL}/api/v1/commitments/{made.public_id}/"
    assert (told["mode"], told["dry_run"], told["done"], told["refused"]) == ("all", False, 6, 0)
    assert [(row["row"], row["operation"], row["status"]) for row in told["results"]] == [
        (0, "create_party", 201),
        (1, "create_topic", 201),
        (2, "create_source", 201),
        (3, "create", 201),
        (4, "submit", 200),
        (5, "publish", 200),
    ]
    assert told["results"][5] == {
        "row": 5,
        "operation": "publish",
        "status": 200,
        "id": made.public_id,
        "url": url,
        "revision": made.revision,
    }
    assert Caller().get(url)["ETag"].startswith(f'"{made.revision}-')


def test_all_or_nothing_is_nothing_where_one_row_is_refused() -> None:
    made = draft()
    calls, before = editor(), head()
    rows = [GOOD, BAD, on(made, "correct", {"title": "New"}, revision=made.revision + 7)]
    answer = send(calls, rows)
    told = problem(answer, 400, "bulk_refused")
    assert (told["done"], told["refused"]) == (1, 2)
    assert [row["status"] for row in told["results"]] == [201, 400, 412]
    bad, stale = (row["problem"] for row in told["results"][1:])
    assert [item["pointer"] for item in bad["errors"]] == ["#/operations/1/data/key"]
    assert (stale["code"], stale["current"]) == ("stale_revision", made.revision)
    assert (head(), Party.objects.filter(key="kz").count()) == (before, 0)


def test_row_by_row_keeps_what_is_good() -> None:
    made = draft()
    calls, before = editor(), head()
    rows = [BAD, GOOD, on(made, "correct", {"title": "New"}), on(made, "publish")]
    answer = send(calls, rows, "each")
    assert answer.status_code == 207
    told = answer.json()
    assert [row["status"] for row in told["results"]] == [400, 201, 200, 403]
    assert (told["done"], told["refused"]) == (2, 2)
    made.refresh_from_db()
    assert (head(), made.title) == (before + 2, "New")


@pytest.mark.parametrize("mode", ["all", "each"])
def test_a_dry_run_tells_the_same_and_writes_nothing(mode: str) -> None:
    calls, before = editor(), head()
    rows = [GOOD, {"operation": "create", "data": NEW}]
    would = send(calls, rows, mode, "?dry_run=true")
    assert (head(), Commitment.objects.count()) == (before, 0)
    done = send(calls, rows, mode)
    assert would.status_code == done.status_code == (200 if mode == "all" else 207)

    def shape(answer: Any) -> Any:
        told = answer.json()
        rows = [{k: v for k, v in row.items() if k not in {"id", "url"}} for row in told["results"]]
        return {**told, "dry_run": None, "results": rows}

    assert shape(would) == shape(done)
    assert (would.json()["dry_run"], done.json()["dry_run"]) == (True, False)


def test_a_dry_run_of_refused_rows_is_refused_alike() -> None:
    calls = editor()
    would, done = send(calls, [GOOD, BAD], "all", "?dry_run=true"), send(calls, [GOOD, BAD])
    assert would.json() == {**done.json(), "dry_run": True}


def test_the_revision_is_the_one_from_before_the_batch() -> None:
    made = draft()
    rows = [on(made, "correct", {"title": f"Title {place}"}) for place in range(3)]
    answer = send(editor(), rows)
    revisions = [row["revision"] for row in answer.json()["results"]]
    assert revisions == [made.revision + place for place in (1, 2, 3)]


def test_a_verdict_can_be_proposed_and_decided_on_in_batches() -> None:
    made = make_commitment(window="2025")
    calls, decides = editor(), approver()
    answer = send(calls, [on(made, "change_status", verdict())])
    (row,) = answer.json()["results"]
    assert row["status"] == 202
    assert row["location"].endswith(f"/commitments/{made.public_id}/proposals/1/")
    made.refresh_from_db()
    answer = send(decides, [on(made, "approve", proposal=1)])
    assert answer.status_code == 200
    made.refresh_from_db()
    assert (made.status, StatusProposal.objects.get().state) == ("delivered", "approved")


def test_a_citation_is_named_beside_the_commitment() -> None:
    made = make_commitment()
    citation = public_id_of(made.citations.get().pk)
    row = on(made, "correct_citation", {"locator": "p. 3"}, citation=citation)
    assert send(editor(), [row]).status_code == 200
    assert made.citations.get().locator == "p. 3"


@pytest.mark.parametrize(
    ("row", "status", "code", "pointer"),
    [
        ({}, 400, "invalid_input", "/operation"),
        ({"operation": "delete"}, 400, "unknown_operation", "/operation"),
        ({"operation": 5}, 400, "unknown_operation", "/operation"),
        ({"operation": "create", "colour": 1}, 400, "invalid_input", "/colour"),
        ({"operation": "create", "data": []}, 400, "invalid_input", "/data"),
        ({"operation": "correct"}, 400, "required", "/on"),
        ({"operation": "correct", "on": "zzzzzzzz"}, 404, "not_found", None),
        ({"operation": "correct", "on": "MADE"}, 428, "precondition_required", None),
        (
            {"operation": "correct", "on": "MADE", "revision": "2"},
            400,
            "invalid_input",
            "/revision",
        ),
        ({"operation": "correct", "on_row": 0}, 400, "row_unusable", "/on_row"),
        ({"operation": "correct", "on_row": -1}, 400, "invalid_input", "/on_row"),
        ({"operation": "correct", "on_row": 10**30}, 400, "row_unusable", "/on_row"),
        (
            {"operation": "remove_citation", "on": "MADE", "revision": 2},
            400,
            "required",
            "/citation",
        ),
        ({"operation": "take_back", "on": "MADE", "revision": 2}, 400, "required", "/proposal"),
        ({"operation": "publish", "on": "MADE", "revision": 2}, 403, "not_allowed", None),
        (
            {"operation": "create", "data": {**NEW, "window": "soonish"}},
            400,
            "phrase_unknown",
            "/data/window",
        ),
        ({"operation": "create", "data": {"title": 1}}, 400, "invalid_input", "/data/title"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_done(
    row: dict[str, Any], status: int, code: str, pointer: str | None
) -> None:
    made = draft()
    row = {**row, "on": made.public_id} if row.get("on") == "MADE" else row
    told = send(editor(), [row, GOOD], "each").json()["results"]
    assert [one["status"] for one in told] == [status, 201]
    found = told[0]["problem"]
    assert (found["status"], found["code"]) == (status, code)
    places = [item["pointer"] for item in found.get("errors", [])]
    assert (f"#/operations/0{pointer}" in places) if pointer else (places == [])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/mode"),
        ({"mode": "some", "operations": [GOOD]}, "#/mode"),
        ({"mode": "all"}, "#/operations"),
        ({"mode": "all", "operations": []}, "#/operations"),
        ({"mode": "all", "operations": GOOD}, "#/operations"),
        ({"mode": "all", "operations": ["create"]}, "#/operations/0"),
        ({"mode": "all", "operations": [GOOD], "dry_run": True}, "#/dry_run"),
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: Any, pointer: str) -> None:
    told = problem(editor().post("batch/", body), 400, "invalid_input")
    assert pointer in [item["pointer"] for item in told["errors"]]
    assert head() == 0


def topics(count: int) -> list[dict[str, Any]]:
    return [
        {"operation": "create_topic", "data": {"key": f"topic-{place}", "name": "T"}}
        for place in range(count)
    ]


def test_five_hundred_rows_are_a_batch_and_one_more_is_not() -> None:
    calls = editor()
    told = problem(send(calls, topics(501)), 400, "invalid_input")
    assert [item["pointer"] for item in told["errors"]] == ["#/operations"]
    assert "500" in told["detail"]
    assert head() == 0
    assert send(calls, topics(500)).json()["done"] == head() == 500


def test_a_row_takes_as_many_queries_in_a_long_batch_as_in_a_short_one() -> None:
    calls = editor()
    counts = []
    for first, rows in ((0, 1), (1, 1), (2, 3), (5, 6)):  # the first notes that the key is used
        with CaptureQueriesContext(connection) as queries:
            assert send(calls, topics(11)[first : first + rows]).status_code == 200
        counts.append(len(queries))
    # The key and its user's rights, the transaction, its lock, the log at the end; then each row.
    assert counts[1:] == [9 + 8, 9 + 3 * 8, 9 + 6 * 8]


def test_a_repeat_of_a_batch_is_done_once() -> None:
    calls = editor()
    sent = {"Idempotency-Key": '"batch-1"'}
    first, again = (send(calls, [GOOD, BAD], "each", headers=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (207, 207)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert head() == 1


def test_who_may() -> None:
    problem(send(Caller(), [GOOD]), 401, "not_authenticated")
    hidden, public = draft(), make_commitment()
    rows = [
        GOOD,
        on(hidden, "correct", {"title": "X"}),
        on(public, "correct", {"title": "X"}),
        on(hidden, "publish"),
        on(public, "retract", {"reason": "X"}),
    ]
    before = head()
    for calls, expected in (
        (calls_for(make_user()), [403, 404, 403, 404, 403]),
        (calls_for(make_user(permissions=["view_commitment"])), [403, 403, 403, 403, 403]),
        (calls_for(make_editor(), scopes=["read"]), [403, 403, 403, 403, 403]),
        (calls_for(make_editor(), scopes=["approve"]), [403, 403, 403, 403, 403]),
        (calls_for(make_approver(), scopes=["approve"]), [403, 403, 403, 200, 403]),
        (calls_for(make_editor()), [201, 200, 200, 403, 403]),
        (calls_for(make_approver(), scopes=["write"]), [201, 200, 200, 403, 403]),
        (calls_for(make_approver()), [201, 200, 200, 200, 200]),
    ):
        told = send(calls, rows, "each", "?dry_run=true").json()["results"]
        assert [row["status"] for row in told] == expected
    assert head() == before


def test_every_operation_of_a_single_request_can_stand_in_a_batch() -> None:
    assert sorted(OPERATIONS) == [
        "add_occurrences",
        "anchor_date",
        "approve",
        "change_status",
        "cite",
        "correct",
        "correct_citation",
        "correct_party",
        "correct_source",
        "correct_topic",
        "create",
        "create_party",
        "create_source",
        "create_topic",
        "merge",
        "move_date",
        "note_evidence_check",
        "publish",
        "reject",
        "remove_citation",
        "remove_target",
        "report_value",
        "retract",
        "return_to_draft",
        "set_target",
        "split",
        "submit",
        "take_back",
    ]
