"""Whole calendars, byte for byte, as files that a person can read and a client can open.

After a change that is meant: `UPDATE_GOLDEN=1 pytest tests/timeline/ical/test_golden.py`, then look
at the difference. Subscribers see every one of these bytes again.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.timeline.ical.samples import CITATION, make_entry, make_plain_entry
from tests.timeline.ical.strict_checker import problems
from timeline.entries import Entry, EntryStatusChange, EntryTopic
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices

GOLDEN = Path(__file__).parent / "golden"

LAUNCH = make_entry(
    window="2025",
    public_id="c3456789",
    title="First Soyuz-5 launch from the Baiterek complex",
    summary="",
    window_words="2025",
    wording="next year, as planned",
    status="in_progress",
    status_label="in progress",
    place="Baikonur Cosmodrome",
    evidence_checked_on=None,
    topics=(EntryTopic("space", "space"),),
    citations=(),
    moves=(),
    parties=(),
)
VICTORY = make_entry(
    window="2025-05-09",
    public_id="d4567892",
    title="80th anniversary of Victory: celebrations in Moscow",
    summary="",
    window_words="9 May 2025",
    wording="May 9",
    status="delivered",
    status_label="delivered",
    evidence="documented",
    evidence_label="documented",
    place="Moscow",
    moves=(),
    parties=(),
    status_changes=(
        EntryStatusChange(
            recorded_at=datetime(2025, 5, 10, tzinfo=UTC),
            from_status="announced",
            from_label="announced",
            to_status="delivered",
            to_label="delivered",
            effective_words="9 May 2025",
            reason="",
            reason_label="",
            missing="",
            by_two=True,
        ),
    ),
)
PROPOSAL = make_entry(
    window="2026-04/..",
    public_id="f5678923",
    title="Ayil, қала; «город» \\ 村: 👩‍👩‍👧‍👦",
    summary="Первая строка.\r\nВторая строка — " + "длинная, " * 12 + "и всё.",
    strength="proposal",
    strength_label="proposal",
    window_words="from April 2026",
    citations=(replace(CITATION, quote="Мы предлагаем; подумайте."),),
)
GONE = make_entry(
    window="2026-06-01", public_id="g6789234", is_tombstone=True, status="", title="", revision=5
)
UNDATED = make_entry(window="", public_id="h7892345", window_words="")
LAST_OF_ALL = make_plain_entry("The last day of all", number=9, window="9999-12-31")

EVERYTHING = (make_entry(), LAUNCH, VICTORY, PROPOSAL, GONE, UNDATED, LAST_OF_ALL)

CASES: dict[str, tuple[CalendarChoices, tuple[Entry, ...]]] = {
    "last-day": (CalendarChoices(), EVERYTHING),
    "window-with-all-choices": (
        CalendarChoices(show="window", alarms=(0, 7), todos=True, links=True, schedule_words=True),
        EVERYTHING,
    ),
    "without-done": (CalendarChoices(done="drop"), EVERYTHING),
    "empty": (CalendarChoices(), ()),
}


@pytest.mark.parametrize("name", CASES)
def test_calendar_is_the_golden_one(name: str) -> None:
    choices, entries = CASES[name]
    data = b"".join(write_calendar(entries, name="Commitments", choices=choices))

    path = GOLDEN / f"{name}.ics"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(data)
        pytest.fail(f"{path} is written anew; look at the difference and run again without")

    assert data == path.read_bytes()
    assert problems(data) == []


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(CASES)
