"""The record as of an earlier day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import move_date
from commitments.actions.publication import retract_commitment
from commitments.actions.status import StatusMove, change_status
from commitments.as_of import AsOf, commitments_at, read_as_of, select_versions
from commitments.enums import CitationRole, PartyRole, SourceKind, Status
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, CommitmentVersion
from commitments.models.version import Axis
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

RECORDED = datetime(2025, 2, 1, 12, 0, tzinfo=UTC)
MOVED = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)
SAID = date(2024, 11, 27)


def titles(query: str, *, now: datetime = NOW) -> list[str]:
    as_of, rest = read_as_of(QueryDict(query), now=now)
    assert as_of is not None
    return [row.title for row in commitments_at(select_versions(as_of, rest), as_of)]


def as_of(commitment: Commitment, day: str, axis: Axis = Axis.KNOWN) -> Commitment:
    moment = AsOf(date.fromisoformat(day), axis)
    versions = select_versions(moment, QueryDict()).filter(public_id=commitment.public_id)
    (found,) = commitments_at(versions, moment)
    return found


@pytest.fixture
def alley() -> Commitment:
    """Recorded on 1 February 2025; on 10 June it is recorded that it moved on 20 May."""
    alley = make_commitment(title="Alley", window="2025-21", now=RECORDED)
    moves = make_citation(alley, role=CitationRole.MOVES)
    move_date(
        commitment=alley,
        window=Window.parse("2026-21"),
        effective=Window.parse("2025-05-20"),
        citations=[moves],
        actor=make_editor(),
        now=MOVED,
    )
    return alley


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-01-31", []), ("2025-02-01", ["Alley"]), ("2025-02-02", ["Alley"])]
)
def test_known_list_begins_on_the_day_of_the_record(
    alley: Commitment, day: str, expected: list[str]
) -> None:
    assert titles(f"as_of={day}") == expected


@pytest.mark.parametrize(
    ("day", "window"),
    [("2025-06-09", "2025-21"), ("2025-06-10", "2026-21"), ("2025-06-11", "2026-21")],
)
def test_known_window_moves_on_the_day_on_which_the_move_was_recorded(
    alley: Commitment, day: str, window: str
) -> None:
    earlier = as_of(alley, day)
    assert earlier.window == window
    assert len(earlier.date_moves.all()) == (window == "2026-21")


@pytest.mark.parametrize(
    ("day", "window"),
    [("2025-05-19", "2025-21"), ("2025-05-20", "2026-21"), ("2025-05-21", "2026-21")],
)
def test_effective_window_moves_on_the_day_on_which_the_move_was_said(
    alley: Commitment, day: str, window: str
) -> None:
    assert as_of(alley, day, Axis.EFFECTIVE).window == window


@pytest.mark.parametrize(("day", "expected"), [("2024-11-26", []), ("2024-11-27", ["Alley"])])
def test_effective_list_begins_on_the_day_on_which_it_was_said(
    alley: Commitment, day: str, expected: list[str]
) -> None:
    assert titles(f"as_of={day}&as_of_time=effective") == expected


def test_status_is_known_later_than_it_is_effective(alley: Commitment) -> None:
    shown = make_citation(alley, make_source(kind=SourceKind.REPORT, date=date(2025, 3, 5)))
    change_status(
        commitment=alley,
        move=StatusMove(Status.IN_PROGRESS, Window.parse("2025-03-01"), citations=(shown,)),
        actor=make_editor(),
        now=datetime(2025, 9, 1, tzinfo=UTC),
    )
    assert as_of(alley, "2025-08-31").status == Status.ANNOUNCED
    assert as_of(alley, "2025-09-01").status == Status.IN_PROGRESS
    assert as_of(alley, "2025-02-28", Axis.EFFECTIVE).status == Status.ANNOUNCED
    assert as_of(alley, "2025-03-01", Axis.EFFECTIVE).status == Status.IN_PROGRESS


def test_schedule_filter_is_that_of_the_day(alley: Commitment) -> None:
    assert titles("as_of=2025-06-05&schedule=overdue") == ["Alley"]
    assert titles("as_of=2025-06-10&schedule=overdue") == []


def test_corrected_window_was_never_another_in_the_world(alley: Commitment) -> None:
    other = make_commitment(title="Bridge", window="2025-01", now=RECORDED)
    move_date(
        commitment=other,
        window=Window.parse("2025-10"),
        is_correction=True,
        reason="typing error",
        actor=make_editor(),
        now=MOVED,
    )
    assert as_of(other, "2025-03-01").window == "2025-01"
    assert as_of(other, "2025-03-01", Axis.EFFECTIVE).window == "2025-10"


def test_texts_parties_and_topics_are_those_that_were_known() -> None:
    first, second = make_party("first"), make_party("second")
    space, trade = make_topic("space"), make_topic("trade")
    commitment = make_commitment(
        title="Old words", parties=[(first, PartyRole.PROMISED_BY)], topics=[space], now=RECORDED
    )
    correct_commitment(
        commitment=commitment,
        fields={"title": "New words", "summary": "More"},
        parties=[(second, PartyRole.RESPONSIBLE)],
        topics=[trade],
        actor=None,
        now=MOVED,
    )
    before, after = as_of(commitment, "2025-03-01"), as_of(commitment, "2025-07-01")
    assert (before.title, before.summary) == ("Old words", "")
    assert (after.title, after.summary) == ("New words", "More")
    assert [(part.party, part.role) for part in before.involvements.all()] == [
        (first, "promised_by")
    ]
    assert [(part.party, part.role) for part in after.involvements.all()] == [
        (second, "responsible")
    ]
    assert [list(row.topics.all()) for row in (before, after)] == [[space], [trade]]
    assert titles("as_of=2025-03-01&party=first&role=promised_by") == ["Old words"]
    assert titles("as_of=2025-03-01&role=responsible") == []
    assert titles("as_of=2025-07-01&topic=trade&q=new") == ["New words"]


def test_what_was_taken_back_since_is_not_shown_as_of_earlier(alley: Commitment) -> None:
    retract_commitment(commitment=alley, actor=make_approver(), now=NOW, reason="Libel")
    assert titles("as_of=2025-03-01") == []
    assert titles("as_of=2025-03-01&as_of_time=effective") == []


def test_draft_of_that_day_is_not_shown() -> None:
    make_commitment(published=False, now=RECORDED)
    assert titles("as_of=2025-03-01") == []


def test_one_version_holds_at_each_instant(alley: Commitment) -> None:
    for axis in Axis:
        spans = list(
            CommitmentVersion.objects.filter(commitment=alley, axis=axis).order_by("since", "pk")
        )
        assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2025-02-30", "as_of"),
        ("as_of=2026-11-25", "as_of"),
        ("as_of=2025-01-01&as_of=2025-01-02", "as_of"),
        ("as_of=2025-01-01&as_of_time=both", "as_of_time"),
    ],
)
def test_what_is_no_earlier_day_is_refused(query: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_as_of(QueryDict(query), now=NOW)
    assert caught.value.field == field


def test_no_day_means_now() -> None:
    found, rest = read_as_of(QueryDict("status=announced"), now=NOW)
    assert found is None
    assert rest.dict() == {"status": "announced"}


def test_today_is_as_of_its_end() -> None:
    found, _rest = read_as_of(QueryDict("as_of=2026-11-24"), now=NOW)
    assert found == AsOf(date(2026, 11, 24), Axis.KNOWN)
    assert found.instant + timedelta(microseconds=1) == datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(how_many):
        make_commitment(now=RECORDED, topics=[make_topic()])
    # Versions, today's rows, four relations, topics, parties.
    with django_assert_num_queries(8):
        assert len(titles("as_of=2025-03-01")) == how_many
