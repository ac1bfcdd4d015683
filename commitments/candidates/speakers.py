"""Who speaks: the label at the start of a paragraph, "President of X Name:"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from commitments.candidates.sentences import Span, paragraphs


class Turn(NamedTuple):
    """A paragraph without its label; `speaker` is "" before anybody is named."""

    speaker: str
    span: Span


MAX_LABEL: Final = 100
_MAX_WORDS: Final = 12
_LABEL: Final = re.compile(rf"(?m)^[ \t]*(?P<name>[^\W\d_][^\n:;!?\"«“]{{0,{MAX_LABEL}}}):(?=\s)")
# fmt: off
_ASKERS: Final = frozenset({
    "question", "q", "reporter", "journalist", "correspondent", "moderator",
    "вопрос", "журналист", "журналистка", "корреспондент", "ведущий", "ведущая", "модератор",
    "реплика",
})
# fmt: on


def turns(text: str) -> Iterator[Turn]:
    """The paragraphs in order, each with the last speaker who was named."""
    speaker, start = "", 0
    for label in _labels(text):
        for paragraph in paragraphs(text, Span(start, label.start())):
            yield Turn(speaker, paragraph)
        speaker, start = " ".join(label["name"].split()), label.end()
    for paragraph in paragraphs(text, Span(start, len(text))):
        yield Turn(speaker, paragraph)


def is_asker(speaker: str) -> bool:
    """Whether the label is that of somebody who asks and promises nothing."""
    return speaker.partition(" ")[0].casefold().strip(".,") in _ASKERS


def _labels(text: str) -> list[re.Match[str]]:
    found = [match for match in _LABEL.finditer(text) if _is_name(match["name"])]
    often = Counter(match["name"] for match in found)
    return [
        match
        for match in found
        if is_asker(match["name"])
        or often[match["name"]] > 1
        or len(re.findall(r"[^\W\d_]+", match["name"])) > 1
    ]


def _is_name(label: str) -> bool:
    """Whether it can be a person: few words, and the last one, the family name, with a capital."""
    words = label.split()
    return len(words) <= _MAX_WORDS and (is_asker(label) or words[-1][0].isupper())
