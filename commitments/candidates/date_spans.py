"""Where the words of a date stand in a sentence: the longest span that the phrase reader knows.

A span that is known but cannot be read ("in the next year", "within 40 days of its adoption") is
kept without a window: a shorter one inside it would be a date that nobody named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from commitments.candidates.signal_table import SignalTable, plain
from commitments.exceptions import PhraseError
from commitments.phrases import read_phrase
from commitments.phrases.languages import tools_for
from commitments.phrases.tokens import cleaned
from commitments.window import Window


class DateSpan(NamedTuple):
    """The place of date words in a sentence and their window, undated where it cannot be told."""

    start: int
    end: int
    window: Window


class Piece(NamedTuple):
    """A word, number or dash, with its place; `word` as the phrase tables have it."""

    word: str
    start: int
    end: int


_PIECE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?![0-9])"
    r"|[0-9]+|[^\W\d_]+|[-‐‑‒–—−/~]|[,.](?=\s?[^\W_])"
)
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9.]{8,10}")
_POSSESSIVE: Final = re.compile(r"['’]s\b")  # "today's agreements"
_LONGEST: Final = 12
_DATED_KINDS: Final = (
    "month",
    "season",
    "quarter",
    "half",
    "year_word",
    "unit",
    "relative_year",
    "relative_month",
    "relative_week",
    "relative_quarter",
    "relative_day",
)
# They occur inside "next year", "с. г." and the like, but name no time themselves.
_NEVER_ALONE: Final = frozenset({"in", "of", "the", "this", "в", "с", "г", "day"})
_LEADING_KINDS: Final = frozenset(
    {"in", "of", "until", "until_end", "before", "from", "after", "to", "between", "and", "within"}
)
_JOINTS: Final = frozenset(",.-‐‑‒–—−/~")


class _Words(NamedTuple):
    """The single words of a language: all that occur in date words, and those a date hangs on."""

    known: frozenset[str]
    dated: frozenset[str]
    leading: frozenset[str]  # never the last word of a date: "in", "by"


@lru_cache(maxsize=8)
def _words(language: str) -> _Words:
    tools = tools_for(language)
    dated: set[str] = set()
    known: set[str] = set(tools.language.dropped)
    leading: dict[str, bool] = dict.fromkeys(known, True)
    for words, meaning in tools.lexicon.forms.items():
        known |= {word for word in words if word.isalpha()}
        led = all(kind in _LEADING_KINDS for kind, _value in meaning)
        leading[words[-1]] = led and leading.get(words[-1], True)
        if any(kind in _DATED_KINDS for kind, _value in meaning):
            dated |= {word for word in words if word.isalpha()}
    stop = {"in", "of", "the", "this", "в", "с", "г"}
    return _Words(
        frozenset(known),
        frozenset(dated - stop),
        frozenset(word for word, led in leading.items() if led),
    )


def date_spans(
    text: str, *, said_on: date | None, table: SignalTable, past: bool
) -> list[DateSpan]:
    """The date words of a sentence in order; `past` as `read_phrase` has it."""
    found: list[DateSpan] = []
    for run in _runs(_pieces(text), _words(table.code)):
        found += _spans_in(text, run, said_on=said_on, table=table, past=past)
    return found


def _pieces(text: str) -> list[Piece]:
    return [Piece(m[0], m.start(), m.end()) for m in _PIECE.finditer(plain(text))]


def _runs(pieces: list[Piece], words: _Words) -> Iterator[list[Piece]]:
    """Neighbouring pieces that date words could consist of, where one of them names a time."""
    run: list[Piece] = []
    for piece in [*pieces, Piece("", 0, 0)]:
        if piece.word in words.known or piece.word[:1].isdigit() or piece.word in _JOINTS:
            run.append(piece)
            continue
        if any(_names_time(one, words) for one in run):
            yield run
        run = []


def _names_time(piece: Piece, words: _Words) -> bool:
    return bool(
        piece.word in words.dated or _YEAR.fullmatch(piece.word) or _DATE.fullmatch(piece.word)
    )


def _spans_in(
    text: str, run: list[Piece], *, said_on: date | None, table: SignalTable, past: bool
) -> Iterator[DateSpan]:
    tools, words = tools_for(table.code), _words(table.code)
    times = [index for index, piece in enumerate(run) if _names_time(piece, words)]
    start = 0
    while start < len(run):
        place = bisect_left(times, start)
        if place == len(times):
            return
        nearest = times[place]
        if nearest - start >= _LONGEST or run[start].word in tools.language.dropped | _JOINTS:
            start += 1
            continue
        for end in range(min(start + _LONGEST, len(run)), nearest, -1):
            if run[end - 1].word in words.leading or run[end - 1].word in _JOINTS:
                continue
            part = run[start:end]
            if _is_date(text, part, table):
                yield _read(text, part, said_on=said_on, language=table.code, past=past)
                start = end
                break
        else:
            start += 1


def _is_date(text: str, part: list[Piece], table: SignalTable) -> bool:
    alone = part[0].word
    if len(part) == 1 and alone in table.weak_dates and not _is_named(text, part[0], table):
        return False
    if len(part) == 1 and alone.isdigit():
        return False
    if _is_amount(text, part, table) or _POSSESSIVE.match(text, part[-1].end):
        return False
    return _is_phrase(" ".join(text[part[0].start : part[-1].end].split()), table.code)


def _is_named(text: str, piece: Piece, table: SignalTable) -> bool:
    """Whether a word such as "May" has a capital that is not that of the sentence."""
    return table.code == "en" and piece.start > 0 and text[piece.start].isupper()


def _is_amount(text: str, part: list[Piece], table: SignalTable) -> bool:
    """ "By 2000 tonnes": a number before a unit is no year."""
    if not part[-1].word.isdigit():
        return False
    after = plain(text[part[-1].end : part[-1].end + 20]).lstrip()
    return table.patterns["units"].match(after) is not None


@lru_cache(maxsize=8192)
def _is_phrase(phrase: str, language: str) -> bool:
    """Whether the reader knows the whole of it; asked before reading, which explains a miss."""
    try:
        said = tools_for(language).parse(cleaned(phrase))
    except PhraseError:  # an invisible character
        return False
    # "Signed", "in coming years": the table of signals has the vague words that are meant.
    return said is not None and said.sort != "undated"


def _read(
    text: str, part: list[Piece], *, said_on: date | None, language: str, past: bool
) -> DateSpan:
    start, end = part[0].start, part[-1].end
    phrase = " ".join(text[start:end].split())
    try:
        window = read_phrase(phrase, said_on=said_on, language=language, past=past).window
    except PhraseError:
        window = Window.undated()
    return DateSpan(start, end, window)
