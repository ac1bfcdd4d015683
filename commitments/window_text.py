"""What is wrong with a text that is not a window, and how to put it right.

The slow path beside `commitments/window.py`: it runs only for a text that was refused. Plain
Python. A `Sentence` keeps its template and its values apart, so that the edge which shows it
can translate it; this room cannot import Django.
"""

from __future__ import annotations

import re
from typing import Self

MAX_LENGTH = 40
"""Longest text read as EDTF; the longest window that exists has 23 characters."""

_MAX_SHOWN = 40


def translatable(message: str) -> str:
    """Mark a template for translation; imported as `_`, by which the extracting tool finds it."""
    return message


_ = translatable


class Sentence(str):
    """A finished English sentence that remembers how it was made.

    `template % params` is the text; a view shows `gettext(s.template) % s.params`.
    """

    __slots__ = ("params", "template")

    template: str
    params: dict[str, str]

    def __new__(cls, template: str, **params: object) -> Self:
        values = {name: shown(str(value)) for name, value in params.items()}
        made = super().__new__(cls, template % values)
        made.template = template
        made.params = values
        return made


def shown(text: str) -> str:
    """The text as it may stand in a message: short, one line, nothing invisible."""
    cut = text[: _MAX_SHOWN + 1]
    safe = "".join(char if char.isprintable() else _escaped(char) for char in cut)
    return safe if len(text) <= _MAX_SHOWN else f"{safe[:_MAX_SHOWN]}…"


def _escaped(char: str) -> str:
    return f"U+{ord(char):04X}"


def too_long() -> Sentence:
    return Sentence(
        _("This is too long for a date: write at most %(limit)s characters, such as 2026-04."),
        limit=MAX_LENGTH,
    )


def no_such_day(text: str, days: int) -> Sentence:
    return Sentence(
        _("%(text)s is not a day: that month has %(days)s days. Correct the day or leave it out."),
        text=text,
        days=days,
    )


def no_such_part(text: str, part: str) -> Sentence:
    return Sentence(
        _(
            "%(text)s has %(part)s where a month (01 to 12), a season (21 to 24), a quarter "
            "(33 to 36) or a half (40, 41) belongs. Correct it or leave it out."
        ),
        text=text,
        part=part,
    )


def part_takes_no_day(text: str) -> Sentence:
    return Sentence(
        _("%(text)s gives a day of a season, quarter or half: give the month, or no day."),
        text=text,
    )


def year_out_of_range(text: str) -> Sentence:
    return Sentence(
        _("%(text)s reaches beyond the years 0001 to 9999: only those can be recorded."),
        text=text,
    )


def ends_before_start(text: str) -> Sentence:
    return Sentence(_("%(text)s ends before it starts: swap or correct the two dates."), text=text)


_DIAGNOSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^/]*/[^/]*/.*"), _("%(text)s has more than one slash: give one start and end.")),
    (
        re.compile(r"(\.\.)?/(\.\.)?"),
        _("%(text)s has no date on either side: leave the field empty if there is no date."),
    ),
    (re.compile(r"\.\.[?~%].*|.*/\.\.[?~%]"), _("%(text)s qualifies an open end: write .. alone.")),
    (
        re.compile(r".*\b(open|unknown|now|present)\b.*", re.IGNORECASE),
        _("%(text)s uses a word for an end: write .. for open, nothing for unknown (2026-04/..)."),
    ),
    (
        re.compile(r"(.*/)?[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ][0-9]{2}.*"),
        _("%(text)s has a time of day: give the day only, such as 2026-04-12."),
    ),
    (
        re.compile(r"(.*/)?(Y[-0-9].*|[0-9]{5,}(-.*|/.*|[?~%])?)"),
        _("%(text)s has a year of more than four digits: only the years 0001 to 9999 can be used."),
    ),
    (
        re.compile(r"(.*/)?[-+−][0-9X].*"),
        _("%(text)s has a year with a sign: only the years 0001 to 9999 can be used."),
    ),
    (
        re.compile(r".*[\[\]{}].*"),
        _("%(text)s is a set of dates: give one date, or a start and an end (2026/2027)."),
    ),
    (
        re.compile(r".*[0-9X][?~%][?~%].*"),
        _("%(text)s has two qualifiers: write %% for both uncertain and approximate."),
    ),
    (
        re.compile(r"(.*/)?[?~%].*|.*[?~%]-.*"),
        _("%(text)s qualifies a part of a date: put ?, ~ or %% at the end of the whole date."),
    ),
    (
        re.compile(r".*[0-9]{4}-([0-9](?![0-9X])|[0-9]{2}-[0-9](?![0-9X])).*"),
        _("%(text)s lacks a zero: write months and days with two digits, such as 2026-04-09."),
    ),
    (
        re.compile(r".*[uUx].*"),
        _("%(text)s has a letter that is not known: write X for a digit that is not given."),
    ),
    (re.compile(r".*[‐-―−].*"), _("%(text)s has a long dash: write - inside a date, / between.")),
)
_ANY_OTHER = _(
    "%(text)s is not a date in EDTF: write a year (2026), month (2026-04), day (2026-04-09), "
    "season (2026-21), quarter (2026-33), half (2026-40), or two of them with / between."
)


def explain(text: str) -> Sentence:
    """The sentence for a text (at most MAX_LENGTH characters) that does not parse at all."""
    if not text.isprintable():
        return Sentence(
            _("%(text)s has a control or invisible character: type the date anew."), text=text
        )
    for pattern, template in _DIAGNOSES:
        if pattern.fullmatch(text):
            return Sentence(template, text=text)
    return Sentence(_ANY_OTHER, text=text)
