"""What makes a cell, a text, a citation or a value the same as what stands on record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from commitments.exchange.columns import CITED, FileRow, text_part_of
from commitments.exchange.entries import Difference, Entry
from commitments.exchange.rows import citation_cells, reference
from commitments.exchange.values import text_of_value
from commitments.models import Commitment, Source
from commitments.window import Hemisphere, Window


def text_in(row: FileRow) -> str:
    """The text of a source, joined from its cells, with LF as the end of a line."""
    parts = {text_part_of(column): text for column, text in row.cells.items()}
    parts.pop(0, None)
    text = "".join(part for _number, part in sorted(parts.items()))
    return text.replace("\r\n", "\n").replace("\r", "\n") if text.strip() else ""


def join_text(entry: Entry) -> None:
    """Put the cells of a text together as the one value "text"."""
    for column in [one for one in entry.values if text_part_of(one)]:
        del entry.values[column]
    if text := text_in(entry.row):
        entry.values["text"] = text


def difference_of_text(found: Source | None, text: str) -> Iterator[Difference]:
    """A text is too long for a page of rows: its hash stands for it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    old = found.text_sha256 if found else ""
    if old != digest:
        yield Difference("text", old and f"SHA-256 {old}", f"SHA-256 {digest}")


def value_told(values: Mapping[str, Any]) -> dict[str, str]:
    """A reported value as the record's own cells tell it, without its source."""
    names = ("value", "period", "locator")
    return {name: text_of_value(values.get(name)).strip() for name in names}


def at_place(window: Window, hemisphere: Hemisphere) -> str:
    """The EDTF text of a window with its seasons as those of the hemisphere."""
    return str(Window.parse(str(window), hemisphere=hemisphere))


def names_the_same(found: Any, column: str, new: str) -> bool:
    """Whether `new` is the other name, id or key, of what stands there."""
    if found is None:
        return False
    if column == "anchor":
        other, new = found.anchor_source or found.anchor_commitment, new.partition(":")[2]
    else:
        is_link = column in {"parent", "duplicate_of", "successor"}
        other = getattr(found, column) if is_link else None
    return other is not None and new in {other.key, other.public_id}


def cited_by(entry: Entry) -> tuple[str, ...]:
    """What makes a citation the same one: all of it."""
    values: dict[str, Any] = {"role": "announces", **entry.values}
    return tuple(str(values.get(name, "")).strip() for name in CITED)


def citations_of(commitment: Commitment) -> set[tuple[str, ...]]:
    """What makes each of its citations the same one, by either name of the source."""
    found = set()
    for citation in commitment.citations.all():
        cells = citation_cells(citation)
        for name in {reference(citation.source), citation.source.public_id}:
            found.add(tuple({**cells, "source": name}[one].strip() for one in CITED))
    return found
