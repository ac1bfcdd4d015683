"""The shape of a language's table: what the one reader and the one printer need to know of it.

A language is data (`english.py`, `russian.py`, `kazakh.py`): words, patterns, templates. A new
language is a new table and a line in `languages.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from commitments.window import Precision

Case = Literal["name", "when", "from", "to", "of"]
"""How a date stands in a sentence: by itself, as an adverb ("in spring"), after the words for
"from" and "to", and as the owner of something ("the end of ...")."""

Value = int | str
Words = Mapping[str, Mapping[Value, tuple[str, ...]]]
"""Kind of word -> what it means -> every form of it that is read."""


class Forms(dict[Case, str]):
    """The forms of a word; `"{month:when}".format(month=...)` picks one."""

    def __format__(self, case: str) -> str:
        return self[case or "name"]  # type: ignore[index]

    def with_noun(self, noun: Forms) -> Forms:
        """An adjective and its noun, case by case."""
        return Forms({case: f"{word} {noun[case]}" for case, word in self.items()})


def forms(name: str, when: str = "", from_: str = "", to: str = "", of: str = "") -> Forms:
    """The five forms in the order of `Case`; one left out is like the first."""
    cases: tuple[Case, ...] = ("name", "when", "from", "to", "of")
    values = (name, when, from_, to, of)
    return Forms(
        {case: value or name for case, value in zip(cases, values, strict=True)},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Templates of the printer.

    `points`: of each grain and case, with {day}, {month}, {season}, {quarter}, {half}, {year},
    {years} (both years of a span) and, where it does not come first, {about}.
    `short`: the same without the year, for the side of a range that leaves it out.
    """

    months: tuple[Forms, ...]
    seasons: tuple[Forms, ...]
    quarters: tuple[Forms, ...]
    halves: tuple[Forms, ...]
    points: Mapping[Precision, Forms]
    crossing_season: Forms
    year_span: Forms
    short: Mapping[Precision, Forms]
    year_comes_first: bool
    from_to: str
    since: str
    until_end_of: str
    no_later_than: str
    end_unknown: str
    start_unknown: str
    about: str
    uncertain: str
    northern: str
    southern: str
    undated: str
    repairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language in and out.

    `words` and `words_with_from` (whose forms also say "from", as a Kazakh ablative does), `parts`
    (named patterns), `windows` (meaning -> patterns), `dropped` (words without meaning),
    `undated` (whole phrases that give no date), `day_month_year` (whether 09.05.2025 has one
    meaning), `examples` (understood phrases to be offered), `unclear` (phrases with two meanings,
    with what to write instead).

    A pattern is a row of kinds of words: `x?` may be absent, `x|y` is either, CAPITALS are a
    part, `A:PART` and `B:PART` are the start and the end of the window.
    """

    code: str
    words: Words
    parts: Mapping[str, tuple[str, ...]]
    windows: Mapping[str, tuple[str, ...]]
    undated: tuple[str, ...]
    examples: tuple[str, ...]
    printing: Printing
    words_with_from: Words = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    day_month_year: bool = False


def numbered(*rows: tuple[str, ...]) -> dict[Value, tuple[str, ...]]:
    """Rows of forms, numbered from 1: months, seasons, ordinals."""
    return dict(enumerate(rows, start=1))
