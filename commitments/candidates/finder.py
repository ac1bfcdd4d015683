"""Which sentences of a text look like commitments, and what an editor is told of each.

Decided here:

* A firm signal ("undertakes to") is enough. A future ("will") needs date words, which may be vague
  ("soon") but not over by the day of the source. Without either the whole date must lie ahead, or
  be one that cannot be told, in a sentence that is not of the past.
* Questions, what journalists say, words quoted inside a sentence, negations, hopes and conditions
  are passed over; so are futures that promise nothing that could be checked ("will remember").
* A sentence with two dates that are joined by "and" or a comma is two candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from commitments.candidates.date_spans import DateSpan, date_spans
from commitments.candidates.sentences import Span, sentences
from commitments.candidates.signal_table import SignalTable, plain
from commitments.candidates.signals import signals_for
from commitments.candidates.speakers import is_asker, turns
from commitments.enums import Kind
from commitments.window import Window


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a text that looks like a commitment.

    `text[start:end] == quote`. `speaker` is the label of the paragraph, "" where there is none.
    `date_words` are the words of its date in one line, "" where it names none; `window` is theirs,
    undated where they are vague or cannot be read. `kind` is a guess.
    """

    start: int
    end: int
    quote: str
    speaker: str
    date_words: str
    window: Window
    kind: Kind


MAX_SENTENCE: Final = 2_000
"""A longer sentence is a text without full stops: nothing in it is a quote."""

_QUOTED: Final = re.compile(r"«[^«»]{0,500}»|“[^“”]{0,500}”|\"[^\"]{0,500}\"")
_JOINT: Final = re.compile(r",\s+(?:(?:and|but|while|и|а|но|а также)\s+)?|\s+(?:and|while)\s+")
_QUESTION: Final = re.compile(r"\?[\"'”’»)\]]*\Z")


def find_candidates(text: str, *, said_on: date | None, language: str) -> list[Candidate]:
    """The candidates of a text in its order.

    `said_on` is the date of the source, which "next year" counts from: without it such words have
    an undated window. `language` is a code such as "en" or "ru-RU"; raises ValueError for one
    without tables. Takes one to three seconds for 200,000 characters.
    """
    table = signals_for(language)
    found: list[Candidate] = []
    for turn in turns(text):
        if is_asker(turn.speaker):
            continue
        spans = list(sentences(text, turn.span))
        own = _without_quoted(text, turn.span, frozenset(span.start for span in spans))
        for span in spans:
            if span.end - span.start <= MAX_SENTENCE:
                said = own[span.start - turn.span.start : span.end - turn.span.start]
                found += _of_sentence(text, span, said, turn.speaker, said_on, table)
    return found


def _of_sentence(
    text: str, span: Span, sentence: str, speaker: str, said_on: date | None, table: SignalTable
) -> Iterator[Candidate]:
    """The candidates of `text[span]`, whose own words, without what is quoted, are `sentence`."""
    if _QUESTION.search(sentence):
        return
    for start, end in _clauses(sentence, said_on, table):
        said = sentence[start:end]
        signs = Signs(said, table)
        dates = date_spans(said, said_on=said_on, table=table, past=signs.is_past)
        due = _due(dates, said_on, signs) or _vague(signs.plain, table)
        if not signs.make_commitment(due, dates, said_on):
            continue
        words = " ".join(said[due.start : due.end].split()) if due else ""
        window = due.window if due else Window.undated()
        kind = _kind(signs.plain, window, table)
        first, last = span.start + start, span.start + end
        yield Candidate(first, last, text[first:last], speaker, words, window, kind)


class Signs:
    """What the words of a clause say about it, apart from its date.

    `firm_from` is the place of the first firm signal, None where there is none.
    """

    def __init__(self, said: str, table: SignalTable) -> None:
        self.plain = plain(said)
        harmless = table.patterns["harmless"].sub(_blank, self.plain)
        bare = table.patterns["empty"].sub(_blank, harmless)

        def has(name: str) -> bool:
            return table.patterns[name].search(bare) is not None

        self.is_future = has("future")
        self.is_negated = has("negated") or (bare != harmless and not self.is_future)
        self.is_unsure = has("unsure") or has("conditions")
        self.firm_from = None if has("conditions") else _firm_from(bare, table)
        self.is_past = has("past") and not (self.is_firm or self.is_future)

    @property
    def is_firm(self) -> bool:
        return self.firm_from is not None

    def make_commitment(
        self, due: DateSpan | None, dates: list[DateSpan], said_on: date | None
    ) -> bool:
        """Whether they and the dates of the clause are enough; see the top of this file."""
        if self.firm_from is not None:
            # "Promised to open it in 2019": it was due before this was said.
            late = [one for one in dates if one.start > self.firm_from]
            return due is not None or not any(_is_over(one.window, said_on) for one in late)
        if due is None or self.is_negated or self.is_unsure:
            return False
        is_told_as_open = due.window.is_undated and not self.is_past
        return self.is_future or is_told_as_open or _is_ahead(due.window, said_on)


def _firm_from(bare: str, table: SignalTable) -> int | None:
    """The place of the first firm signal without a negation before it."""
    firm = (match.start() for match in table.patterns["firm"].finditer(bare))
    negated = table.patterns["negated"]
    return next((one for one in firm if not negated.search(_two_words_before(bare, one))), None)


def _two_words_before(said: str, place: int) -> str:
    return " ".join(said[max(0, place - 60) : place].split()[-2:])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _without_quoted(text: str, paragraph: Span, starts: frozenset[int]) -> str:
    """The paragraph with blanks for what is quoted inside a sentence.

    A quote that begins a sentence is the speaker's own, as newspapers write it.
    """
    return _QUOTED.sub(
        lambda match: match[0] if paragraph.start + match.start() in starts else _blank(match),
        text[paragraph.start : paragraph.end],
    )


def _clauses(sentence: str, said_on: date | None, table: SignalTable) -> Iterator[Span]:
    """The whole sentence, or its parts where each has a date ahead of its own."""
    start = 0
    for joint in _joints(sentence, said_on, table):
        if _has_verb(sentence[start : joint.start], table):
            yield Span(start, joint.start)
            start = joint.end
    yield Span(start, len(sentence))


def _joints(sentence: str, said_on: date | None, table: SignalTable) -> Iterator[Span]:
    if not _JOINT.search(sentence):
        return
    dates = date_spans(sentence, said_on=said_on, table=table, past=False)
    left = [one for one in dates if not _is_over(one.window, said_on)]
    for one, other in pairwise(left):
        joint = _JOINT.search(sentence, one.end, other.start)
        if joint and _has_verb(sentence[joint.end() :], table):
            yield Span(*joint.span())


def _has_verb(part: str, table: SignalTable) -> bool:
    said = plain(part)
    return any(table.patterns[name].search(said) for name in ("firm", "future"))


def _due(dates: list[DateSpan], said_on: date | None, signs: Signs) -> DateSpan | None:
    """The date that is promised: the first ahead, else the first that is not over.

    "Today we agreed to": the day of the source is that of the agreement and not of what is agreed.
    """
    left = [one for one in dates if not _is_over(one.window, said_on)]
    if signs.is_firm:
        left = [one for one in left if not (one.window.is_day and one.window.latest == said_on)]
    return next((one for one in left if _is_ahead(one.window, said_on)), left[0] if left else None)


def _is_over(window: Window, said_on: date | None) -> bool:
    """Whether nothing of it is left, or it only says since when something has been going on."""
    if said_on is None or window.is_undated:
        return False
    if window.latest is None:
        return window.earliest is not None and window.earliest < said_on
    return window.latest < said_on


def _is_ahead(window: Window, said_on: date | None) -> bool:
    """Whether all of it comes after the day of the source; "by 2030" does."""
    if window.is_undated or said_on is None:
        return False
    if window.earliest is None:
        return window.latest is not None and window.latest > said_on
    return window.earliest > said_on


def _vague(said: str, table: SignalTable) -> DateSpan | None:
    """Words such as "soon": a date that cannot be told."""
    found = table.patterns["vague"].search(said)
    return DateSpan(found.start(), found.end(), Window.undated()) if found else None


def _kind(said: str, window: Window, table: SignalTable) -> Kind:
    for kind, pattern in table.kind_patterns.items():
        if kind is Kind.PROGRAMME and not (window.is_undated or window.is_interval):
            continue
        if pattern.search(said):
            return kind
    return Kind.MILESTONE
