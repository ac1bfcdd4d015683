"""The words of one date, sorted into slots; no calendar is consulted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from commitments.exceptions import PhraseError
from commitments.phrases.tokens import Token
from commitments.window_text import Sentence
from commitments.window_text import translatable as _


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of one date, each in its slot; 0, "" or None where not said.

    `relative` is (unit, offset) for "next month"; `order` a bare ordinal ("the first" of "the
    first to the second quarter"); `pointer` this, next, last, coming or past.
    """

    iso: str = ""
    year: int | None = None
    second_year: int | None = None
    relative_year: int | None = None
    month: int = 0
    day: int | None = None
    season: int = 0
    quarter: int = 0
    half: int = 0
    order: int = 0
    third: int = 0
    pointer: str = ""
    relative: tuple[str, int] | None = None
    some: str = ""
    decade: bool = False
    about: bool = False
    uncertain: bool = False
    hemisphere: str = ""

    @property
    def has_year(self) -> bool:
        return self.year is not None or self.relative_year is not None

    @property
    def lacks_year(self) -> bool:
        """Whether it names a part of some year and not which year."""
        named = self.month or self.season or self.quarter or self.half
        return bool(named) and not self.has_year and not self.pointer

    @property
    def qualifier(self) -> str:
        marks = {(True, True): "%", (True, False): "~", (False, True): "?"}
        return marks.get((self.about, self.uncertain), "")

    @property
    def is_relative(self) -> bool:
        return bool(
            self.lacks_year or self.relative_year is not None or self.relative or self.pointer
        )


def date_words(tokens: Sequence[Token]) -> DateWords:
    """Put the words of one date into their slots; raises PhraseError for a third half."""
    by_kind: dict[str, list[Token]] = {}
    for token in tokens:
        by_kind.setdefault(token.kind, []).append(token)

    def number(kind: str) -> int:
        return int(by_kind[kind][0].value) if kind in by_kind else 0

    def text(kind: str) -> str:
        return str(by_kind[kind][0].value) if kind in by_kind else ""

    years = [int(token.value) for token in by_kind.get("y", ())]
    words = DateWords(
        iso=text("date"),
        year=years[0] if years else None,
        second_year=years[1] if len(years) > 1 else None,
        relative_year=number("relative_year") if "relative_year" in by_kind else None,
        month=number("month"),
        season=number("season"),
        third=number("third"),
        pointer=text("pointer"),
        some="year" if "some_year" in by_kind else text("some"),
        decade="decade" in by_kind,
        about="about" in by_kind,
        uncertain="uncertain" in by_kind,
        hemisphere=text("hemisphere"),
    )
    counted = number("n") if "n" in by_kind else number("ordinal")
    words = _with_number(words, counted, by_kind)
    return _with_unit(words, by_kind)


def _with_number(words: DateWords, counted: int, kinds: Iterable[str]) -> DateWords:
    if "quarter" in kinds:
        return replace(words, quarter=_up_to(4, counted)) if counted else words
    if "half" in kinds:
        return replace(words, half=_up_to(2, counted))
    if words.season and "n" in kinds and words.year is not None:
        # "winter 2024/25"
        return replace(words, second_year=words.year // 100 * 100 + counted)
    if "n" in kinds:
        return replace(words, day=counted)
    return replace(words, order=counted)


def _up_to(most: int, counted: int) -> int:
    if not 1 <= counted <= most:
        raise PhraseError(
            Sentence(
                _("A year has no part number %(number)s of this sort: write 1 to %(most)s."),
                number=counted,
                most=most,
            )
        )
    return counted


def _with_unit(words: DateWords, by_kind: dict[str, list[Token]]) -> DateWords:
    """Fill in "next month", and "the year", "the month" that mean the present one."""
    for unit in ("day", "week", "month", "quarter"):
        if f"relative_{unit}" in by_kind:
            offset = int(by_kind[f"relative_{unit}"][0].value)
            return replace(words, relative=(unit, offset))
    if words.month or words.season:
        _check_unit(by_kind, "day" if words.day is not None else "month")
    if words.has_year or words.month or words.season or words.iso or words.day:
        return words
    if "year_word" in by_kind:
        return replace(words, relative_year=0)
    if "unit" in by_kind:
        return replace(words, relative=(str(by_kind["unit"][0].value), 0))
    if "quarter" in by_kind and not words.quarter:
        return replace(words, relative=("quarter", 0))
    return words


def _check_unit(by_kind: dict[str, list[Token]], expected: str) -> None:
    """ "Month" may follow the name of a month; "week" may not."""
    for token in by_kind.get("unit", ()):
        if token.value != expected:
            raise PhraseError(
                Sentence(_("%(word)s does not fit here: leave it out."), word=token.text)
            )


def share(start: DateWords, end: DateWords) -> tuple[DateWords, DateWords]:
    """Give each side of a range what it left to the other: "24-25 December 2024"."""
    start, end = _completed(start, end), _completed(end, start)
    if not start.has_year:
        start = replace(start, year=end.year, relative_year=end.relative_year)
    if not end.has_year:
        end = replace(end, year=start.year, relative_year=start.relative_year)
    return start, end


def _completed(side: DateWords, other: DateWords) -> DateWords:
    if side.day is not None and not side.month and other.day is not None:
        return replace(side, month=other.month)
    if side.order and other.quarter:
        return replace(side, order=0, quarter=_up_to(4, side.order))
    if side.order and other.half:
        return replace(side, order=0, half=_up_to(2, side.order))
    return side
