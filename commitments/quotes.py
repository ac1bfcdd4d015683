"""Where a quote stands in a stored text; plain Python.

White space does not count (a pasted text breaks its lines elsewhere), and neither does the shape
of quotation marks, apostrophes and dashes; every other character does.

Both functions take time in proportion to the text, whatever the quote: an editor pastes a
megabyte, and a pattern that may start anew at every word of it would stand still.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from typing import Final

MAX_PASSAGE: Final = 500
"""Longest passage shown, in characters."""

# One character for one, so that positions stay what they were.
_ALIKE: Final = {
    ord(character): group[0] for group in ('"“”„«»', "'‘’ʼ`", "-‐‑–—") for character in group
}
_WORD: Final = re.compile(r"\S+")
# A passage is near when it shares this part of the words of the quote.
_NEAR: Final = 1 / 3


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """The first span of `quote` in `text` as character offsets (a Python slice), or None."""
    wanted = " ".join(quote.translate(_ALIKE).split())
    if not wanted:
        return None
    words = list(_WORD.finditer(text))
    plain = " ".join(word[0] for word in words).translate(_ALIKE)
    found = plain.find(wanted)
    if found < 0:
        return None
    starts = _starts_when_joined(words)
    return (
        _position(words, starts, found),
        _position(words, starts, found + len(wanted) - 1) + 1,
    )


def _starts_when_joined(words: list[re.Match[str]]) -> list[int]:
    """Where each of `words` begins once they are joined by single spaces."""
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word[0]) + 1
    return starts


def _position(words: list[re.Match[str]], starts: list[int], joined: int) -> int:
    """The position in the text of a character, never a space, of the joined words."""
    index = bisect_right(starts, joined) - 1
    return words[index].start() + joined - starts[index]


def nearest_passage(text: str, quote: str) -> str:
    """The passage of `text` most like `quote`: as many words, most of them shared, in one line.

    Cut at `MAX_PASSAGE` characters; "" where less than a third of the words is shared.
    """
    words = text.split()
    bare = {word: _bare(word) for word in {*words, *quote.split()}}
    wanted = Counter(bare[word] for word in quote.split())
    length = min(wanted.total(), len(words))
    best, shared = _best_window([bare[word] for word in words], wanted, length)
    if not shared or shared < _NEAR * wanted.total():
        return ""
    passage = " ".join(words[best : best + length])
    return passage if len(passage) <= MAX_PASSAGE else f"{passage[:MAX_PASSAGE]}…"


def _bare(word: str) -> str:
    """A word without its case and the punctuation around it."""
    folded = word.translate(_ALIKE).casefold()
    return "".join(one for one in folded if not unicodedata.category(one).startswith("P")) or folded


def _best_window(words: list[str], wanted: Counter[str], length: int) -> tuple[int, int]:
    """The start of the first window of `length` words that shares most words, and how many."""
    missing = wanted.copy()
    best, most, shared = 0, 0, 0
    for index, word in enumerate(words):
        shared += missing[word] > 0
        missing[word] -= 1
        if index >= length:
            gone = words[index - length]
            missing[gone] += 1
            shared -= missing[gone] > 0
        if shared > most:
            best, most = max(index - length + 1, 0), shared
    return best, most
