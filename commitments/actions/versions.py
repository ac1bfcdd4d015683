"""Keep the versions of commitments in step with the history; called with each row of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from django.db.models import Min

from commitments.actions.batches import open_batch
from commitments.enums import DateMoveKind
from commitments.models import Citation, Commitment, CommitmentVersion, DateMove, StatusChange
from commitments.models.version import COPIED, STILL, Axis
from commitments.window import Window


def full_state(commitment: Commitment) -> dict[str, Any]:
    """Its visible fields with parties and topics, as plain JSON values."""
    parts = commitment.involvements.values_list("role", "party__key")
    read = {
        "topics": sorted(commitment.topics.values_list("key", flat=True)),
        "parties": sorted([role, key] for role, key in parts),
    }
    if batch := open_batch():
        batch.parts[commitment.pk] = read
    return {**commitment.log_state(), **read}


def keep_versions(commitment: Commitment, *, now: datetime) -> None:
    """End what was known until `now`, begin what is known from now on, and draw the past anew.

    Side effects: one more row of what was known; the rows of what was so in the world are replaced,
    since every new source may tell something else of the past. Within a batch they are written
    with it.
    """
    batch = open_batch()
    if batch is not None and commitment.pk in batch.parts:
        state = {**commitment.log_state(), **batch.parts[commitment.pk]}
    else:
        state = full_state(commitment)
    known = _version(commitment, state, axis=Axis.KNOWN, since=now)
    if batch is not None:
        batch.versions.append(known)
    else:
        write_versions([known])


def write_versions(known: Sequence[CommitmentVersion]) -> None:
    """Write what is known now of one or of many commitments, the older rows of each first."""
    by_commitment: dict[int, list[CommitmentVersion]] = defaultdict(list)
    for version in known:
        by_commitment[version.commitment_id].append(version)
    keys = list(by_commitment)
    for start in range(0, len(keys), _AT_ONCE):
        _write_versions({key: by_commitment[key] for key in keys[start : start + _AT_ONCE]})


_AT_ONCE = 400


def _write_versions(by_commitment: dict[int, list[CommitmentVersion]]) -> None:
    there = CommitmentVersion.objects.filter(commitment_id__in=list(by_commitment))
    begun: dict[datetime, list[int]] = defaultdict(list)
    for key, versions in by_commitment.items():
        begun[versions[0].since].append(key)
        for version, following in pairwise(versions):
            version.until = following.since
    for since, keys in begun.items():
        there.filter(commitment_id__in=keys, axis=Axis.KNOWN, until=STILL).update(until=since)
    there.filter(axis=Axis.EFFECTIVE).delete()
    drawn = _Past(list(by_commitment))
    CommitmentVersion.objects.bulk_create(
        [
            *(version for versions in by_commitment.values() for version in versions),
            *(one for versions in by_commitment.values() for one in drawn.versions(versions[-1])),
        ]
    )


def _version(
    commitment: Commitment, state: dict[str, Any], *, axis: Axis, since: datetime
) -> CommitmentVersion:
    return CommitmentVersion(
        commitment=commitment,
        axis=axis,
        since=since,
        topics=f"|{'|'.join(state['topics'])}|",
        parties=f"|{'|'.join(f'{role}:{key}' for role, key in state['parties'])}|",
        state=state,
        **{name: getattr(commitment, name) for name in COPIED},
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """Something that changed in the world on `day`: a status, or the window that was promised."""

    day: date
    status: StatusChange | None = None
    move: DateMove | None = None


class _Past:
    """What the history tells of some commitments, read at once."""

    def __init__(self, keys: list[int]) -> None:
        self.changes: dict[int, list[StatusChange]] = defaultdict(list)
        self.moves: dict[int, list[DateMove]] = defaultdict(list)
        for change in StatusChange.objects.filter(commitment_id__in=keys).order_by("since", "pk"):
            self.changes[change.commitment_id].append(change)
        moves = DateMove.objects.exclude(kind=DateMoveKind.CORRECTED)
        for move in moves.filter(commitment_id__in=keys).order_by("since", "pk"):
            self.moves[move.commitment_id].append(move)
        said = Citation.objects.filter(commitment_id__in=keys).order_by()
        self.said: dict[int, date] = dict(
            said.values_list("commitment_id").annotate(Min("source__date"))
        )

    def versions(self, known: CommitmentVersion) -> Iterator[CommitmentVersion]:
        """How it stood in the world from the day it was said, by what is known now."""
        key = known.commitment_id
        if changes := self.changes[key]:
            first_day = self.said.get(key) or changes[0].since
            yield from _effective_versions(known, changes, self.moves[key], first_day)


def _effective_versions(
    known: CommitmentVersion, changes: list[StatusChange], moves: list[DateMove], first_day: date
) -> Iterator[CommitmentVersion]:
    turns = [_Turn(max(change.since, first_day), status=change) for change in changes[1:]]
    turns += [_Turn(max(move.since, first_day), move=move) for move in moves]
    turns.sort(key=lambda turn: turn.day)
    window = moves[0].from_window if moves else known.window
    opening = _Turn(first_day, status=changes[0])
    end = _Turn(STILL.date())
    status = changes[0]
    for turn, following in pairwise([opening, *turns, end]):
        status = turn.status or status
        window = turn.move.to_window if turn.move else window
        if turn.day == following.day:
            continue
        version = _again(known, axis=Axis.EFFECTIVE, since=_midnight(turn.day))
        _set_standing(version, status, Window.parse(window))
        version.until = STILL if following is end else _midnight(following.day)
        yield version


def _again(known: CommitmentVersion, *, axis: Axis, since: datetime) -> CommitmentVersion:
    return CommitmentVersion(
        commitment_id=known.commitment_id,
        axis=axis,
        since=since,
        topics=known.topics,
        parties=known.parties,
        state=known.state,
        **{name: getattr(known, name) for name in COPIED},
    )


def _set_standing(version: CommitmentVersion, status: StatusChange, window: Window) -> None:
    effective = Window.parse(status.effective)
    version.status = status.to_status
    version.effective_earliest, version.effective_latest = effective.earliest, effective.latest
    version.window = str(window)
    version.earliest, version.latest = window.earliest, window.latest


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))
