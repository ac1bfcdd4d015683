"""From a text to the words of a language's table: cleaning, cutting, looking up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commitments.exceptions import PhraseError
from commitments.phrases.table import Language, Value
from commitments.window_text import Sentence
from commitments.window_text import translatable as _

MAX_LENGTH = 200
"""Longest phrase that is read; the longest that is printed has about 150 characters."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the table: its kind, what it means, and how it stood in the text."""

    kind: str
    value: Value
    text: str


UNKNOWN = "unknown"
FROM_CASE = "from_case"
NUMBER_KINDS = ("date", "y", "n", "dash", "slash")

_PIECE = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}(?![0-9])"
    r"|[0-9]{4}-(?:0[1-9]|1[0-2])(?![0-9-]))"
    r"|(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<mark>\S)"
)
_WORD = re.compile(r"[^\W\d_]+")
# One dash for all, and the Russian ё, which is often written е.
_ALIKE = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"ё": "е", "Ё": "Е"})
_IGNORED = frozenset(".,;[]«»\"“”„'’`")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# 5/9/2025, 05.09.25, 9-5-2025: which number is the month, or which century it is, is not said.
_LOOSE_DATE = re.compile(r"(?<![0-9./-])[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}(?![0-9./-]*[0-9])")
_DOTTED_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")


def cleaned(text: str) -> str:
    """The text in one line, ready to be cut; raises PhraseError for what no date contains."""
    if len(text) > MAX_LENGTH:
        raise PhraseError(
            Sentence(
                _("This is too long for a date: write at most %(limit)s characters."),
                limit=MAX_LENGTH,
            )
        )
    if any(unicodedata.category(char) in _HIDDEN for char in text):
        raise PhraseError(
            Sentence(
                _("%(text)s has a control or invisible character: type the date anew."), text=text
            )
        )
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold().split())


def refuse_loose_dates(text: str, language: Language) -> None:
    """Raise PhraseError for a date all in numbers that has more than one meaning."""
    for match in _LOOSE_DATE.finditer(text):
        if language.day_month_year and _DOTTED_DATE.fullmatch(match[0]):
            continue
        raise PhraseError(
            Sentence(
                _(
                    "%(text)s can be read in more than one way: write the month as a word, or "
                    "year, month and day as in 2025-05-09."
                ),
                text=match[0],
            )
        )


def pieces(text: str) -> list[tuple[str, str]]:
    """The text cut up: (sort of piece, piece), without the marks that mean nothing."""
    found = ((match.lastgroup or "", match[0]) for match in _PIECE.finditer(text))
    return [(sort, piece) for sort, piece in found if piece not in _IGNORED]


class Lexicon:
    """Every form of a language, and of anchors that one commitment has of its own."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._spellings: dict[str, str] = {}
        self.forms: dict[tuple[str, ...], tuple[tuple[str, Value], ...]] = {}
        for kind, meanings in language.words.items():
            for value, texts in meanings.items():
                self._add(texts, ((kind, value),))
        for kind, meanings in language.words_with_from.items():
            for value, texts in meanings.items():
                self._add(texts, ((kind, value), (FROM_CASE, 0)))
        self.longest = max(len(words) for words in self.forms)
        self.undated = frozenset(map(self.key, language.undated))

    def _add(self, texts: Iterable[str], meaning: tuple[tuple[str, Value], ...]) -> None:
        for text in texts:
            self._spellings.setdefault(text.casefold(), text)
            known = self.forms.setdefault(self.key(text), meaning)
            if known != meaning:
                raise ValueError(f"{self.language.code}: {text!r} means {known} and {meaning}")

    def key(self, text: str) -> tuple[str, ...]:
        return tuple(piece for _sort, piece in self._kept(pieces(cleaned(text))))

    def _kept(self, cut: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(sort, piece) for sort, piece in cut if piece not in self.language.dropped]

    def spelled(self, text: str) -> str:
        """A cleaned text with the capitals of the table ("January")."""
        return _WORD.sub(lambda match: self._spellings.get(match[0], match[0]), text)

    def tokens(self, text: str, anchors: Mapping[tuple[str, ...], str]) -> list[Token]:
        """Look up a cleaned text, longest forms first; what is not found is UNKNOWN."""
        cut = self._kept(pieces(text))
        found: list[Token] = []
        start = 0
        while start < len(cut):
            used, tokens = self._next(cut, start, anchors)
            found += tokens
            start += used
        return found

    def _next(
        self, cut: list[tuple[str, str]], start: int, anchors: Mapping[tuple[str, ...], str]
    ) -> tuple[int, list[Token]]:
        reach = max(self.longest, *map(len, anchors), 1) if anchors else self.longest
        for length in range(min(reach, len(cut) - start), 0, -1):
            words = tuple(piece for _sort, piece in cut[start : start + length])
            if words in anchors:
                return length, [Token("anchor", anchors[words], " ".join(words))]
            if words in self.forms:
                text = " ".join(words)
                return length, [Token(kind, value, text) for kind, value in self.forms[words]]
        return 1, [_single(*cut[start])]


def _single(sort: str, piece: str) -> Token:
    if sort == "date":
        day, dot, rest = piece.partition(".")
        month, _dot, year = rest.partition(".")
        return Token("date", f"{year}-{month:>02}-{day:>02}" if dot else piece, piece)
    if sort == "number" and len(piece) == 4:
        return Token("y", int(piece), piece)
    if sort == "number" and len(piece) < 4:
        return Token("n", int(piece), piece)
    kind = {"-": "dash", "/": "slash"}.get(piece, UNKNOWN)
    return Token(kind, 0, piece)
