"""Move the promised time, correct it, and let it count from something else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commitments.actions.dates import anchor_date, move_date
from commitments.enums import AnchorUnit, Status
from commitments.exceptions import InvalidInput, NotAllowed, TransitionRefused
from commitments.models import Citation, Commitment, DateMove, Revision, User
from commitments.window import Hemisphere, Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_source,
)
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def move(commitment: Commitment, window: str, **given: Any) -> DateMove:
    fields: dict[str, Any] = {"actor": given.pop("actor", None) or make_editor(), "now": NOW}
    if "citations" not in given and not given.get("is_correction"):
        given["citations"] = [make_citation(commitment)]
    return move_date(commitment=commitment, window=Window.parse(window), **fields, **given)


def refusal(commitment: Commitment, window: str, **given: Any) -> InvalidInput:
    given.setdefault("actor", make_editor())
    if "citations" not in given:
        given["citations"] = [make_citation(commitment)]
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        move(commitment, window, **given)
    assert changed_tables(before) == set()
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "kind", "slip"),
    [
        ("2025", "2026", "slipped", 365),
        ("2025-21", "2026-23", "slipped", 548),
        ("2026", "2025", "pulled_in", -365),
        ("2025", "2025-06", "firmed", -184),
        ("2025-06", "2025", "loosened", 184),
        ("2025", "2025~", "corrected", 0),
        ("2025", "2025-01-01/2025-12-31", "corrected", 0),
        ("", "2026", "firmed", None),
        ("2026", "", "loosened", None),
        ("2026", "2026/..", "loosened", None),
        ("2026/..", "2027/..", "firmed", None),
    ],
)
def test_a_move_is_named_by_its_windows(old: str, new: str, kind: str, slip: int | None) -> None:
    commitment = make_commitment(window=old)
    row = move(commitment, new)
    assert (row.kind, row.slip_days, row.from_window, row.to_window) == (kind, slip, old, new)
    now = Commitment.objects.get(pk=commitment.pk)
    window = Window.parse(new)
    assert (now.window, now.earliest, now.latest) == (new, window.earliest, window.latest)


def test_a_move_keeps_its_words_its_day_its_reason_and_its_sources(editor: User) -> None:
    commitment = make_commitment(window="2025", wording="next year, as planned")
    citation = make_citation(commitment)
    row = move(
        commitment,
        "2026",
        wording="in 2026",
        effective=Window.parse("2025-11"),
        reason="The tower is late.",
        citations=[citation],
        actor=editor,
    )
    assert (row.from_wording, row.to_wording) == ("next year, as planned", "in 2026")
    assert (row.effective, row.since, row.recorded_at) == ("2025-11", date(2025, 11, 1), NOW)
    assert (row.actor, row.reason, list(row.citations.all())) == (
        editor,
        "The tower is late.",
        [citation],
    )
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.wording, now.revision, now.changed_at) == ("in 2026", row.revision, NOW)
    logged = Revision.objects.latest("number")
    assert (logged.kind, logged.revision, logged.reason) == (
        "date_moved",
        row.revision,
        "The tower is late.",
    )
    assert logged.changes == {
        "window": ["2025", "2026"],
        "wording": ["next year, as planned", "in 2026"],
        "date_move": [None, row.log_state()],
    }


def test_a_move_without_new_words_does_not_keep_the_old_ones() -> None:
    commitment = make_commitment(window="2025", wording="next year")
    move(commitment, "2026")
    assert Commitment.objects.get(pk=commitment.pk).wording == ""


def test_a_correction_is_no_slip_and_keeps_the_words() -> None:
    commitment = make_commitment(window="2025", wording="next year")
    row = move(commitment, "2026", is_correction=True, reason="Misread.")
    assert (row.kind, row.slip_days, row.to_wording) == ("corrected", None, "next year")


def test_a_move_is_said_somewhere_or_is_a_correction_with_its_reason() -> None:
    commitment = make_commitment(window="2025")
    assert refusal(commitment, "2026", citations=[]).field == "citations"
    assert refusal(commitment, "2026", citations=[], is_correction=True).field == "reason"
    error = refusal(commitment, "2026", citations=[], is_correction=True, reason="\n ")
    assert error.field == "reason"


def test_a_move_to_the_same_window_is_refused() -> None:
    commitment = make_commitment(window="2025")
    assert refusal(commitment, "2025").field == "window"
    assert refusal(make_commitment(window=""), "").field == "window"


def test_a_move_does_not_rest_on_a_citation_of_another_or_one_that_is_gone() -> None:
    commitment, other = make_commitment(), make_commitment()
    assert refusal(commitment, "2030", citations=[make_citation(other)]).field == "citations"
    gone = make_citation(commitment)
    kept = Citation.objects.get(pk=gone.pk)
    gone.delete()
    assert refusal(commitment, "2030", citations=[kept]).field == "citations"


@pytest.mark.parametrize(
    ("effective", "fits"), [("2026-11-24", True), ("2026-11-25", False), ("2026", True)]
)
def test_a_move_was_not_said_on_a_day_to_come_at_the_place(effective: str, fits: bool) -> None:
    commitment = make_commitment(window="2025", time_zone="Asia/Almaty")
    last = datetime(2026, 11, 24, 19, tzinfo=UTC) - timedelta(microseconds=1)
    given: dict[str, Any] = {
        "citations": [make_citation(commitment)],
        "actor": make_editor(),
        "now": last,
    }
    said, window = Window.parse(effective), Window.parse("2027")
    if fits:
        row = move_date(commitment=commitment, window=window, effective=said, **given)
        assert row.effective == effective
        return
    with pytest.raises(InvalidInput) as caught:
        move_date(commitment=commitment, window=window, effective=said, **given)
    assert caught.value.field == "effective"


@pytest.mark.parametrize(
    "status",
    [
        Status.DELIVERED,
        Status.PARTLY_DELIVERED,
        Status.NOT_DELIVERED,
        Status.WITHDRAWN,
        Status.SUPERSEDED,
        Status.UNVERIFIABLE,
    ],
)
def test_after_its_verdict_a_date_moves_no_more(status: Status, editor: User) -> None:
    commitment = make_commitment_in(status)
    citation, source = make_citation(commitment), make_source()
    before = whole_record()
    for act in (
        lambda: move(commitment, "2030", citations=[citation], actor=editor),
        lambda: anchor_date(
            commitment=commitment,
            anchor=source,
            amount=1,
            unit=AnchorUnit.DAY,
            actor=editor,
            now=NOW,
        ),
    ):
        with pytest.raises(TransitionRefused) as caught:
            act()
        assert caught.value.specific_code == "has_verdict"
    assert changed_tables(before) == set()


def test_only_an_editor_moves_a_date(nobody: User) -> None:
    commitment = make_commitment()
    before = whole_record()
    with pytest.raises(NotAllowed):
        move(commitment, "2030", citations=[], actor=nobody)
    assert changed_tables(before) == set()


def test_a_season_is_that_of_the_place() -> None:
    commitment = make_commitment(window="2025", hemisphere=Hemisphere.SOUTH)
    row = move(commitment, "2025-21")
    assert row.to_window == "2025-29"
    assert Commitment.objects.get(pk=commitment.pk).latest == date(2025, 11, 30)
    assert refusal(commitment, "2025-21").field == "window"


@pytest.mark.parametrize(
    ("field", "value"),
    [("wording", "a\nb"), ("wording", "x" * 301), ("reason", "\x00"), ("reason", "x" * 2001)],
)
def test_words_that_the_record_cannot_hold_are_refused(field: str, value: str) -> None:
    found = refusal(make_commitment(), "2030", **{field: value}).field
    assert found == {"wording": "to_wording", "reason": "reason"}[field]
