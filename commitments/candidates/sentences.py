"""Cutting a text into sentences, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Span(NamedTuple):
    """A part of a text, as a Python slice."""

    start: int
    end: int


# A line that begins with a bullet or "1)" starts anew; any other line break is only a wrapped line.
_PARAGRAPH_BREAK: Final = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]*(?:[-*•—–]|[0-9]{1,2}[.)])\s)")
_BULLET: Final = re.compile(r"\s*(?:[-*•—–]|[0-9]{1,2}[.)])\s+")
_SENTENCE_END: Final = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++)[\"'”’»)\]]*+\s++(?=[-–—\"'“„«(\[]*\s?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ0-9])|;\s+"
)
_LAST_WORD: Final = re.compile(r"[\w.]+\Z")
# fmt: off
_ABBREVIATIONS: Final = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "gen", "st", "vs", "etc", "approx", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "e.g", "i.e", "u.s", "u.n",
    "гг", "г", "им", "ул", "пр", "тыс", "млн", "млрд", "руб", "см", "стр", "ст", "св", "т.е", "т.д",
    "т.п", "т.н", "напр", "проф", "акад",
})
# fmt: on
_ENDED_BY_YEAR: Final = re.compile(r"[0-9]{4}\s*гг?\Z")
_LOOK_BACK: Final = 24


def paragraphs(text: str, within: Span) -> Iterator[Span]:
    """The parts between blank lines and list items, without bullets and the space around them."""
    start = within.start
    for gap in _PARAGRAPH_BREAK.finditer(text, within.start, within.end):
        yield from _without_bullet(text, start, gap.start())
        start = gap.end()
    yield from _without_bullet(text, start, within.end)


def _without_bullet(text: str, start: int, end: int) -> Iterator[Span]:
    bullet = _BULLET.match(text, start, end)
    yield from _trimmed(text, bullet.end() if bullet else start, end)


def sentences(text: str, within: Span) -> Iterator[Span]:
    """The sentences of a paragraph in order; a semicolon ends one, an abbreviation does not."""
    start = within.start
    for end in _SENTENCE_END.finditer(text, within.start, within.end):
        if end["mark"] == "." and _is_abbreviation(text, start, end):
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, within.end)


def _is_abbreviation(text: str, start: int, end: re.Match[str]) -> bool:
    before = text[max(start, end.start() - _LOOK_BACK) : end.start()]
    word = _LAST_WORD.search(before)
    if word is None or _ENDED_BY_YEAR.search(before):
        return False
    last = word[0].casefold()
    if last == "no":  # "No. 5"
        return text[end.end() : end.end() + 1].isdigit()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or last[-2:-1] == "."


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    stripped = part.strip().rstrip(";").rstrip()
    if stripped:
        begin = start + len(part) - len(part.lstrip())
        yield Span(begin, begin + len(stripped))
