"""What stands where in time, as one list: the windows of commitments, what was said, what changed.

Three tables, each entered by its own index at the place where a page begins and merged in Python:
a union in the database would sort all of them first. A window stands at its last possible day,
for that is when it is due; what has none is not in this list. A source stands at its day, a
change at the day (UTC) on which it was recorded.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final, Literal

from django.db.models import Q, QuerySet
from django.http import QueryDict

from commitments.changes import visible_rows
from commitments.filters import select_commitments
from commitments.mentions import sources_named_by
from commitments.models import Commitment, Revision, Source
from commitments.querysets.commitments import CommitmentQuerySet

Type = Literal["window", "statement", "change"]
TYPES: Final[tuple[Type, ...]] = ("window", "statement", "change")
"""Also the order of what stands on one day: what is due, what was said, what was recorded."""

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a row stands: its day, its type, and what tells rows of one day and type apart.

    `key` is a public id, or for a change the instant in ISO 8601 and the number with leading zeros.
    """

    day: date
    rank: int
    key: str

    @property
    def type(self) -> Type:
        return TYPES[self.rank]


@dataclass(frozen=True, slots=True)
class TimedRow:
    """One row of the list; which kind of record it has is told by `place.type`."""

    place: Place
    record: Commitment | Source | Revision


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the list: `types` beyond `after` (None: all) from `starting` on (None: all)."""

    types: Collection[Type] = TYPES
    descending: bool = False
    after: Place | None = None
    starting: date | None = None


def rows_in_time(params: QueryDict, span: Span, *, limit: int, now: datetime) -> list[TimedRow]:
    """The first `limit` rows of `span` among the published commitments that `params` ask for.

    Sources are those that these name, changes those of these. One query for each type. Raises
    InvalidInput as `select_commitments` does.
    """
    public = Commitment.objects.published()
    selected = select_commitments(params, queryset=public, now=now).order_by()
    reads = {"window": _windows, "statement": _statements, "change": _changes}
    parts = [reads[one](selected, span)[:limit] for one in TYPES if one in span.types]
    merged = heapq.merge(
        *(_placed(part) for part in parts),
        key=lambda row: row.place,
        reverse=span.descending,
    )
    return list(islice(merged, limit))


def _windows(selected: CommitmentQuerySet, span: Span) -> QuerySet[Any]:
    rows = selected.filter(latest__isnull=False)
    return _beyond(rows, span, rank=0, column="latest", key="public_id")


def _statements(selected: CommitmentQuerySet, span: Span) -> QuerySet[Any]:
    rows = sources_named_by(selected).defer("text")
    return _beyond(rows, span, rank=1, column="date", key="public_id")


def _beyond(rows: QuerySet[Any], span: Span, *, rank: int, column: str, key: str) -> QuerySet[Any]:
    """`rows` from the place on where `span` begins, by a column of days and a unique one."""
    sign, strictly = ("-", "lt") if span.descending else ("", "gt")
    if span.starting is not None:
        rows = rows.filter(**{f"{column}__{strictly}e": span.starting})
    if span.after is not None:
        day = span.after.day
        found = Q(**{f"{column}__{strictly}": day})
        if rank == span.after.rank:
            found |= Q(**{column: day, f"{key}__{strictly}": span.after.key})
        elif (rank > span.after.rank) != span.descending:
            found |= Q(**{column: day})
        # The first condition is what an index is entered with.
        rows = rows.filter(Q(**{f"{column}__{strictly}e": day}) & found)
    return rows.order_by(f"{sign}{column}", f"{sign}{key}")


def _changes(selected: CommitmentQuerySet, span: Span) -> QuerySet[Any]:
    rows = visible_rows().filter(commitment__in=selected.values("pk")).select_related("commitment")
    if span.starting is not None:
        rows = rows.filter(_from_day(span.starting, span))
    if span.after is not None:
        rows = rows.filter(_after_change(span.after, span))
    sign = "-" if span.descending else ""
    return rows.order_by(f"{sign}recorded_at", f"{sign}number")


def _from_day(day: date, span: Span) -> Q:
    """Recorded on `day` or further on in the direction of the list."""
    if span.descending:
        return Q(recorded_at__lt=_midnight(day + _ONE_DAY)) if day < date.max else Q()
    return Q(recorded_at__gte=_midnight(day))


def _after_change(after: Place, span: Span) -> Q:
    if after.type == "change":
        instant, number = _read_key(after.key)
        strictly = "lt" if span.descending else "gt"
        tied = Q(recorded_at=instant, **{f"number__{strictly}": number})
        further = Q(**{f"recorded_at__{strictly}": instant})
        return Q(**{f"recorded_at__{strictly}e": instant}) & (further | tied)
    # Of one day the changes come last, so in the other direction they have been.
    if span.descending:
        return Q(recorded_at__lt=_midnight(after.day))
    return _from_day(after.day, span)


def _placed(rows: QuerySet[Any]) -> Iterator[TimedRow]:
    for row in rows:
        yield TimedRow(_place(row), row)


def _place(row: Commitment | Source | Revision) -> Place:
    if isinstance(row, Revision):
        recorded = row.recorded_at.astimezone(UTC)
        key = f"{recorded.isoformat(timespec='microseconds')} {row.number:020}"
        return Place(recorded.date(), TYPES.index("change"), key)
    if isinstance(row, Source):
        return Place(row.date, TYPES.index("statement"), row.public_id)
    return Place(row.latest or date.max, TYPES.index("window"), row.public_id)


def _read_key(key: str) -> tuple[datetime, int]:
    instant, _blank, number = key.partition(" ")
    return datetime.fromisoformat(instant), int(number)


def read_place(day: str, rank: int, key: str) -> Place:
    """A place from its parts as text; raises ValueError for what is none."""
    place = Place(date.fromisoformat(day), rank, key)
    if not 0 <= rank < len(TYPES) or not key.isascii() or not key.isprintable():
        raise ValueError(key)
    if place.type == "change":
        instant, number = _read_key(key)
        if instant.tzinfo is None or not 0 <= number < 10**18:
            raise ValueError(key)
    return place


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))
