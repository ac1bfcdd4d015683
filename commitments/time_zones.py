"""The time zones that this machine knows, and which of them are on which day; plain Python."""

from __future__ import annotations

import functools
import zoneinfo
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@functools.cache
def known_time_zones() -> frozenset[str]:
    """The names of the IANA database; read once, since the library walks its files each time.

    Without the two that are no place: "localtime" is whatever this machine is set to, and
    "Factory" says that nobody has set it.
    """
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def day_at(time_zone: str, now: datetime) -> date:
    """The day on the wall at `time_zone` (an IANA name) at the instant `now` (aware)."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def zones_off_the_utc_day(now: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """The time zones whose day is already tomorrow, and those whose day is still yesterday.

    "Tomorrow" and "yesterday" seen from the UTC day of `now`. No zone is further off: offsets
    lie between -12 and +14 hours. Remembered by the minute, as no zone changes its day within one.
    """
    return _zones_off(now.astimezone(UTC).replace(second=0, microsecond=0))


@functools.lru_cache(maxsize=16)
def _zones_off(minute: datetime) -> tuple[frozenset[str], frozenset[str]]:
    days = {zone: day_at(zone, minute) for zone in known_time_zones()}
    ahead = frozenset(zone for zone, day in days.items() if day > minute.date())
    behind = frozenset(zone for zone, day in days.items() if day < minute.date())
    return ahead, behind
