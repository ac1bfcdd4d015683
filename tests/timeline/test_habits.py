"""When a reader wants mail: rhythm, quiet hours and days, a pause, over the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.moments import Habits, end_of_quiet, first_slot, next_weekly

NINE = time(9, 0)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def habits(zone: str = "UTC", **fields: Any) -> Habits:
    return Habits(zone, **{"wall_time": NINE, **fields})


@pytest.mark.parametrize(
    ("instant", "slot"),
    [
        ("2026-11-24T08:59", "2026-11-24T09:00"),
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T09:01", "2026-11-25T09:00"),
    ],
)
def test_daily_slot_is_the_next_time_on_the_wall(instant: str, slot: str) -> None:
    assert first_slot(habits(rhythm="daily"), at(instant)) == at(slot)


@pytest.mark.parametrize(
    ("instant", "slot"),
    [
        ("2026-11-23T08:59", "2026-11-23T09:00"),  # a Monday
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T09:01", "2026-11-30T09:00"),
        ("2026-11-29T23:00", "2026-11-30T09:00"),
    ],
)
def test_weekly_slot_is_the_next_of_its_day(instant: str, slot: str) -> None:
    assert first_slot(habits(rhythm="weekly"), at(instant)) == at(slot)
    assert next_weekly(habits(), at(instant)) == at(slot)


def test_immediate_slot_is_the_instant_itself() -> None:
    assert first_slot(habits(), at("2026-11-24T03:14")) == at("2026-11-24T03:14")


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        ("2026-11-24T21:59", "2026-11-24T21:59"),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T06:59", "2026-11-25T07:00"),
        ("2026-11-25T07:00", "2026-11-25T07:00"),
    ],
)
def test_quiet_hours_over_midnight(instant: str, end: str) -> None:
    quiet = habits(quiet_from=time(22), quiet_until=time(7))
    assert end_of_quiet(quiet, at(instant)) == at(end)


def test_quiet_hours_within_a_day_and_of_no_length() -> None:
    noon = at("2026-11-24T12:30")
    assert end_of_quiet(habits(quiet_from=time(12), quiet_until=time(14)), noon).hour == 14
    assert end_of_quiet(habits(quiet_from=time(12), quiet_until=time(12)), noon) == noon


def test_quiet_weekend_and_hours_follow_each_other() -> None:
    weekend = habits("Asia/Almaty", quiet_days=0b1100000, quiet_from=time(22), quiet_until=time(7))
    friday_night = datetime(2026, 11, 27, 23, 0, tzinfo=ZoneInfo("Asia/Almaty"))
    monday = datetime(2026, 11, 30, 7, 0, tzinfo=ZoneInfo("Asia/Almaty"))
    assert end_of_quiet(weekend, friday_night) == monday


def test_daily_mail_within_quiet_hours_comes_at_their_end() -> None:
    early = habits(rhythm="daily", wall_time=time(5), quiet_from=time(22), quiet_until=time(7))
    assert first_slot(early, at("2026-11-24T04:00")) == at("2026-11-24T07:00")


def test_weekly_mail_on_a_quiet_day_comes_on_the_next() -> None:
    monday = habits(rhythm="weekly", quiet_days=0b1)
    assert first_slot(monday, at("2026-11-23T08:00")) == at("2026-11-24T00:00")


def test_pause_ends_and_the_rhythm_goes_on() -> None:
    paused = habits(rhythm="daily", paused_until=at("2026-12-01T12:00"))
    assert first_slot(paused, at("2026-11-24T08:00")) == at("2026-12-02T09:00")


@pytest.mark.parametrize(
    ("zone", "instant", "end"),
    [
        # 02:00-03:00 is left out on 29 March: a quiet time until 02:30 ends at 03:30.
        ("Europe/Berlin", "2026-03-29T00:30", "2026-03-29T01:30"),
        # 02:30 comes twice on 25 October; the first one ends it, the second hour is quiet again.
        ("Europe/Berlin", "2026-10-25T00:10", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T01:10", "2026-10-25T01:30"),
        ("America/New_York", "2026-11-01T06:10", "2026-11-01T07:30"),
    ],
)
def test_quiet_hours_end_where_clocks_change(zone: str, instant: str, end: str) -> None:
    quiet = habits(zone, quiet_from=time(1), quiet_until=time(2, 30))
    assert end_of_quiet(quiet, at(instant)) == at(end)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01"])
def test_daily_mail_comes_once_a_day_over_the_change_of_clocks(zone: str, day: str) -> None:
    daily = habits(zone, rhythm="daily", wall_time=time(2, 30))
    instant, slots = at(f"{day}T00:00") - timedelta(days=2), set()
    for _ in range(4 * 24):
        slots.add(first_slot(daily, instant))
        instant += timedelta(hours=1)
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in sorted(slots)]
    assert len(days) == len(set(days)) == 5


@given(
    instant=st.integers(0, 2 * 365 * 24 * 60).map(lambda n: at("2026-01-01T00:00") + n * MINUTE),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
    rhythm=st.sampled_from(["immediate", "daily", "weekly"]),
    hours=st.none() | st.tuples(st.times(), st.times()),
    quiet_days=st.integers(0, 126),
)
def test_slot_is_never_early_never_quiet_and_soon(
    instant: datetime, zone: str, rhythm: str, hours: Any, quiet_days: int
) -> None:
    quiet_from, quiet_until = hours or (None, None)
    chosen = habits(
        zone,
        rhythm=rhythm,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        quiet_days=quiet_days,
    )
    slot = first_slot(chosen, instant)
    assert instant <= slot <= instant + timedelta(days=15)
    assert end_of_quiet(chosen, slot) == slot
