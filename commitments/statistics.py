"""What became of promises: the figures of the scoreboard, with their criteria.

Only promises count, no proposals, and no doubles. The share on time has in its

* numerator: delivered, early or on time;
* denominator: those, and delivered late, partly delivered, not delivered, and overdue.

Undated ones, and what was withdrawn, superseded or cannot be verified, are in neither. A share of
nothing is None. Slip is the sum of all date moves in days; corrections of our own are no moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from commitments.enums import DateMoveKind, Schedule, Status, Strength
from commitments.models import Citation, DateMove
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.querysets.standing import schedule_case
from commitments.querysets.versions import CommitmentVersionQuerySet

Dimension = Literal["party", "source", "topic"]

_KEYS: dict[Dimension, str] = {
    "party": "involvements__party__key",
    "source": "citations__source__public_id",
    "topic": "topics__key",
}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of promises, and days. `slip_days` is positive for later."""

    promises: int = 0
    undated: int = 0
    upcoming: int = 0
    open: int = 0
    overdue: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    partly_delivered: int = 0
    not_delivered: int = 0
    other_verdicts: int = 0
    moves: int = 0
    slip_days: int = 0

    @property
    def share_on_time(self) -> float | None:
        """From 0 to 1 by the criteria above; None where nothing counts yet."""
        kept = self.early + self.on_time
        counted = kept + self.late + self.partly_delivered + self.not_delivered + self.overdue
        return kept / counted if counted else None


@dataclass(frozen=True, slots=True)
class _Outcome:
    column: str
    moves: int
    slip_days: int


def statistics_of(commitments: CommitmentQuerySet, *, now: datetime) -> Statistics:
    """The figures of `commitments` at the instant `now`; one query."""
    return _sum(_outcomes(commitments, now).values())


def statistics_at(
    versions: CommitmentVersionQuerySet, *, moves: QuerySet[DateMove], now: datetime
) -> Statistics:
    """The same of commitments as they stood: `versions` of one instant, and the moves until it.

    One query.
    """
    promises = versions.filter(strength=Strength.PROMISE, state__duplicate_of=None)
    return _sum(_with_moves(promises, "commitment_id", moves, now).values())


def statistics_by(
    dimension: Dimension, commitments: CommitmentQuerySet, *, now: datetime
) -> dict[str, Statistics]:
    """The figures for each party (key), source (public id) or topic (key); two queries.

    A commitment counts once for each of them, whatever the number of its roles and quotes.
    """
    outcomes = _outcomes(commitments, now)
    key = _KEYS[dimension]
    pairs = set(commitments.order_by().values_list(key, "pk"))
    groups: defaultdict[str, list[_Outcome]] = defaultdict(list)
    for name, pk in pairs:
        if name is not None and pk in outcomes:
            groups[name].append(outcomes[pk])
    return {name: _sum(group) for name, group in sorted(groups.items())}


def statistics_by_at(
    dimension: Dimension,
    versions: CommitmentVersionQuerySet,
    *,
    moves: QuerySet[DateMove],
    citations: QuerySet[Citation],
    now: datetime,
) -> dict[str, Statistics]:
    """The same for each party, source or topic of commitments as they stood; two queries.

    `citations` are those that were there at that instant.
    """
    promises = versions.filter(strength=Strength.PROMISE, state__duplicate_of=None)
    outcomes = _with_moves(promises, "commitment_id", moves, now)
    groups: defaultdict[str, list[_Outcome]] = defaultdict(list)
    for name, key in sorted(set(_names_at(dimension, versions, citations))):
        if key in outcomes:
            groups[name].append(outcomes[key])
    return {name: _sum(group) for name, group in groups.items()}


def _names_at(
    dimension: Dimension, versions: CommitmentVersionQuerySet, citations: QuerySet[Citation]
) -> Iterator[tuple[str, int]]:
    """Each name with the key of a commitment; versions keep theirs as "|space|", "|role:kz|"."""
    if dimension == "source":
        yield from citations.order_by().values_list("source__public_id", "commitment_id")
        return
    column = "topics" if dimension == "topic" else "parties"
    for key, text in versions.order_by().values_list("commitment_id", column):
        for part in filter(None, text.split("|")):
            yield part.rpartition(":")[2], key


def _outcomes(commitments: CommitmentQuerySet, now: datetime) -> dict[int, _Outcome]:
    promises = commitments.filter(strength=Strength.PROMISE, duplicate_of__isnull=True)
    return _with_moves(promises, "pk", DateMove.objects.all(), now)


def _with_moves(
    promises: QuerySet[Any], key: str, moves: QuerySet[DateMove], now: datetime
) -> dict[int, _Outcome]:
    """What became of each of `promises`, by its `key`; one query."""
    told = moves.exclude(kind=DateMoveKind.CORRECTED).order_by()
    of_each = told.filter(commitment=OuterRef(key)).values("commitment")
    rows = promises.order_by().annotate(
        schedule=schedule_case(now, None),
        how_many=Subquery(of_each.annotate(how_many=Count("pk")).values("how_many")),
        slip=Subquery(of_each.annotate(slip=Sum("slip_days")).values("slip")),
    )
    return {
        pk: _Outcome(_column(status, schedule), how_many or 0, slip or 0)
        for pk, status, schedule, how_many, slip in rows.values_list(
            key, "status", "schedule", "how_many", "slip"
        )
    }


def _column(status: str, schedule: str) -> str:
    if status in {Status.PARTLY_DELIVERED, Status.NOT_DELIVERED}:
        return status
    if status == Status.DELIVERED and schedule == Schedule.CLOSED:
        return "undated"
    if schedule == Schedule.CLOSED:
        return "other_verdicts"
    return "open" if schedule == Schedule.DUE_SOON else schedule


def _sum(outcomes: Iterable[_Outcome]) -> Statistics:
    columns: defaultdict[str, int] = defaultdict(int)
    for outcome in outcomes:
        columns["promises"] += 1
        columns[outcome.column] += 1
        columns["moves"] += outcome.moves
        columns["slip_days"] += outcome.slip_days
    return Statistics(**columns)
