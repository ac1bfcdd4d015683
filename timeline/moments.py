"""When a reminder is due: from a day of the window to an instant. Plain arithmetic, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.window import Window
from timeline.enums import ReminderKind

FRESH_FOR: Final = timedelta(hours=24)
"""How long a reminder is news after its time; later it is told as missed."""


def day_of_kind(kind: str, window: Window) -> date | None:
    """The day of the window that a kind counts from; None where the window has none."""
    if kind == ReminderKind.OPENS:
        return window.earliest
    if kind == ReminderKind.LAST_DAY:
        return window.latest
    if kind == ReminderKind.HALF_WAY and window.earliest and window.latest:
        return window.earliest + (window.latest - window.earliest) // 2
    return None


def instant_of(day: date, offset_days: int, wall_time: time, time_zone: str) -> datetime | None:
    """The instant (UTC) at which the clock on the wall shows `wall_time`, so many days off `day`.

    Where clocks jump over that time, or a whole day is missing, it is taken by the offset before
    the jump, and so shows later; where it comes twice, the first counts (PEP 495, fold 0).
    None beyond the years 1 to 9999.
    """
    try:
        there = datetime.combine(day + timedelta(days=offset_days), wall_time)
        return there.replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)
    except OverflowError:
        return None
