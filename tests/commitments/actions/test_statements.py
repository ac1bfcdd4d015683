"""Statement files: the shipped one, the same one twice, and a hundred ways to be wrong."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commitments.actions.commitments import correct_commitment
from commitments.enums import Evidence, Publication, Status, Strength
from commitments.exceptions import StatementInvalid
from commitments.models import Citation, Commitment, Party, Revision, Source, Target, Topic, User
from tests.builders import NOW
from tests.commitments.actions.loading import load, problems_of
from tests.commitments.record_state import changed_tables, whole_record
from tests.commitments.statement_files import Document, as_file, whole_document

pytestmark = pytest.mark.django_db

SHIPPED = Path(__file__).parents[3] / "commitments" / "data" / "statement-2024-11-27.json"


def test_the_shipped_file_loads_38_commitments() -> None:
    loaded = load(SHIPPED.read_bytes())
    assert (loaded.recorded["commitments"], loaded.recorded["parties"]) == (38, 4)
    assert Commitment.objects.published().count() == 38
    launch = Commitment.objects.get(key="baiterek-first-launch")
    assert (launch.window, launch.wording, launch.status, launch.time_zone) == (
        "2025",
        "next year, as planned",
        "in_progress",
        "Asia/Almaty",
    )
    trade = Target.objects.get(commitment__key="trade-over-30bn")
    assert (trade.baseline, trade.goal, trade.comparison) == (
        Decimal(28_400_000_000),
        Decimal(30_000_000_000),
        "more_than",
    )
    assert Commitment.objects.filter(strength=Strength.PROPOSAL).exists()
    # What the source reports as done is so by its own word.
    reported = Commitment.objects.filter(status=Status.DELIVERED)
    assert reported.count() > 0
    assert set(reported.values_list("evidence", flat=True)) == {Evidence.CLAIMED}


def test_loading_a_file_twice_changes_nothing() -> None:
    first = load(SHIPPED.read_bytes())
    before = whole_record()
    second = load(SHIPPED.read_bytes())
    assert changed_tables(before) == set()
    assert second.present == first.recorded
    assert set(second.recorded.values()) == {0}


def test_loading_again_leaves_what_the_desk_has_corrected() -> None:
    load(as_file(whole_document()))
    commitment = Commitment.objects.get(key="launch")
    correct_commitment(
        commitment=commitment, fields={"title": "The first launch"}, actor=None, now=NOW
    )
    load(as_file(whole_document()))
    assert Commitment.objects.get(key="launch").title == "The first launch"


def test_a_later_file_adds_to_an_earlier_one() -> None:
    load(as_file(whole_document()))
    more: Document = {
        "commitments": [
            {
                "key": "second-launch",
                "kind": "milestone",
                "title": "Second launch",
                "status": "announced",
                "source": "talks",
                "said_by": "president",
                "parent": "programme",
            }
        ]
    }
    loaded = load(as_file(more))
    assert loaded.recorded == {"sources": 0, "parties": 0, "topics": 0, "commitments": 1}
    assert Commitment.objects.get(key="second-launch").parent == Commitment.objects.get(
        key="programme"
    )


def test_everything_that_a_row_says_is_recorded() -> None:
    load(as_file(whole_document()))
    launch = Commitment.objects.get(key="launch")
    assert launch.publication == Publication.PUBLISHED
    assert (launch.earliest, launch.latest) == (date(2025, 1, 1), date(2025, 12, 31))
    assert launch.parent == Commitment.objects.get(key="programme")
    assert [topic.name for topic in launch.topics.all()] == ["Space"]
    parts = sorted((part.role, part.party.key) for part in launch.involvements.all())
    assert parts == [("promised_by", "president"), ("responsible", "kz")]
    quoted, second = launch.citations.order_by("pk")
    assert (quoted.quote, quoted.start, quoted.said_by) == (
        "next year, as planned",
        19,
        Party.objects.get(key="president"),
    )
    assert (second.locator, second.quote, second.said_by) == ("page 2", "", None)
    president = Party.objects.get(key="president")
    assert (president.office, president.body) == ("President", Party.objects.get(key="kz"))


def test_a_topic_that_no_row_names_gets_its_key_as_its_name() -> None:
    document = whole_document()
    document["commitments"][1]["topics"] = ["deep-space"]
    load(as_file(document))
    assert Topic.objects.get(key="deep-space").name == "deep space"


def test_rows_may_stand_in_any_order() -> None:
    document = whole_document()
    document["parties"].reverse()
    document["commitments"].reverse()
    document = dict(reversed(document.items()))
    loaded = load(as_file(document))
    assert (loaded.recorded["parties"], loaded.recorded["commitments"]) == (2, 2)
    assert Commitment.objects.get(key="launch").parent is not None


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_is_left_empty_is_as_if_it_were_left_out(nothing: object) -> None:
    document = whole_document()
    row = document["commitments"][1]
    for name in ("parties", "topics", "also"):
        row[name] = nothing
    if nothing != []:
        for name in ("summary", "note", "place", "parent", "target", "hemisphere", "due"):
            row[name] = nothing
    load(as_file(document))
    assert Commitment.objects.get(key="launch").topics.count() == 0


@pytest.mark.parametrize("empty", [{}, {"about": "Nothing."}, {"sources": []}])
def test_an_empty_file_loads_nothing(empty: Document) -> None:
    assert set(load(as_file(empty)).recorded.values()) == {0}


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load(b"\xef\xbb\xbf" + as_file(whole_document())).recorded["commitments"] == 2


def test_it_is_written_in_the_name_of_who_loads_it(approver: User) -> None:
    load(as_file(whole_document()), actor=approver)
    assert set(Revision.objects.values_list("actor", flat=True)) == {approver.pk}


def test_who_may_not_publish_loads_nothing(editor: User) -> None:
    before = whole_record()
    with pytest.raises(StatementInvalid) as caught:
        load(as_file(whole_document()), actor=editor)
    assert changed_tables(before) == set()
    assert caught.value.problems[0].endswith("Only an approver may publish or retract.")


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("commitments.actions.statements.publish_commitment", fail)
    before = whole_record()
    with pytest.raises(RuntimeError, match="the disk is full"):
        load(as_file(whole_document()))
    assert changed_tables(before) == set()


def test_a_large_file_is_read_in_time_to_its_size() -> None:
    row = {"key": "a", "name": "A", "translations": {"ru": {"name": "А"}}}
    rows = [{**row, "key": f"topic-{number}"} for number in range(20_000)]
    rows[-1]["colour"] = "blue"
    begun = time.process_time()
    [problem] = problems_of(as_file({"topics": rows}))
    assert problem.startswith("line 179994, topics “topic-19999”: colour:")
    assert time.process_time() - begun < 20


def test_an_object_of_many_fields_with_one_twice_is_refused_at_once() -> None:
    fields = ", ".join(f'"f{number}": 1' for number in range(100_000))
    begun = time.process_time()
    [problem] = problems_of(f'{{{fields}, "f99999": 2}}'.encode())
    assert problem == "line 1, column 2: this is not JSON (“f99999” stands twice)."
    assert time.process_time() - begun < 10


def test_the_texts_of_a_file_come_back_as_they_were() -> None:
    document = whole_document()
    title = "«Байтерек» 👨‍👩‍👧 – é, \\N; =1+1 <b>"
    document["commitments"][1]["title"] = title
    document["commitments"][1]["summary"] = "Бір.\nЕкі.\tҮш."
    load(json.dumps(document, ensure_ascii=False).encode())
    launch = Commitment.objects.get(key="launch")
    assert (launch.title, launch.summary) == (title, "Бір.\nЕкі.\tҮш.")
    assert Citation.objects.count() == 3
    assert Source.objects.count() == 1
