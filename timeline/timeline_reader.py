"""The one list of windows, statements and changes, in the shape that an outlet may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import translation

from commitments.enums import ChangeKind
from commitments.in_time import Place, Span, TimedRow, rows_in_time
from commitments.models import Commitment, Revision, Source
from commitments.window import Window


@dataclass(frozen=True, slots=True)
class TimelineCommitment:
    public_id: str
    title: str


@dataclass(frozen=True, slots=True)
class TimelineChange:
    number: int
    kind: str
    kind_label: str
    revision: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class TimelineSource:
    public_id: str
    title: str
    kind: str
    publisher: str
    web_url: str


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """What stands at one place in time; what does not belong to its type is None.

    A window has a commitment and a window, a change a commitment and a change, a statement a
    source. Texts are in the language that was asked for.
    """

    place: Place
    commitment: TimelineCommitment | None = None
    window: Window | None = None
    change: TimelineChange | None = None
    source: TimelineSource | None = None


def read_timeline(
    params: QueryDict, span: Span, *, limit: int, language: str, now: datetime
) -> list[TimelineItem]:
    """The first `limit` items of `span` for the filter `params`; public records only.

    Raises `commitments.exceptions.InvalidInput` for an unknown filter.
    """
    rows = rows_in_time(params, span, limit=limit, now=now)
    with translation.override(language):
        return [_item(row, language) for row in rows]


def _item(row: TimedRow, language: str) -> TimelineItem:
    record = row.record
    if isinstance(record, Source):
        return TimelineItem(row.place, source=_source(record, language))
    if isinstance(record, Revision):
        commitment, change = record.commitment, _change(record)
        named = _commitment(commitment, language) if commitment else None
        return TimelineItem(row.place, commitment=named, change=change)
    return TimelineItem(
        row.place, commitment=_commitment(record, language), window=record.window_value
    )


def _commitment(row: Commitment, language: str) -> TimelineCommitment:
    return TimelineCommitment(row.public_id, row.text_in(language, "title"))


def _change(row: Revision) -> TimelineChange:
    return TimelineChange(
        number=row.number,
        kind=row.kind,
        kind_label=str(ChangeKind(row.kind).label),
        revision=row.revision or 0,
        recorded_at=row.recorded_at,
    )


def _source(row: Source, language: str) -> TimelineSource:
    return TimelineSource(
        public_id=row.public_id,
        title=row.text_in(language, "title"),
        kind=row.kind,
        publisher=row.publisher,
        web_url=row.url,
    )
