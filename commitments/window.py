"""The window: a vague date as a value, in the notation EDTF (ISO 8601-2:2019).

Plain Python, no Django. "2026" is a window of 365 days, not the first of January.

What is read: level 1 of the Library of Congress profile (https://www.loc.gov/standards/datetime/)
within the years 0001 to 9999, and of level 2 the groupings of ISO 8601-2 clause 4.8 that
promises are made in: quarters 33-36, halves 40-41, seasons of a named hemisphere 25-32.
`..` is an open end, nothing at all beside the slash is an unknown end.

Decided here:

* Seasons are the three-month ones of weather services. Northern: spring is March to May. A season
  that crosses the year bears the year it **starts** in: 2024-24, "winter 2024", is December 2024 to
  February 2025. ISO leaves both to agreement. The other choice (January, February and the December
  after them) is nobody's winter, and the year it ends in would put winter before spring.
* 21-24 follow the hemisphere of the place. Read for the south they become 29-32, the codes that
  name the south, so that the stored text alone still tells the days.
* `~` (approximate), `?` (uncertain) and `%` (both) never widen the days: nobody said how much
  "about" is, and a number of days would be invented.
* An unspecified digit (201X, 2026-XX) opens the window to all that it could be.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from commitments import window_text
from commitments.exceptions import WindowError


class Hemisphere(enum.StrEnum):
    """Where the place lies: it decides which months a season is."""

    NORTH = "north"
    SOUTH = "south"


class Precision(enum.StrEnum):
    """How finely a point is given; SOME_ are the ones that name the grain but not which one."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    SOME_MONTH_OF_YEAR = "some_month_of_year"
    SOME_DAY_OF_MONTH = "some_day_of_month"
    SOME_DAY_OF_YEAR = "some_day_of_year"


class Shape(enum.StrEnum):
    """What stands left and right of the slash, if there is one."""

    UNDATED = "undated"
    SINGLE = "single"
    INTERVAL = "interval"
    OPEN_START = "open_start"
    OPEN_END = "open_end"
    UNKNOWN_START = "unknown_start"
    UNKNOWN_END = "unknown_end"


class Point(NamedTuple):
    """One date of whatever grain: a window by itself, or one side of an interval.

    `year` is the first year for a decade or century; `part` is the month (1-12) or the code
    of the grouping (21-41), 0 without; `day` is 0 without; `first` and `last` are its days.
    """

    text: str
    precision: Precision
    year: int
    part: int
    day: int
    qualifier: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days in which something is to happen. Made by `parse`, `of_day`, `undated`.

    Two windows are equal when their canonical text is: "2026" and "2026-01-01/2026-12-31" have
    the same days but do not say the same.

    `earliest` and `latest` are the first and last possible day, None where open, unknown or
    undated. `start` and `end` are the same point for a single date.
    """

    text: str
    shape: Shape = field(compare=False)
    start: Point | None = field(compare=False)
    end: Point | None = field(compare=False)
    earliest: date | None = field(compare=False)
    latest: date | None = field(compare=False)

    @staticmethod
    def parse(text: str, *, hemisphere: Hemisphere = Hemisphere.NORTH) -> Window:
        """Read EDTF; "" (or only spaces) is undated. `hemisphere` is that of the place.

        Raises WindowError, whose sentence names the fix, for everything else. More than
        100,000 texts a second, also ones not met before; a text of any length is refused at once.
        """
        if len(text) > window_text.MAX_LENGTH:  # before the cache, which must not keep megabytes
            raise WindowError(window_text.too_long())
        return _parse(text, hemisphere)

    @staticmethod
    def undated() -> Window:
        """The window of something that was promised for no stated time."""
        return _UNDATED

    @staticmethod
    def of_day(day: date) -> Window:
        """The window of exactly one day; of a datetime, its own calendar day."""
        return _parse(date.isoformat(day), Hemisphere.NORTH)

    def __str__(self) -> str:
        """The canonical EDTF text, "" if undated; `Window.parse(str(w)) == w` for every window."""
        return self.text

    @property
    def is_undated(self) -> bool:
        return self.shape is Shape.UNDATED

    @property
    def is_day(self) -> bool:
        """Whether only one day is possible."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def is_interval(self) -> bool:
        """Whether it has a start and an end of its own, one of them perhaps open or unknown."""
        return self.shape not in {Shape.UNDATED, Shape.SINGLE}

    @property
    def is_uncertain(self) -> bool:
        """Whether a side bears `?` or `%`: the source itself may be wrong."""
        return self._has_qualifier("?%")

    @property
    def is_approximate(self) -> bool:
        """Whether a side bears `~` or `%`: the source said "about"."""
        return self._has_qualifier("~%")

    @property
    def precision(self) -> Precision | None:
        """The grain of a single date; None for intervals and the undated."""
        return self.start.precision if self.shape is Shape.SINGLE and self.start else None

    def _has_qualifier(self, wanted: str) -> bool:
        # Plain tests: a feed asks this twice for each of 10,000 entries.
        start, end = self.start, self.end
        if start is not None and start.qualifier and start.qualifier in wanted:
            return True
        return end is not None and end.qualifier != "" and end.qualifier in wanted


_UNDATED: Final = Window("", Shape.UNDATED, None, None, None, None)

# [0-9] and not \d: other scripts' digits are no EDTF. X only where level 1 has it.
_POINT: Final = re.compile(
    r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?([?~%]?)"
)
_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NORTHERN_TO_SOUTHERN: Final = 8
_PLAIN_SEASONS: Final = range(21, 25)

# Code of the grouping -> grain, first month, number of months (ISO 8601-2:2019, 4.8).
_GROUPINGS: Final = {
    **{code: (Precision.SEASON, 3 + 3 * i, 3) for i, code in enumerate((21, 22, 23, 24))},
    **{code: (Precision.SEASON, 3 + 3 * i, 3) for i, code in enumerate((25, 26, 27, 28))},
    **{code: (Precision.SEASON, 3 + 3 * i, 3) for i, code in enumerate((31, 32, 29, 30))},
    **{code: (Precision.QUARTER, 1 + 3 * i, 3) for i, code in enumerate((33, 34, 35, 36))},
    **{code: (Precision.HALF, 1 + 6 * i, 6) for i, code in enumerate((40, 41))},
}


@lru_cache(maxsize=8192)
def _parse(text: str, hemisphere: Hemisphere) -> Window:
    text = text.strip(" ")
    if not text:
        return _UNDATED
    left, slash, right = text.partition("/")
    if not slash:
        point = _point(text, text, hemisphere)
        return Window(point.text, Shape.SINGLE, point, point, point.first, point.last)
    if left in {"", ".."}:
        end = _point(right, text, hemisphere)
        shape = Shape.OPEN_START if left else Shape.UNKNOWN_START
        return Window(f"{left}/{end.text}", shape, None, end, None, end.last)
    start = _point(left, text, hemisphere)
    if right in {"", ".."}:
        shape = Shape.OPEN_END if right else Shape.UNKNOWN_END
        return Window(f"{start.text}/{right}", shape, start, None, start.first, None)
    end = _point(right, text, hemisphere)
    if start.first > end.last:
        raise WindowError(window_text.ends_before_start(text))
    both = f"{start.text}/{end.text}"
    return Window(both, Shape.INTERVAL, start, end, start.first, end.last)


def _point(text: str, whole: str, hemisphere: Hemisphere) -> Point:
    match = _POINT.fullmatch(text)
    if match is None:
        raise WindowError(window_text.explain(whole))
    year, part, day, qualifier = match.groups()
    if part is None:
        return _years(text, year, qualifier)
    if "X" in year or (part == "XX" and day not in {None, "XX"}):
        raise WindowError(window_text.explain(whole))
    if year == "0000":
        raise WindowError(window_text.year_out_of_range(text))
    number = int(year)
    if part == "XX":
        grain = Precision.SOME_DAY_OF_YEAR if day else Precision.SOME_MONTH_OF_YEAR
        span = (date(number, 1, 1), date(number, 12, 31))
        return Point(text, grain, number, 0, 0, qualifier, *span)
    if "01" <= part <= "12":
        return _month_or_day(text, number, int(part), day, qualifier)
    return _grouping(text, year, int(part), day, qualifier, hemisphere)


def _years(text: str, year: str, qualifier: str) -> Point:
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        raise WindowError(window_text.year_out_of_range(text))
    grain = (Precision.YEAR, Precision.DECADE, Precision.CENTURY)[year.count("X")]
    return Point(text, grain, first, 0, 0, qualifier, date(first, 1, 1), date(last, 12, 31))


def _month_or_day(text: str, year: int, month: int, day: str | None, qualifier: str) -> Point:
    days = _days_in(year, month)
    if day is None or day == "XX":
        grain = Precision.SOME_DAY_OF_MONTH if day else Precision.MONTH
        span = (date(year, month, 1), date(year, month, days))
        return Point(text, grain, year, month, 0, qualifier, *span)
    number = int(day)
    if not 1 <= number <= days:
        raise WindowError(window_text.no_such_day(text, days))
    only = date(year, month, number)
    return Point(text, Precision.DAY, year, month, number, qualifier, only, only)


def _grouping(
    text: str, year: str, code: int, day: str | None, qualifier: str, hemisphere: Hemisphere
) -> Point:
    if code not in _GROUPINGS:
        raise WindowError(window_text.no_such_part(text, f"{code:02}"))
    if day is not None:
        raise WindowError(window_text.part_takes_no_day(text))
    if hemisphere is Hemisphere.SOUTH and code in _PLAIN_SEASONS:
        code += _NORTHERN_TO_SOUTHERN
    grain, month, months = _GROUPINGS[code]
    number = int(year)
    over, last_month = divmod(month + months - 2, 12)
    if number + over > date.max.year:
        raise WindowError(window_text.year_out_of_range(text))
    end = date(number + over, last_month + 1, _days_in(number + over, last_month + 1))
    canonical = f"{year}-{code}{qualifier}"
    return Point(canonical, grain, number, code, 0, qualifier, date(number, month, 1), end)


def _days_in(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _MONTH_DAYS[month - 1]
