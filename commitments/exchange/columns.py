"""The columns of a file, by the kind of record that a row is about (docs/exchange.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

TOPIC: Final = "topic"
PARTY: Final = "party"
SOURCE: Final = "source"
COMMITMENT: Final = "commitment"
CITATION: Final = "citation"
VALUE: Final = "value"

RECORD: Final = "record"
"""The column of a single table that tells what a row is about; empty is a commitment."""

SHEET_OF: Final[Mapping[str, str]] = {
    COMMITMENT: "commitments",
    CITATION: "citations",
    VALUE: "values",
    SOURCE: "sources",
    PARTY: "parties",
    TOPIC: "topics",
}
WRITE_ORDER: Final = (TOPIC, PARTY, SOURCE, COMMITMENT, CITATION, VALUE)
"""What is referred to stands on record before what refers to it."""

CITED: Final = ("source", "role", "quote", "locator", "said_by")
SHOWS_STATUS: Final = "shows_status"
"""The column that marks the citations on which the present status rests."""
ANCHOR: Final = ("anchor", "anchor_amount", "anchor_unit")
MOVE: Final = ("successor", "reason", "reason_code", "missing", "refused")
"""What the last move of the status said, beside where it went and since when."""
TARGET: Final = ("measure", "unit", "comparison", "goal", "baseline", "baseline_period")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: (
        *("id", "key", "title", "summary", "note", "language", "kind", "strength"),
        *("window", "wording", "hemisphere", "time_zone", "place", "topics", "parties"),
        *ANCHOR,
        *("parent", "duplicate_of", "status", "effective", *MOVE, "publication"),
        *CITED,
        SHOWS_STATUS,
        *TARGET,
    ),
    CITATION: ("commitment", *CITED, SHOWS_STATUS),
    VALUE: ("commitment", "value", "period", "source", "locator"),
    SOURCE: (
        *("id", "key", "title", "kind", "date", "place", "publisher", "url", "archive_url"),
        *("language", "independent", "text"),
    ),
    PARTY: ("key", "kind", "name", "office", "body", "country_code"),
    TOPIC: ("key", "name"),
}
TRANSLATED: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: ("title", "summary", "note", "place", "measure", "unit"),
    CITATION: (),
    VALUE: (),
    SOURCE: ("title", "place"),
    PARTY: ("name", "office"),
    TOPIC: ("name",),
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: ("title", "kind"),
    CITATION: ("commitment", "source"),
    VALUE: ("commitment", "value", "period", "source"),
    SOURCE: ("title", "kind", "date"),
    PARTY: ("key", "kind", "name"),
    TOPIC: ("key", "name"),
}
# Where these are empty the file says nothing; an empty summary, in contrast, is an empty summary.
SILENT_WHERE_EMPTY: Final = frozenset(
    {
        *("id", "key", "language", "kind", "strength", "hemisphere", "time_zone"),
        *("window", "status", "effective", "publication"),
        *("independent", "title", "name", "date", "text", "commitment", "value", "period"),
        *(*ANCHOR, *MOVE, SHOWS_STATUS),
        *CITED,
        *TARGET,
    }
)
_TEXT_PART: Final = re.compile(r"text(?: ([2-9]|[1-9][0-9]{1,2}))?")
_TRANSLATION: Final = re.compile(r"([a-z]+):([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file: what it is about, its sheet ("" for a single table), its number, its cells.

    `number` is that of the row in a spreadsheet program: the row of names is 1.
    """

    record: str
    number: int
    cells: Mapping[str, str] = field(hash=False)
    sheet: str = ""

    @property
    def place(self) -> str:
        """How a person finds it: "commitments 7"."""
        return f"{self.sheet} {self.number}".strip()


def translation_of(column: str) -> tuple[str, str] | None:
    """The field and the language of a column such as "title:ru", or None for another column."""
    found = _TRANSLATION.fullmatch(column)
    return (found[1], found[2]) if found else None


def text_part_of(column: str) -> int:
    """Which part of a source's text the column holds: "text" 1, "text 2" 2; 0 for another one.

    A cell of a spreadsheet program holds 32,767 characters: a longer text stands in several.
    """
    found = _TEXT_PART.fullmatch(column)
    return int(found[1] or 1) if found else 0


def is_column(record: str, column: str) -> bool:
    """Whether a row about `record` may have this column."""
    if column in COLUMNS[record] or (record == SOURCE and text_part_of(column)):
        return True
    translation = translation_of(column)
    return translation is not None and translation[0] in TRANSLATED[record]


def written_columns(
    record: str, cells: Iterable[Mapping[str, str]], languages: list[str]
) -> list[str]:
    """The columns of an export in their order: translations last, those of the site always."""
    named = {column for row in cells for column in row}
    always = [f"{name}:{code}" for code in languages for name in TRANSLATED[record]]
    found = {column for column in named if translation_of(column)} - set(always)
    parts = sorted((one for one in named if text_part_of(one) > 1), key=text_part_of)
    return [*COLUMNS[record], *parts, *always, *sorted(found)]
