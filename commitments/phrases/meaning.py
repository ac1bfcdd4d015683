"""What the words of a date mean, given the date of the source: from words to EDTF text.

Decided here, where people mean more than one thing:

* "early", "mid" and "late" are thirds: of a year four months each, of a month the days 1 to 10, 11
  to 20 and 21 to its end; with `~` on both sides, since nobody drew those lines.
* A day, month or season without a year is the next one that has not ended by the date of the
  source; of something that is told as past, the latest one that has begun.
* "this" is the one that holds the date of the source, otherwise the one of its calendar year.
* "next" and "last" with a month or season are understood only where one answer is possible: said in
  November, "next January" is; said in March, "next September" is refused, as half of us mean the
  coming one and half the one after. "The coming September" and "this past August" are clear.
* Weeks run from Monday to Sunday (ISO 8601).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from commitments.exceptions import PhraseError, WindowError
from commitments.phrases.date_words import DateWords
from commitments.window import Hemisphere, Window
from commitments.window_text import Sentence
from commitments.window_text import translatable as _

Sides = tuple[str, str]
"""EDTF of the start and of the end; the same text twice for a single date."""

_MONTHS_IN_QUARTER = 3
_NO_LATER_YEARS = 9  # 29 February can be eight years away


@dataclass(frozen=True, slots=True)
class Clock:
    """What a phrase is read against."""

    said_on: date | None
    hemisphere: Hemisphere
    past: bool

    def day(self) -> date:
        if self.said_on is None:
            raise PhraseError(
                Sentence(_("This counts from the day it was said: give the date of the source.")),
                field="said_on",
            )
        return self.said_on


def sides_of(words: DateWords, clock: Clock) -> Sides:
    """EDTF of the first and last date that the words mean; raises PhraseError."""
    if words.iso:
        return _single(words.iso + words.qualifier)
    if words.relative:
        return _qualified(_relative_sides(*words.relative, clock.day()), words.qualifier)
    if words.pointer:
        return _pointed(words, clock)
    if words.lacks_year:
        return assumed_year(lambda year: sides_in_year(words, year, clock), clock)
    return sides_in_year(words, year_of(words, clock), clock)


def year_of(words: DateWords, clock: Clock) -> int:
    """The year that is said, outright or from the date of the source."""
    if words.relative_year is not None:
        return clock.day().year + words.relative_year
    if words.year is None:
        raise PhraseError(Sentence(_("The year is missing: write it with four digits.")))
    return words.year


def sides_in_year(words: DateWords, year: int, clock: Clock) -> Sides:
    """EDTF of the words in a given year, not yet checked to be a date that exists."""
    if words.order or (words.day is not None and not words.month):
        raise PhraseError(
            Sentence(
                _("A bare number stands for no date here: write the month or part of the year.")
            )
        )
    if words.hemisphere and not words.season:
        raise PhraseError(Sentence(_("Only a season has a hemisphere: leave it out.")))
    if words.third:
        return _third(words, year)
    return _single(_text(words, f"{year:04}", clock) + words.qualifier)


def _text(words: DateWords, year: str, clock: Clock) -> str:
    if words.some:
        return _some(words, year)
    if words.decade:
        return f"{_whole(year, 1)}X"
    if words.season:
        return f"{year}-{_season_code(words, int(year), clock.hemisphere)}"
    if words.quarter:
        return f"{year}-{32 + words.quarter}"
    if words.half:
        return f"{year}-{39 + words.half}"
    month = f"-{words.month:02}" if words.month else ""
    return f"{year}{month}" + (f"-{words.day:02}" if words.day is not None else "")


def _some(words: DateWords, year: str) -> str:
    if words.month and words.some != "day":
        raise PhraseError(Sentence(_("Write either the month or that it is not known.")))
    if words.some == "year":
        first, last = int(year), words.second_year
        if last != first + 99:
            raise PhraseError(Sentence(_("A year of a century: write its first and last year.")))
        return f"{_whole(year, 2)}XX"
    if words.some == "month":
        return f"{year}-XX"
    return f"{year}-{words.month:02}-XX" if words.month else f"{year}-XX-XX"


def _whole(year: str, zeros: int) -> str:
    if not year.endswith("0" * zeros):
        raise PhraseError(
            Sentence(_("%(year)s does not begin a decade or century."), year=year),
        )
    return year[:-zeros]


def _season_code(words: DateWords, year: int, place: Hemisphere) -> int:
    named = {"north": 24, "south": 28}.get(words.hemisphere, 20)
    code = named + words.season
    if words.second_year is not None:
        window = Window.parse(f"{year:04}-{code}", hemisphere=place)
        if window.latest is None or window.latest.year != words.second_year or words.season % 2:
            raise PhraseError(
                Sentence(_("This season does not cross the year: write one year, or two dates."))
            )
    return code


def _third(words: DateWords, year: int) -> Sides:
    mark = "%" if words.uncertain else "~"
    if not words.month:
        first = 4 * words.third - 3
        return f"{year:04}-{first:02}{mark}", f"{year:04}-{first + 3:02}{mark}"
    last_day = monthrange(year, words.month)[1] if 1 <= year <= date.max.year else 28
    first = 10 * words.third - 9
    last = (10, 20, last_day)[words.third - 1]
    stem = f"{year:04}-{words.month:02}"
    return f"{stem}-{first:02}{mark}", f"{stem}-{last:02}{mark}"


def _relative_sides(unit: str, offset: int, day: date) -> Sides:
    if unit == "day":
        return _single((day + timedelta(days=offset)).isoformat())
    if unit == "week":
        monday = day + timedelta(days=7 * offset - day.weekday())
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    if unit == "month":
        year, month = divmod(day.year * 12 + day.month - 1 + offset, 12)
        return _single(f"{year:04}-{month + 1:02}")
    year, quarter = divmod(day.year * 4 + (day.month - 1) // _MONTHS_IN_QUARTER + offset, 4)
    return _single(f"{year:04}-{33 + quarter}")


def assumed_year(sides: Callable[[int], Sides], clock: Clock) -> Sides:
    """The occurrence next to the date of the source; see the decisions of this room."""
    day = clock.day()
    steps = range(1, -_NO_LATER_YEARS, -1) if clock.past else range(-1, _NO_LATER_YEARS)
    for step in steps:
        window = _window_if_any(sides, day.year + step, clock)
        if window is None or window.earliest is None or window.latest is None:
            continue
        if (window.earliest <= day) if clock.past else (window.latest >= day):
            return sides(day.year + step)
    # No year has such a day (30 February): let the check of the window say so.
    return sides(day.year)


def _window_if_any(sides: Callable[[int], Sides], year: int, clock: Clock) -> Window | None:
    try:
        return Window.parse(joined(sides(year)), hemisphere=clock.hemisphere)
    except WindowError:
        return None


def _pointed(words: DateWords, clock: Clock) -> Sides:
    day = clock.day()
    found: dict[int, Window] = {}
    for year in range(day.year - 2, day.year + 3):
        window = _window_if_any(lambda y: sides_in_year(words, y, clock), year, clock)
        if window is not None:
            found[year] = window
    year = _pointed_year(words.pointer, day, found)
    return sides_in_year(words, year, clock)


def _pointed_year(pointer: str, day: date, found: dict[int, Window]) -> int:
    present = [y for y, w in found.items() if _holds(w, day)]
    coming = min((y for y, w in found.items() if w.earliest and w.earliest > day), default=0)
    past = max((y for y, w in found.items() if w.latest and w.latest < day), default=0)
    if pointer == "this":
        return present[0] if present else day.year
    if pointer == "coming":
        return coming
    if pointer == "past":
        return past
    wanted = coming if pointer == "next" else past
    other = wanted + (1 if pointer == "next" else -1)
    if wanted == day.year and not present:
        raise PhraseError(
            Sentence(
                _("This can mean the one of %(first)s or of %(second)s: write the year."),
                first=wanted,
                second=other,
            ),
            nearest=tuple(str(found[year]) for year in (wanted, other) if year in found),
        )
    return wanted


def _holds(window: Window, day: date) -> bool:
    return bool(
        window.earliest and window.latest and window.earliest <= day and day <= window.latest
    )


def joined(sides: Sides) -> str:
    """The EDTF of both sides: one date if they are the same."""
    return sides[0] if sides[0] == sides[1] else "/".join(sides)


def _single(text: str) -> Sides:
    return text, text


def _qualified(sides: Sides, qualifier: str) -> Sides:
    return sides[0] + qualifier, sides[1] + qualifier
