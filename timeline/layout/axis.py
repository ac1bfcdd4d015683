"""The axis of the picture: which days the sheet shows, in which periods, and their names.

Plain arithmetic. Days are ordinals (`date.toordinal`), an `end` is the day after; what lies
along time is in percent of the sheet's width. A period is a tick for the eye, a column where
commitments are counted, and a way to look closer.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.window import Window
from timeline.dates_in_words import month_in_short, quarter_in_short

HORIZONS_IN_YEARS: Final = (10, 25, 50)
"""How far around today the sheet may reach: the nearest that holds nine tenths of all days. What
lies beyond is cut, or one "by 2060" would press everything else into a corner."""

MOST_PERIODS: Final = 12
_MOST_CUT: Final = 20
"""One of so many days at each end may lie beyond the axis."""

_PERIODS_NAMED_ON_A_PHONE: Final = 6
_STEPS_IN_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240)
_QUARTER, _YEAR, _DECADE = 3, 12, 120
MOST_MONTHS: Final = 2400
"""The longest stretch of months that can be looked at."""

_DAYS_OF_A_MONTH: Final = (1, 8, 15, 22)
_END_OF_TIME: Final = date.max.toordinal() + 1
_ROOM_FOR_A_YEAR: Final = 9.0
"""Percent of the narrowest sheet that the name of a year takes."""


class Zoom(enum.StrEnum):
    """How close one looks, from far to near."""

    DECADE = "decade"
    YEAR = "year"
    QUARTER = "quarter"


_MONTHS: Final = {Zoom.DECADE: _DECADE, Zoom.YEAR: _YEAR, Zoom.QUARTER: _QUARTER}


@dataclass(frozen=True, slots=True)
class Closer:
    """A closer look: a zoom, and the place in time to look at (`2026`, `2026-10`).

    Or a stretch of months, `2024-05..2026-10`, and no place.
    """

    zoom: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the axis from `x`, `width` wide; `begins` names the greater unit that starts here.

    `is_minor`: there is no room for its words on a phone. `closer` is None where nothing is closer.
    """

    first: int
    end: int
    x: float
    width: float
    words: str
    begins: str
    is_minor: bool
    closer: Closer | None


@dataclass(frozen=True, slots=True)
class Axis:
    """The days that the sheet shows, in at most `MOST_PERIODS` periods without gaps."""

    first: int
    end: int
    periods: tuple[Period, ...]

    def x(self, ordinal: int) -> float:
        """Where a day begins; what lies beyond the sheet is on its edge."""
        return _share(ordinal, self.first, self.end)

    def holds(self, ordinal: int) -> bool:
        return self.first <= ordinal < self.end


def fitted_axis(windows: Iterable[Window], *, today: date, language: str) -> Axis:
    """The axis in whole periods around dated `windows` and today.

    A few that began long before the others, or end long after them, are cut rather than let them
    press the others together; but each has a day on the axis, unless it lies beyond the horizon.
    """
    bounds = [(one.earliest, one.latest) for one in windows]
    days = sorted(day for pair in bounds for day in pair if day)
    kept = _within_horizon(days, today)
    least, most = _cut(bounds, kept, today)
    return _axis(_whole_periods(_month_number(least), _month_number(most) + 1), language)


def stretched_axis(first: date, last: date, *, language: str) -> Axis:
    """The axis in whole periods around the months from that of `first` to that of `last`."""
    start, end = _month_number(first), _month_number(last) + 1
    if end - start <= _QUARTER:
        return _axis_of_weeks(start, end - start, language)
    return _axis(_whole_periods(start, end), language)


def _whole_periods(first: int, end: int) -> range:
    """The months at which periods begin, and the end of the last: around `first` to `end`."""
    step = next(
        (step for step in _STEPS_IN_MONTHS if _steps(first, end, step) <= MOST_PERIODS),
        _STEPS_IN_MONTHS[-1],
    )
    return range(first // step * step, -(-end // step) * step + 1, step)


def zoomed_axis(zoom: Zoom, at: date, *, language: str) -> Axis:
    """The decade, year or quarter of `at`."""
    length = _MONTHS[zoom]
    start = _month_number(at) // length * length
    if zoom is Zoom.QUARTER:
        return _axis_of_weeks(start, _QUARTER, language)
    step = _YEAR if zoom is Zoom.DECADE else 1
    return _axis(range(start, start + length + 1, step), language)


def neighbour(zoom: Zoom, at: date, steps: int) -> Closer | None:
    """The view `steps` decades, years or quarters on; None beyond the years 1 to 9999."""
    length = _MONTHS[zoom]
    start = (_month_number(at) // length + steps) * length
    return look_at(zoom, _first_of_month(start)) if 12 <= start < 120_000 else None


def stretch_in_months(first: date, last: date) -> str:
    """A stretch of months as an address writes it."""
    return f"{first.year:04}-{first.month:02}..{last.year:04}-{last.month:02}"


def neighbour_of_stretch(first: date, last: date, steps: int) -> tuple[date, date] | None:
    """The stretch as long as this one that lies `steps` before or after it; None beyond time."""
    start, end = _month_number(first), _month_number(last)
    shift = (end - start + 1) * steps
    if start + shift < 12 or end + shift >= 120_000:
        return None
    return _first_of_month(start + shift), _first_of_month(end + shift)


def months_between(first: date, last: date) -> int:
    """How many months a stretch has, both ends counted."""
    return _month_number(last) - _month_number(first) + 1


def last_day_of_month(day: date) -> date:
    return date.fromordinal(_ordinal_of_month(_month_number(day) + 1) - 1)


def look_at(zoom: Zoom, day: date) -> Closer:
    """The closer look that shows `day`."""
    length = _MONTHS[zoom]
    start = _first_of_month(max(_month_number(day) // length * length, 12))
    return Closer(zoom, f"{start:%Y-%m}" if zoom is Zoom.QUARTER else f"{start.year:04}")


def name_of_view(zoom: Zoom, at: date, language: str) -> str:
    """What is in view: "2020–2029", "2026", "Q4 2026"."""
    if zoom is Zoom.DECADE:
        start = at.year // 10 * 10
        return f"{max(start, 1)}–{start + 9}"
    return str(at.year) if zoom is Zoom.YEAR else quarter_in_short(at, language, with_year=True)


def _cut(
    bounds: Iterable[tuple[date | None, date | None]], kept: Sequence[date], today: date
) -> tuple[date, date]:
    """The first and last day that is shown, of the sorted days `kept` within the horizon."""
    if not kept:
        return today, today
    spare = len(kept) // _MOST_CUT
    least, most = kept[spare], kept[-1 - spare]
    for earliest, latest in bounds:
        # What ends before the first day or begins after the last would not be seen at all.
        least = latest if latest and kept[0] <= latest < least else least
        most = earliest if earliest and most < earliest <= kept[-1] else most
    return min(least, today), max(most, today)


def _within_horizon(days: Sequence[date], today: date) -> list[date]:
    kept: list[date] = []
    for years in HORIZONS_IN_YEARS:
        first, last = today.year - years, today.year + years
        kept = [day for day in days if first <= day.year <= last]
        if 10 * len(kept) >= 9 * len(days):
            break
    return kept


def _steps(first: int, last: int, step: int) -> int:
    return -(-last // step) - first // step


def _axis(months: range, language: str) -> Axis:
    """Periods from each of `months` to the next."""
    bounds = [_ordinal_of_month(number) for number in months]
    days = [_first_of_month(number) for number in months[:-1]]
    words = [_words(day, months.step, language) for day in days]
    begins = ["" if months.step >= _YEAR else str(day.year) for day in days]
    closer = [_closer(day, months.step) for day in days]
    return _named_axis(bounds, words, begins, closer)


def _axis_of_weeks(start: int, length: int, language: str) -> Axis:
    """A few months in quarters of months, from the 1st, 8th, 15th and 22nd day."""
    months = [_first_of_month(number) for number in range(start, start + length)]
    days = [month.replace(day=day) for month in months for day in _DAYS_OF_A_MONTH]
    bounds = [*(day.toordinal() for day in days), _ordinal_of_month(start + length)]
    words = [str(day.day) for day in days]
    begins = [f"{month_in_short(day, language)} {day.year}" for day in days]
    return _named_axis(bounds, words, begins, [None] * len(days))


def _named_axis(
    bounds: Sequence[int],
    words: Sequence[str],
    begins: Sequence[str],
    closer: Sequence[Closer | None],
) -> Axis:
    first, end, every = bounds[0], bounds[-1], -(-len(words) // _PERIODS_NAMED_ON_A_PHONE)
    xs = [_share(bound, first, end) for bound in bounds]
    starts = [row == 0 or begins[row] != begins[row - 1] for row in range(len(words))]
    # Under each year the same two words say nothing where room is dear.
    words_repeat = every > 1 and len(set(words)) <= 2 < len(words)
    # A first year that is over at once leaves no room for its name.
    following = next((row for row in range(1, len(words)) if starts[row]), len(words))
    starts[0] = xs[following] >= _ROOM_FOR_A_YEAR
    return Axis(
        first,
        end,
        tuple(
            Period(
                first=bounds[row],
                end=bounds[row + 1],
                x=xs[row],
                width=round(xs[row + 1] - xs[row], 2),
                words=words[row],
                begins=begins[row] if starts[row] else "",
                is_minor=row % every != 0 or words_repeat,
                closer=closer[row],
            )
            for row in range(len(words))
        ),
    )


def _words(day: date, step: int, language: str) -> str:
    if step >= _YEAR:
        return str(day.year)
    return quarter_in_short(day, language) if step == _QUARTER else month_in_short(day, language)


def _closer(day: date, step: int) -> Closer:
    if step > _YEAR:
        return look_at(Zoom.DECADE, day)
    return look_at(Zoom.YEAR if step >= 6 else Zoom.QUARTER, day)


def _share(ordinal: int, first: int, end: int) -> float:
    inside = min(max(ordinal, first), end)
    return round(100 * (inside - first) / (end - first), 2)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _ordinal_of_month(number: int) -> int:
    return _END_OF_TIME if number >= 120_000 else _first_of_month(number).toordinal()


def _first_of_month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1) if number >= 12 else date.min
