"""Which day it is at a place, and which places are off the day of UTC."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commitments.time_zones import day_at, known_time_zones, zones_off_the_utc_day

TICK = timedelta(microseconds=1)


def test_known_time_zones_are_places_and_the_same_on_every_machine() -> None:
    assert known_time_zones() == zoneinfo.available_timezones() - {"localtime", "Factory"}
    assert {"UTC", "Asia/Almaty", "Pacific/Kiritimati", "Etc/GMT+12"} <= known_time_zones()


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("UTC", datetime(2026, 11, 24, tzinfo=UTC)),
        ("Asia/Almaty", datetime(2026, 11, 23, 19, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Etc/GMT+12", datetime(2026, 11, 24, 12, tzinfo=UTC)),
    ],
)
def test_day_at_changes_at_the_midnight_of_the_place(zone: str, midnight: datetime) -> None:
    days = [day_at(zone, midnight + distance) for distance in (-TICK, 0 * TICK, TICK)]
    assert days == [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 24)]


def test_day_at_skips_the_day_that_apia_never_had() -> None:
    last = datetime(2011, 12, 30, 10, tzinfo=UTC) - TICK
    assert [day_at("Pacific/Apia", last), day_at("Pacific/Apia", last + TICK)] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]


@pytest.mark.parametrize(
    ("hour", "has_ahead", "has_behind"),
    [(0, True, True), (9, True, True), (11, True, True), (12, True, False), (23, True, False)],
)
def test_some_place_is_off_the_day_at_every_hour(
    hour: int, has_ahead: bool, has_behind: bool
) -> None:
    ahead, behind = zones_off_the_utc_day(datetime(2026, 11, 24, hour, tzinfo=UTC))
    assert ("Pacific/Kiritimati" in ahead, "Etc/GMT+12" in behind) == (
        has_ahead and hour >= 10,
        has_behind,
    )


@settings(max_examples=300, deadline=None)
@given(
    day=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    zone=st.sampled_from(sorted(known_time_zones())),
    distance=st.sampled_from([-TICK, 0 * TICK, TICK]),
)
@example(day=date(2011, 12, 30), zone="Pacific/Apia", distance=0 * TICK)  # never was there
@example(day=date(2026, 4, 24), zone="Africa/Cairo", distance=0 * TICK)  # without a midnight
def test_the_zones_off_the_day_are_off_by_exactly_one(
    day: date, zone: str, distance: timedelta
) -> None:
    now = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) + distance
    ahead, behind = zones_off_the_utc_day(now)
    off = day_at(zone, now) - now.date()
    assert (zone in ahead, zone in behind) == (
        off == timedelta(days=1),
        off == timedelta(days=-1),
    )
    assert abs(off) <= timedelta(days=1)
