"""Printing a window in words: one engine for all languages, each a table of its own.

What is printed is true and no more: an approximate date stays approximate, an open end open, and
a winter names both its years, so that nobody looks for it in the wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from commitments.phrases.languages import language_for
from commitments.phrases.table import Case, Printing
from commitments.window import Point, Precision, Shape, Window

_NORTHERN_CODES = range(25, 29)
_SOUTHERN_CODES = range(29, 33)
_FIRST_QUARTER_CODE = 33
_FIRST_HALF_CODE = 40
_FIRST_SEASON_CODE = 21


def window_in_words(
    window: Window, language: str, *, form: Literal["name", "when"] = "name"
) -> str:
    """The window in words: "spring 2025" as a name, "in spring 2025" as an answer to "when".

    `language` is a code such as "kk"; an unknown one gives English. Never raises, never empty.
    """
    return _Printer(language_for(language).printing).window(window, form)


@dataclass(frozen=True, slots=True)
class _Cased:
    """A date in a sentence: `"{end:of}"` is its genitive."""

    printer: _Printer
    date: Point
    is_short: bool = False

    def __format__(self, case: str) -> str:
        in_case: Case = case  # type: ignore[assignment]
        if self.is_short:
            return self.printer.short(self.date, in_case)
        return self.printer.point(self.date, in_case)


@dataclass(frozen=True, slots=True)
class _Printer:
    table: Printing

    def window(self, window: Window, form: Case) -> str:
        start, end = window.start, window.end
        if start and end:
            single = window.shape is Shape.SINGLE
            words = self.point(start, form) if single else self._interval(start, end, form)
        elif start:
            words = self.table.since.format(start=_Cased(self, start))
        elif end:
            is_exact = end.precision is Precision.DAY or end.qualifier != ""
            template = self.table.no_later_than if is_exact else self.table.until_end_of
            words = template.format(end=_Cased(self, end))
        else:
            words = self.table.undated
        return self._repaired(self._with_unknown(words, window.shape))

    def _with_unknown(self, words: str, shape: Shape) -> str:
        if shape is Shape.UNKNOWN_END:
            return self.table.end_unknown.format(words=words)
        if shape is Shape.UNKNOWN_START:
            return self.table.start_unknown.format(words=words)
        return words

    def _interval(self, start: Point, end: Point, form: Case) -> str:
        table = self.table
        if start.qualifier or end.qualifier:
            return self._from_to(start, end)
        if start.precision is end.precision is Precision.YEAR:
            return table.year_span[form].format(years=_span(start.text, end.text))
        if _same_month(start, end):
            return self.point(start, form, day=f"{start.day}–{end.day}")
        # "spring 2025 – 2026" would look like one spring of two years.
        to_year = end.precision is Precision.YEAR and start.precision is not Precision.YEAR
        if form == "when" or to_year:
            return self._from_to(start, end)
        left, right = (f"{side:name}" for side in self._cased(start, end))
        short = right if table.year_comes_first else left
        is_tight = self._shared_year(start, end) and " " not in short
        return f"{left}–{right}" if is_tight else f"{left} – {right}"

    def _from_to(self, start: Point, end: Point) -> str:
        left, right = self._cased(start, end)
        return self.table.from_to.format(start=left, end=right)

    def _cased(self, start: Point, end: Point) -> tuple[_Cased, _Cased]:
        """Both sides, the one that can leave out the year they share without it."""
        shares = self._shared_year(start, end)
        leaves_first = shares and not self.table.year_comes_first
        leaves_second = shares and self.table.year_comes_first
        return _Cased(self, start, leaves_first), _Cased(self, end, leaves_second)

    def _shared_year(self, start: Point, end: Point) -> bool:
        """Whether both sides are of one year and sort, so that one of them can leave it out."""
        plain = not (start.qualifier or end.qualifier)
        alike = start.precision is end.precision and start.year == end.year
        return plain and alike and start.precision in self.table.short and not _special(start, end)

    def short(self, point: Point, case: Case) -> str:
        return self.table.short[point.precision][case].format(**self._values(point))

    def point(self, point: Point, case: Case, *, day: str = "") -> str:
        table = self.table
        template = table.points[point.precision][case]
        if point.precision is Precision.SEASON and point.first.year != point.last.year:
            template = table.crossing_season[case]
        about = table.about if point.qualifier in {"~", "%"} else ""
        if "{about}" not in template:
            template = f"{{about}}{template}"
        words = template.format(**self._values(point, day=day), about=about)
        uncertain = table.uncertain if point.qualifier in {"?", "%"} else ""
        return f"{words}{self._hemisphere(point)}{uncertain}"

    def _hemisphere(self, point: Point) -> str:
        if point.part in _NORTHERN_CODES:
            return self.table.northern
        return self.table.southern if point.part in _SOUTHERN_CODES else ""

    def _values(self, point: Point, *, day: str = "") -> dict[str, object]:
        table, part = self.table, point.part
        values: dict[str, object] = {
            "year": f"{point.year:04}",
            "years": f"{point.first.year:04}–{point.last.year:04}",
            "day": day or str(point.day),
        }
        if point.precision is Precision.SEASON:
            values["season"] = table.seasons[(part - _FIRST_SEASON_CODE) % 4]
        elif point.precision is Precision.QUARTER:
            values["quarter"] = table.quarters[part - _FIRST_QUARTER_CODE]
        elif point.precision is Precision.HALF:
            values["half"] = table.halves[part - _FIRST_HALF_CODE]
        elif part:
            values["month"] = table.months[part - 1]
        return values

    def _repaired(self, words: str) -> str:
        for pattern, better in self.table.repairs:
            words = re.sub(pattern, better, words)
        return words


def _span(start: str, end: str) -> str:
    return f"{start}–{end}"


def _same_month(start: Point, end: Point) -> bool:
    days = start.precision is end.precision is Precision.DAY
    return days and (start.year, start.part) == (end.year, end.part)


def _special(start: Point, end: Point) -> bool:
    """A season that crosses the year, or of a named hemisphere, keeps its own year."""
    seasons = start.precision is Precision.SEASON
    crossing = any(side.first.year != side.last.year for side in (start, end))
    return seasons and (crossing or any(side.part >= min(_NORTHERN_CODES) for side in (start, end)))
