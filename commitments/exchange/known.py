"""What a file refers to, as it stands on record: more rows cost hardly more queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar

from django.db.models import Q

from commitments.exchange.columns import CITATION, COMMITMENT, SOURCE, VALUE, FileRow
from commitments.exchange.rows import with_parts
from commitments.models import Commitment, Party, Source, Topic

_AT_ONCE: Final = 400
"""Names in one query: SQLite's oldest limit is 999 values."""

LINKS: Final = ("parent", "duplicate_of", "successor", "anchor")
"""The columns in which a commitment names another one."""

Twin = tuple[str, str, str]
One = TypeVar("One")


@dataclass(slots=True)
class Known:
    """Records by the names that a file may use for them: a key, or a public id."""

    topics: dict[str, Topic] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    twins: dict[Twin, str] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """Let `source` be found by its key and its id."""
        self.sources |= {name: source for name in (source.public_id, source.key) if name}

    def add_commitment(self, commitment: Commitment) -> None:
        """Let `commitment` be found by its key and its id."""
        names = (commitment.public_id, commitment.key)
        self.commitments |= {name: commitment for name in names if name}


def what_is_known(rows: Sequence[FileRow]) -> Known:
    """All that `rows` may refer to, and what could be there twice."""
    known = Known(
        topics={topic.key: topic for topic in Topic.objects.all()},
        parties={party.key: party for party in Party.objects.select_related("body")},
        twins=_twins(),
    )
    for source in Source.objects.defer("text"):
        known.add_source(source)
    names = {name for row in rows for name in _named_commitments(row)}
    for some in _in_turns(names):
        found = Commitment.objects.filter(Q(public_id__in=some) | Q(key__in=some))
        for commitment in with_parts(found):
            known.add_commitment(commitment)
    quoted = {_cell(row, "source") for row in rows if _cell(row, "quote")} & set(known.sources)
    for keys in _in_turns(known.sources[name].pk for name in quoted):
        with_text = Source.objects.filter(pk__in=keys).exclude(text="")
        known.texts |= dict(with_text.values_list("pk", "text"))
    return known


def _twins() -> dict[Twin, str]:
    """The id of each commitment on record by title, window and the id of a source."""
    listed = Commitment.objects.values_list(
        "title", "window", "citations__source__public_id", "public_id"
    )
    return {(plain(title), window, source or ""): own for title, window, source, own in listed}


def plain(title: str) -> str:
    """A title without what does not make it another one: capitals and spaces."""
    return " ".join(title.casefold().split())


def _named_commitments(row: FileRow) -> Iterator[str]:
    if row.record == COMMITMENT:
        columns: tuple[str, ...] = ("id", "key", *LINKS)
    else:
        columns = ("commitment",) if row.record in {CITATION, VALUE} else ()
    for column in columns:
        if name := named_in(row, column):
            yield name


def named_in(row: FileRow, column: str) -> str:
    """The name that a cell holds; an anchor is named only where it is a commitment."""
    name = _cell(row, column)
    if column != "anchor":
        return name
    record, _colon, anchor = name.partition(":")
    return anchor.strip() if record.strip().lower() == COMMITMENT else ""


def names_of(row: FileRow) -> list[str]:
    """The names by which other rows may refer to this one."""
    columns = ("id", "key") if row.record in {COMMITMENT, SOURCE} else ("key",)
    return [name for column in columns if (name := _cell(row, column))]


def _cell(row: FileRow, column: str) -> str:
    return row.cells.get(column, "").strip()


def _in_turns(names: Iterable[One]) -> Iterator[list[One]]:
    rest = iter(names)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
