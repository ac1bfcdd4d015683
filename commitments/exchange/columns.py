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

RECORD: Final = "record"
"""The column of a single table that tells what a row is about; empty is a commitment."""

SHEET_OF: Final[Mapping[str, str]] = {
    COMMITMENT: "commitments",
    CITATION: "citations",
    SOURCE: "sources",
    PARTY: "parties",
    TOPIC: "topics",
}
WRITE_ORDER: Final = (TOPIC, PARTY, SOURCE, COMMITMENT, CITATION)
"""What is referred to stands on record before what refers to it."""

CITED: Final = ("source", "role", "quote", "locator", "said_by")
TARGET: Final = ("measure", "unit", "comparison", "goal", "baseline", "baseline_period")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: (
        *("id", "key", "title", "summary", "note", "language", "kind", "strength"),
        *("window", "wording", "hemisphere", "time_zone", "place", "topics", "parties"),
        *("parent", "duplicate_of", "status", "effective", "publication"),
        *CITED,
        *TARGET,
    ),
    CITATION: ("commitment", *CITED),
    SOURCE: (
        *("id", "key", "title", "kind", "date", "place", "publisher", "url", "archive_url"),
        *("language", "independent"),
    ),
    PARTY: ("key", "kind", "name", "office", "body", "country_code"),
    TOPIC: ("key", "name"),
}
TRANSLATED: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: ("title", "summary", "note", "place"),
    CITATION: (),
    SOURCE: ("title", "place"),
    PARTY: ("name", "office"),
    TOPIC: ("name",),
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    COMMITMENT: ("title", "kind"),
    CITATION: ("commitment", "source"),
    SOURCE: ("title", "kind", "date"),
    PARTY: ("key", "kind", "name"),
    TOPIC: ("key", "name"),
}
# Where these are empty the file says nothing; an empty summary, in contrast, is an empty summary.
SILENT_WHERE_EMPTY: Final = frozenset(
    {
        *("id", "key", "language", "kind", "strength", "hemisphere", "time_zone"),
        *("window", "status", "effective", "publication"),
        *("independent", "title", "name", "date"),
        *CITED,
        *TARGET,
    }
)
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


def is_column(record: str, column: str) -> bool:
    """Whether a row about `record` may have this column."""
    if column in COLUMNS[record]:
        return True
    translation = translation_of(column)
    return translation is not None and translation[0] in TRANSLATED[record]


def written_columns(
    record: str, cells: Iterable[Mapping[str, str]], languages: list[str]
) -> list[str]:
    """The columns of an export in their order: translations last, those of the site always."""
    always = [f"{name}:{code}" for code in languages for name in TRANSLATED[record]]
    found = {column for row in cells for column in row if translation_of(column)}
    return [*COLUMNS[record], *always, *sorted(found - set(always))]
