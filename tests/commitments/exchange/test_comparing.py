"""What each row of a file would do: new, changed, the same, or wrong with row, column and fix."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.enums import PartyRole
from commitments.exchange.entries import Difference, Outcome
from commitments.models import Commitment, Revision
from tests.builders import make_commitment, make_party, make_source, make_topic
from tests.commitments.exchange.files import a_row, compared, csv_file, exported, problems

pytestmark = pytest.mark.django_db


def test_everything_that_is_exported_is_the_same() -> None:
    make_commitment(topics=[make_topic("space")], translations={"ru": {"title": "Мост"}})
    assert {entry.outcome for entry in compared(exported("csv"))} == {Outcome.SAME}
    assert {entry.outcome for entry in compared(exported("xlsx"))} == {Outcome.SAME}


def test_new_row_shows_what_it_would_record() -> None:
    (entry,) = compared(csv_file(a_row(window="2025-21")))
    assert entry.outcome is Outcome.NEW
    assert entry.differences == [
        Difference("title", "", "A bridge"),
        Difference("kind", "", "milestone"),
        Difference("window", "", "2025-21"),
    ]


def test_changed_row_shows_each_column_before_and_after() -> None:
    kz, cn = make_party("kz"), make_party("cn")
    commitment = make_commitment(
        title="A bridge", window="2026", parties=[(kz, PartyRole.PROMISED_BY)]
    )
    row = {
        "id": commitment.public_id,
        "title": "A long bridge",
        "window": " 2026 ",
        "parties": f"counterpart: {cn.key}; kz",
        "summary:kk": "Көпір",
    }
    (entry,) = compared(csv_file(row))
    assert entry.outcome is Outcome.CHANGED
    assert entry.differences == [
        Difference("title", "A bridge", "A long bridge"),
        Difference("parties", "promised_by:kz", "counterpart:cn; promised_by:kz"),
        Difference("summary:kk", "", "Көпір"),
    ]


def test_comparing_writes_nothing() -> None:
    before = Revision.objects.count()
    compared(csv_file(a_row(), {"record": "topic", "key": "space", "name": "Space"}))
    assert (Commitment.objects.count(), Revision.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        ({"kind": "event"}, "title", "Fill this in"),
        ({"title": "A bridge"}, "kind", "Fill this in"),
        (a_row(kind="party"), "kind", "Write one of: event, milestone"),
        (a_row(window="next year"), "window", ""),
        (a_row(title="a\tb"), "title", "control character U+0009"),
        (a_row(title="a" * 301), "title", "300"),
        (a_row(summary="a" * 5_001), "summary", "Shorten this to 5000 characters"),
        (a_row(time_zone="Mars"), "time_zone", "is not a time zone"),
        (a_row(language="?"), "language", "code of the language"),
        (a_row(topics="space"), "topics", "There is no topic “space”"),
        (a_row(parties="kz"), "parties", "There is no party “kz”"),
        (a_row(parties="boss:kz"), "parties", "promised_by:kz"),
        (a_row(source="nowhere"), "source", "There is no source “nowhere”"),
        (a_row(parent="nothing"), "parent", "There is no commitment “nothing”"),
        (a_row(key="a", parent="a"), "parent", "close a circle"),
        (a_row(id="?"), "id", "This is no id"),
        (a_row(status="not_delivered"), "refused", "Only when its last possible day has passed"),
        (a_row(status="withdrawn"), "source", "Cite the source of the withdrawal"),
        (a_row(status="unverifiable"), "reason", "Give the reason"),
        (a_row(status="superseded"), "successor", "Name the commitment"),
        (a_row(status="superseded", successor="x"), "successor", "There is no commitment “x”"),
        (a_row(status="partly_delivered", effective="2025"), "source", "Cite a document"),
        (a_row(reason_code="bad luck"), "reason_code", "Write one of: funding"),
        (a_row(anchor="speech"), "anchor", "source:its-key"),
        (a_row(anchor="source:x", anchor_amount="4", anchor_unit="day"), "anchor", "no source"),
        (a_row(anchor_amount="some"), "anchor_amount", "a whole number"),
        (a_row(anchor_amount="4"), "anchor", "anchor, anchor_amount and anchor_unit"),
        ({"record": "value", "commitment": "x", "value": "1", "period": "2024"}, "source", "Fill"),
        (a_row(status="delivered", effective="2027"), "effective", "in the future"),
        (a_row(goal="many", measure="m", unit="u"), "goal", "Write a number"),
        (a_row(goal="5"), "goal", "measure, unit and goal"),
        (a_row(record="thing"), "record", "Write one of"),
        (a_row(record="topic", key="a", name="b"), "title", "no such cell"),
        ({"record": "source", "title": "S", "kind": "report", "date": "1.2.24"}, "date", "2024-11"),
        ({"record": "party", "key": "a b", "kind": "country", "name": "x"}, "key", ""),
        ({"record": "citation", "commitment": "x"}, "source", "Fill this in"),
    ],
)
def test_wrong_row_names_row_column_and_fix(row: dict[str, str], column: str, part: str) -> None:
    number, where, sentence = problems(csv_file(row))[0]
    assert (number, where) == (2, column)
    assert part in sentence
    assert sentence


def test_all_wrong_columns_of_all_rows_are_told() -> None:
    data = csv_file(a_row(kind="x", window="?"), a_row(), a_row(language="?"))
    assert [found[:2] for found in problems(data)] == [(2, "kind"), (2, "window"), (4, "language")]


def test_what_is_moved_elsewhere_is_refused_with_the_way() -> None:
    commitment = make_commitment(window="2026")
    row = {"id": commitment.public_id, "window": "2027", "status": "delivered"}
    found = problems(csv_file({**row, "publication": "draft"}), publish=True)
    assert sorted(column for _row, column, _sentence in found) == [
        *("publication", "status", "window"),
    ]
    assert all("On record" in sentence for _row, _column, sentence in found)


def test_empty_cells_leave_what_moves_elsewhere_and_empty_a_text() -> None:
    commitment = make_commitment(window="2026", summary="Long.")
    row = {"id": commitment.public_id, "title": "", "window": "", "status": "", "summary": ""}
    (entry,) = compared(csv_file(row))
    assert (entry.outcome, entry.problems) == (Outcome.CHANGED, [])
    assert entry.differences == [Difference("summary", "Long.", "")]


def test_what_is_published_keeps_a_party() -> None:
    row = {"id": make_commitment().public_id, "parties": "", "title": "A bridge"}
    assert [found[1] for found in problems(csv_file(row))] == ["parties"]


def test_key_is_permanent() -> None:
    commitment = make_commitment(key="bridge")
    found = problems(csv_file({"id": commitment.public_id, "key": "tunnel"}))
    assert [(column, "“bridge”" in sentence) for _row, column, sentence in found] == [("key", True)]


def test_same_key_twice_is_wrong_in_both_rows() -> None:
    data = csv_file(a_row(key="a"), a_row(key="a", title="Another"))
    assert [found[:2] for found in problems(data)] == [(2, "key"), (3, "key")]


def test_twins_are_warned_of_by_title_window_and_source() -> None:
    source = make_source(key="speech")
    there = make_commitment(title="A  Bridge", window="2026", source=source)
    same = a_row(window="2026", source="speech")
    entries = compared(
        csv_file(
            same, {**same, "window": "2027"}, {**same, "source": ""}, {**same, "window": "2027"}
        )
    )
    assert [entry.warnings for entry in entries] == [
        [f"Perhaps twice: {there.public_id} has the same title, window and source."],
        [],
        [],
        ["Perhaps twice: row 3 has the same title, window and source."],
    ]
    assert {entry.outcome for entry in entries} == {Outcome.NEW}


def test_quote_has_to_stand_in_the_stored_text() -> None:
    make_source(key="speech", text="We shall build a bridge by 2026.")
    wrong = a_row(source="speech", quote="We shall build a tunnel")
    right = a_row(source="speech", quote="we shall build a bridge".replace("we", "We"))
    assert [found[:2] for found in problems(csv_file(wrong, right))] == [(2, "quote")]


def test_publication_counts_only_where_it_is_asked_for() -> None:
    data = csv_file(a_row(publication="published"))
    (entry,) = compared(data)
    assert entry.warnings == ["It comes in as a draft."]
    assert [found[1] for found in problems(data, publish=True)] == ["parties", "source"]


def test_more_rows_cost_no_more_queries() -> None:
    def queries(how_many: int) -> int:
        rows = [a_row(key=f"key-{how_many}-{number}") for number in range(how_many)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            compared(csv_file(*rows))
        return len(captured)

    make_commitment()
    assert queries(1) == queries(3) == queries(300)
