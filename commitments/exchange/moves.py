"""How a new row comes to its status: recorded as such, or by a move of the table.

A record begins with what its source reports (`FIRST_STATUSES`). Every other status, and one that
rests on citations of its own, is a move: it has to meet the needs of the table, as at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commitments.enums import CitationRole, SourceKind, Status
from commitments.evidence import evidence_level
from commitments.exceptions import InvalidInput
from commitments.exchange.columns import SHOWS_STATUS, SOURCE, FileRow
from commitments.exchange.entries import Entry
from commitments.exchange.values import value_of
from commitments.models import Citation, Commitment, Source
from commitments.time_zones import day_at
from commitments.transitions import (
    FIRST_STATUSES,
    Facts,
    Transition,
    Unmet,
    find_transition,
    unmet_needs,
)
from commitments.window import Window

_COLUMN_OF: Final[Mapping[str, str]] = {
    "citations": "source",
    "explicit_refusal": "refused",
    "to_status": "status",
}


def move_to(entry: Entry, *, is_shown: bool) -> Transition | None:
    """The row of the table by which a new commitment comes to its status; None for a first one.

    `is_shown`: whether a citation of the file is marked as what the status rests on.
    """
    status = Status(entry.values.get("status", Status.ANNOUNCED))
    if status == Status.ANNOUNCED or (status in FIRST_STATUSES and not is_shown):
        return None
    return find_transition(Status.ANNOUNCED, status)


def unmet_by(
    entry: Entry,
    row: Transition,
    instance: Commitment,
    citations: Sequence[Citation],
    now: datetime,
) -> Iterator[tuple[str, Unmet]]:
    """What the move still needs, each with the column that would meet it."""
    values = entry.values
    level = evidence_level(citations)
    facts = Facts(
        today=day_at(instance.time_zone, now),
        latest=instance.at_its_place(values.get("window") or Window.undated()).latest,
        effective=values.get("effective") or Window.undated(),
        evidence=level,
        new_evidence=level,
        newest_evidence=None,
        has_source=bool(citations),
        status_since=None,
        reason=values.get("reason", ""),
        reason_code=values.get("reason_code", ""),
        missing=values.get("missing", ""),
        explicit_refusal=values.get("refused", False),
        has_successor=bool(values.get("successor", "").strip()),
    )
    for unmet in unmet_needs(row, facts):
        yield column_of(unmet.field), unmet


def column_of(field: str) -> str:
    """The column of a file for an input of the desk."""
    return _COLUMN_OF.get(field, field)


def is_marked(row: FileRow) -> bool:
    """Whether the row's citation is marked as what the status rests on."""
    return bool(_given(row, SHOWS_STATUS))


def as_cited(row: FileRow, source: Source | FileRow | None) -> Citation:
    """The unsaved citation of a row, with as much of its source as its evidence depends on."""
    role = _given(row, "role") or CitationRole.ANNOUNCES.value
    if isinstance(source, FileRow):
        source = Source(
            kind=_given(source, "kind") or SourceKind.OTHER.value,
            independent=bool(_given(source, "independent")),
        )
    return Citation(role=role, source=source or Source())


def _given(row: FileRow, column: str) -> Any:
    try:
        record = SOURCE if column in {"kind", "independent"} else row.record
        return value_of(record, column, row.cells.get(column, ""))
    except InvalidInput:
        return None
