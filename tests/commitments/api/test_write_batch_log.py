"""The log and the versions after a batch, which writes them together: as if row by row."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions import recording
from commitments.models import Citation, Commitment, CommitmentVersion, Revision
from commitments.record_audit import find_faults
from tests.builders import make_source, make_topic
from tests.commitments.api.callers import NEW, Caller, approver, head, path_of
from tests.commitments.api.test_write_batch import BAD, GOOD, send

pytestmark = pytest.mark.django_db

CITED: dict[str, Any] = {
    **NEW,
    "topics": ["trees"],
    "citations": [{"source": "talks"}, {"source": "talks"}],
}
# It writes three rows of the log before its last citation is refused.
HALF = {**CITED, "citations": [*CITED["citations"], {"source": "talks", "quote": "Never said."}]}
AT_ONCE = (1, 2, 3, 500)
PARTS = [{"title": "It begins", "window": "2026"}, {"title": "It ends", "window": "2026"}]
RULE = {"rule": "FREQ=YEARLY", "first": "2026-01-01", "last": "2027-12-31"}
OURS = {"is_correction": True, "reason": "Misread."}


@pytest.fixture
def calls() -> Caller:
    make_topic("trees")
    make_source(key="talks", text="What was said.")
    return approver()


@pytest.fixture
def written_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many rows of the log wait before they are written."""
    monkeypatch.setattr(recording, "ROWS_OF_A_BATCH", request.param)


def log_from(first: int) -> list[tuple[Any, ...]]:
    """What the log has after the number `first`, without names that differ in every run."""
    rows = Revision.objects.filter(number__gt=first).order_by("number")
    columns = ("record_type", "revision", "kind", "reason", "actor", "recorded_at")
    return [
        (
            row.number - first,
            *(getattr(row, name) for name in columns),
            sorted(map(name_of, row.changes)),
        )
        for row in rows
    ]


def name_of(field: str) -> str:
    return "".join(letter for letter in field if not letter.isdigit())


def versions_of(made: Commitment) -> list[tuple[Any, ...]]:
    rows = CommitmentVersion.objects.filter(commitment=made).order_by("axis", "since", "revision")
    columns = ("axis", "since", "until", "revision", "publication", "topics", "window", "evidence")
    return [tuple(getattr(row, name) for name in columns) for row in rows]


def one_by_one(calls: Caller) -> str:
    public_id = calls.post("commitments/", CITED).json()["id"]
    made = Commitment.objects.get(public_id=public_id)
    calls.patch(path_of(made), {"title": "New", "topics": []}, if_match="*")
    calls.post(path_of(made, "submit/"), if_match="*")
    return made.public_id


def together(calls: Caller) -> str:
    rows = [
        {"operation": "create", "data": CITED},
        {"operation": "correct", "on_row": 0, "data": {"title": "New", "topics": []}},
        {"operation": "submit", "on_row": 1},
    ]
    answer = send(calls, rows)
    assert answer.status_code == 200, answer.json()
    return str(answer.json()["results"][0]["id"])


@pytest.mark.parametrize("written_at_once", AT_ONCE, indirect=True)
@pytest.mark.usefixtures("written_at_once")
def test_the_log_is_the_same_as_of_single_requests(calls: Caller) -> None:
    found = []
    for write in (one_by_one, together):
        before = head()
        made = Commitment.objects.get(public_id=write(calls))
        found.append((log_from(before), versions_of(made)))
    assert found[0] == found[1]
    assert list(find_faults(key=settings.RECORD_KEY)) == []


@pytest.mark.parametrize("written_at_once", AT_ONCE, indirect=True)
@pytest.mark.usefixtures("written_at_once")
def test_a_refused_row_leaves_nothing_in_the_log_and_the_others_all(calls: Caller) -> None:
    before = head()
    half, whole = ({"operation": "create", "data": data} for data in (HALF, CITED))
    answer = send(calls, [half, whole, half, GOOD, half, BAD, whole, half], "each")
    told = [row["status"] for row in answer.json()["results"]]
    assert told == [400, 201, 400, 201, 400, 400, 201, 400]
    assert [row[1] for row in log_from(before)] == [
        *["commitment"] * 3,
        "party",
        *["commitment"] * 3,
    ]
    assert list(find_faults(key=settings.RECORD_KEY)) == []
    assert Commitment.objects.count() == 2
    for made in Commitment.objects.all():
        assert [row[3] for row in versions_of(made) if row[0] == "known"] == [1, 2, 3]


@pytest.mark.parametrize("mode", ["all", "each"])
def test_what_a_batch_has_made_can_be_corrected_in_it_by_its_version(
    calls: Caller, mode: str
) -> None:
    def correct(revision: int) -> dict[str, Any]:
        return {
            "operation": "correct_party",
            "on": "kz",
            "revision": revision,
            "data": {"name": "Kazakhstan"},
        }

    answer = send(calls, [GOOD, correct(1)], mode)
    assert [row["revision"] for row in answer.json()["results"]] == [1, 2]
    answer = send(calls, [correct(1), {**correct(2), "data": {"name": "Kz"}}], "each")
    assert [row["status"] for row in answer.json()["results"]] == [412, 200]


@pytest.mark.parametrize(
    "rows",
    [
        [{"operation": "split", "data": {"parts": PARTS, "reason": "Two."}}],
        [
            {"operation": "correct", "data": {"kind": "programme"}},
            {"operation": "add_occurrences", "data": RULE},
        ],
        [{"operation": "cite", "data": {"source": "talks", "role": "confirms"}}],
        [
            {"operation": "anchor_date", "data": {"source": "talks", "amount": 1, "unit": "day"}},
            {"operation": "move_date", "data": {**OURS, "window": "2030"}},
        ],
        [
            {"operation": "set_target", "data": {"measure": "m", "unit": "u", "goal": 1}},
            {"operation": "remove_target", "data": {"reason": "No figure."}},
        ],
        [{"operation": "note_evidence_check", "data": {"day": "2026-11-24"}}],
        [{"operation": "retract", "data": {"reason": "An error."}}],
    ],
)
@pytest.mark.parametrize("written_at_once", [1, 500], indirect=True)
@pytest.mark.usefixtures("written_at_once")
def test_each_kind_of_write_keeps_log_and_versions_whole(
    calls: Caller, rows: list[dict[str, Any]]
) -> None:
    calls.post("commitments/", CITED)
    made = Commitment.objects.get()
    batch = [{"on": made.public_id, "revision": made.revision, **row} for row in rows]
    answer = send(calls, batch)
    assert answer.status_code == 200, answer.json()
    assert list(find_faults(key=settings.RECORD_KEY)) == []
    for one in Commitment.objects.all():
        known = [row[3] for row in versions_of(one) if row[0] == "known"]
        assert known == list(range(1, one.revision + 1))
        last = CommitmentVersion.objects.filter(commitment=one, axis="known").latest("since", "pk")
        assert last.state["topics"] == ["trees"]


def test_a_name_is_looked_up_once_and_again_when_it_means_something_else(calls: Caller) -> None:
    def create(party: str) -> dict[str, Any]:
        return {"operation": "create", "data": {**CITED, "parties": [{"party": party}]}}

    rows = [create("kz"), GOOD, create("kz"), BAD, create("kz"), create("kz")]
    answer = send(calls, rows, "each")
    assert [row["status"] for row in answer.json()["results"]] == [400, 201, 201, 400, 201, 201]
    text = {"text": "Another text.", "reason": "Misheard."}
    quote = {"source": "talks", "quote": "Another text."}
    first, second = ({"operation": "create", "data": {**NEW, "citations": [quote]}} for _ in "12")
    source = Citation.objects.first().source.public_id  # type: ignore[union-attr]
    correct = {"operation": "correct_source", "on": source, "revision": 1, "data": text}
    answer = send(calls, [first, correct, second], "each")
    assert [row["status"] for row in answer.json()["results"]] == [400, 200, 201]


def test_rows_that_name_the_same_ask_for_it_once(calls: Caller) -> None:
    send(calls, [GOOD])
    row = {"operation": "create", "data": {**CITED, "parties": [{"party": "kz"}]}}
    counts = []
    for number in (1, 2, 4):
        with CaptureQueriesContext(connection) as queries:
            assert send(calls, [row] * number).status_code == 200
        counts.append(len(queries))
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])
    assert counts[1] - counts[0] == 25
