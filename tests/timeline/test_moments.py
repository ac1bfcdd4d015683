"""When a reminder is due, where the clocks change and days are missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from commitments.window import Window
from timeline.enums import ReminderKind
from timeline.moments import day_of_kind, instant_of


@pytest.mark.parametrize(
    ("day", "wall_time", "time_zone", "expected"),
    [
        pytest.param(
            date(2026, 3, 29),
            time(2, 30),
            "Europe/Berlin",
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
            id="gap-in-Berlin-rem38",
        ),
        pytest.param(
            date(2026, 4, 24),
            time(0, 0),
            "Africa/Cairo",
            datetime(2026, 4, 23, 22, 0, tzinfo=UTC),
            id="gap-at-midnight-in-Cairo-rem40",
        ),
        pytest.param(
            date(2011, 12, 30),
            time(8, 0),
            "Pacific/Apia",
            datetime(2011, 12, 30, 18, 0, tzinfo=UTC),
            id="a-day-that-Apia-left-out-rem41",
        ),
        pytest.param(
            date(2026, 10, 25),
            time(2, 30),
            "Europe/Berlin",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            id="comes-twice-the-first-counts",
        ),
        pytest.param(
            date(2026, 12, 31),
            time(9, 0),
            "Asia/Almaty",
            datetime(2026, 12, 31, 4, 0, tzinfo=UTC),
            id="an-ordinary-day",
        ),
    ],
)
def test_instant_is_that_of_the_clock_on_the_wall(
    day: date, wall_time: time, time_zone: str, expected: datetime
) -> None:
    assert instant_of(day, 0, wall_time, time_zone) == expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-1, date(2026, 12, 30)), (0, date(2026, 12, 31)), (1, date(2027, 1, 1))],
)
def test_instant_lies_the_offset_off_the_day(offset: int, expected: date) -> None:
    instant = instant_of(date(2026, 12, 31), offset, time(9), "UTC")
    assert instant == datetime.combine(expected, time(9), UTC)


@pytest.mark.parametrize(("day", "offset"), [(date.max, 1), (date.min, -1)])
def test_instant_beyond_the_calendar_is_none(day: date, offset: int) -> None:
    assert instant_of(day, offset, time(9), "UTC") is None


@pytest.mark.parametrize(
    ("window", "opens", "half_way", "last_day"),
    [
        ("2025-21", date(2025, 3, 1), date(2025, 4, 15), date(2025, 5, 31)),
        ("2025-05-01", date(2025, 5, 1), date(2025, 5, 1), date(2025, 5, 1)),
        ("2025/..", date(2025, 1, 1), None, None),
        ("../2025", None, None, date(2025, 12, 31)),
        ("", None, None, None),
    ],
)
def test_day_of_kind_is_a_day_of_the_window(
    window: str, opens: date | None, half_way: date | None, last_day: date | None
) -> None:
    parsed = Window.parse(window)
    kinds = (ReminderKind.OPENS, ReminderKind.HALF_WAY, ReminderKind.LAST_DAY)
    assert [day_of_kind(kind, parsed) for kind in kinds] == [opens, half_way, last_day]
