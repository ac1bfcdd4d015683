"""The shape of a language's table of signals: what the finder needs to know of a language.

A signal is a row of words; `*` at the end of a word stands for any ending, and alone for one word
of any kind. Words are compared without regard to capitals and to the dots of the Russian ё.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from commitments.enums import Kind

Signs = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SignalTable:
    """The signals of one language.

    `firm` alone make a commitment ("undertakes to"); `future` do with a date ("will"); `empty`
    are futures that promise nothing that could be checked ("will remember"); `negated` undo them
    all but a firm one that stands elsewhere; `harmless` look like a negation or a past and are
    none ("not later than", "hundred"); `unsure` are hopes, which undo a future; `conditions` undo
    a firm signal as well; `past` tell of what is over; `vague` are date words that give no date;
    `units` follow a number that is no year; `weak_dates` are no date when they stand alone
    ("fall"); `kinds` are tried in order.
    """

    code: str
    firm: Signs
    future: Signs
    empty: Signs
    negated: Signs
    harmless: Signs
    unsure: Signs
    conditions: Signs
    past: Signs
    vague: Signs
    units: Signs
    weak_dates: frozenset[str]
    kinds: Mapping[Kind, Signs]

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """A regular expression for each row of signs, by its name."""
        rows = [one.name for one in fields(self) if one.type == "Signs"]
        return {name: compiled(getattr(self, name)) for name in rows}

    @cached_property
    def kind_patterns(self) -> Mapping[Kind, re.Pattern[str]]:
        return {kind: compiled(signs) for kind, signs in self.kinds.items()}


def compiled(signs: Iterable[str]) -> re.Pattern[str]:
    """One expression for all signs; it matches at words only, in text that is `plain`."""
    rows = (r"\W{1,3}".join(map(_word, sign.split())) for sign in signs)
    return re.compile(rf"(?<!\w)(?:{'|'.join(rows)})(?!\w)")


def plain(text: str) -> str:
    """The text as it is compared: as long as it was, character for character."""
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_ALIKE)


_ALIKE = str.maketrans("ё’ʼ", "е''")


def _word(word: str) -> str:
    if word == "*":
        return r"\w+"
    before, after = (r"\w*" if word[end] == "*" else "" for end in (0, -1))
    return f"{before}{re.escape(plain(word.strip('*')))}{after}"
