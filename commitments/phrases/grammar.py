"""The patterns of a language as regular expressions over kinds of words.

Each kind becomes one character, so that a phrase is a short string and a position in it is the
position of a word. Nothing is nested, so the time is that of a short regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commitments.phrases.table import Language
from commitments.phrases.tokens import FROM_CASE, NUMBER_KINDS, Token

_FIRST_CODE = 0xE000
_ELEMENT = re.compile(r"(?:(?P<side>[AB]):)?(?P<names>[A-Za-z_|]+)(?P<optional>\??)")


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase taken apart: what sort of window, and the words of its start, end and rest."""

    sort: str
    start: tuple[Token, ...]
    end: tuple[Token, ...]
    words: tuple[Token, ...]


class Grammar:
    """All patterns of a language, compiled once."""

    def __init__(self, language: Language) -> None:
        kinds = [*language.words, *language.words_with_from, FROM_CASE, *NUMBER_KINDS]
        self._codes = {
            kind: chr(_FIRST_CODE + number) for number, kind in enumerate(dict.fromkeys(kinds))
        }
        self._parts: dict[str, str] = {}
        for name, patterns in language.parts.items():
            # A part may use the parts above it only: so no pattern can contain itself.
            self._parts[name] = f"(?:{'|'.join(map(self._compiled, patterns))})"
        self._windows = [
            (sort, re.compile(self._compiled(pattern)))
            for sort, patterns in language.windows.items()
            for pattern in patterns
        ]

    def parse(self, tokens: Sequence[Token]) -> Said | None:
        """The first pattern that fits all the words, or None."""
        text = "".join(self._codes.get(token.kind, "?") for token in tokens)
        for sort, pattern in self._windows:
            match = pattern.fullmatch(text)
            if match:
                sides = [
                    tuple(tokens[slice(*match.span(side))]) if side in pattern.groupindex else ()
                    for side in ("A", "B")
                ]
                return Said(sort, sides[0], sides[1], tuple(tokens))
        return None

    def _compiled(self, pattern: str) -> str:
        return "".join(map(self._element, pattern.split()))

    def _element(self, element: str) -> str:
        match = _ELEMENT.fullmatch(element)
        if match is None:
            raise ValueError(f"{element!r} is not an element of a pattern")
        names = (self._named(name) for name in match["names"].split("|"))
        inner = f"(?:{'|'.join(names)}){match['optional']}"
        return f"(?P<{match['side']}>{inner})" if match["side"] else inner

    def _named(self, name: str) -> str:
        return self._parts[name] if name.isupper() else self._codes[name]
