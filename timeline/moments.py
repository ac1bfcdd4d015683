"""When a reminder is due: from a day of the window to an instant. Plain arithmetic, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commitments.window import Window
from timeline.enums import ReminderKind, Rhythm

FRESH_FOR: Final = timedelta(hours=24)
"""How long a reminder is news after its time; later it is told as missed."""

DAYS_OF_A_WEEK: Final = 7
MIDNIGHT: Final = time(0, 0)


@dataclass(frozen=True, slots=True)
class Habits:
    """When a reader wants mail: on the clock on their wall. `quiet_days` has bit 0 for Monday."""

    time_zone: str
    wall_time: time
    rhythm: str = Rhythm.IMMEDIATE
    weekly_day: int = 1
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: int = 0
    paused_until: datetime | None = None


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


def first_slot(habits: Habits, instant: datetime) -> datetime:
    """The first instant, not before `instant`, at which a mail may go out to this reader."""
    if habits.paused_until is not None:
        instant = max(instant, habits.paused_until)
    if habits.rhythm == Rhythm.DAILY:
        instant = _next_on_the_wall(habits, instant, weekday=None)
    elif habits.rhythm == Rhythm.WEEKLY:
        instant = next_weekly(habits, instant)
    return end_of_quiet(habits, instant)


def next_weekly(habits: Habits, instant: datetime) -> datetime:
    """The first time of the weekly mail that is not before `instant`; quiet days do not count."""
    return _next_on_the_wall(habits, instant, weekday=habits.weekly_day)


def end_of_quiet(habits: Habits, instant: datetime) -> datetime:
    """The first instant, not before `instant`, that lies in no quiet hour and on no quiet day."""
    # A quiet day and quiet hours may follow each other; one day of the week is never quiet.
    for _ in range(3 * DAYS_OF_A_WEEK):
        end = _end_of_one_quiet(habits, instant)
        if end is None:
            break
        instant = end
    return instant


def _next_on_the_wall(habits: Habits, instant: datetime, weekday: int | None) -> datetime:
    today = instant.astimezone(ZoneInfo(habits.time_zone)).date()
    for days in range(-1, DAYS_OF_A_WEEK + 2):
        day = today + timedelta(days=days)
        slot = _after(instant, day, habits.wall_time, habits.time_zone)
        if slot is not None and weekday in (None, day.isoweekday()):
            return slot
    return instant


def _end_of_one_quiet(habits: Habits, instant: datetime) -> datetime | None:
    there = instant.astimezone(ZoneInfo(habits.time_zone))
    day, now = there.date(), there.time()
    if habits.quiet_days >> day.weekday() & 1:
        return _next_at(instant, day + timedelta(days=1), MIDNIGHT, habits.time_zone)
    begin, end = habits.quiet_from, habits.quiet_until
    if begin is None or end is None or begin == end:
        return None
    if begin < end:
        return _next_at(instant, day, end, habits.time_zone) if begin <= now < end else None
    if now >= begin:
        return _next_at(instant, day + timedelta(days=1), end, habits.time_zone)
    return _next_at(instant, day, end, habits.time_zone) if now < end else None


def _next_at(instant: datetime, day: date, wall_time: time, time_zone: str) -> datetime:
    """Later than `instant` in every case: where an hour comes twice, its second time counts."""
    first = _after(instant, day, wall_time, time_zone)
    if first is not None and first > instant:
        return first
    there = datetime.combine(day, wall_time).replace(tzinfo=ZoneInfo(time_zone), fold=1)
    return max(there.astimezone(UTC), instant + timedelta(minutes=1))


def _after(instant: datetime, day: date, wall_time: time, time_zone: str) -> datetime | None:
    slot = instant_of(day, 0, wall_time, time_zone)
    return slot if slot is not None and slot >= instant else None
