"""Keep the versions of commitments in step with the history; called with each row of the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from commitments.enums import DateMoveKind
from commitments.models import Commitment, CommitmentVersion, DateMove, StatusChange
from commitments.models.version import COPIED, STILL, Axis
from commitments.window import Window


def full_state(commitment: Commitment) -> dict[str, Any]:
    """Its visible fields with parties and topics, as plain JSON values."""
    parts = commitment.involvements.values_list("role", "party__key")
    return {
        **commitment.log_state(),
        "topics": sorted(commitment.topics.values_list("key", flat=True)),
        "parties": sorted([role, key] for role, key in parts),
    }


def keep_versions(commitment: Commitment, *, now: datetime) -> None:
    """End what was known until `now`, begin what is known from now on, and draw the past anew.

    Side effects: one more row of what was known; the rows of what was so in the world are replaced,
    since every new source may tell something else of the past.
    """
    state = full_state(commitment)
    commitment.versions.filter(axis=Axis.KNOWN, until=STILL).update(until=now)
    _version(commitment, state, axis=Axis.KNOWN, since=now).save()
    commitment.versions.filter(axis=Axis.EFFECTIVE).delete()
    CommitmentVersion.objects.bulk_create(_effective_versions(commitment, state))


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


def _effective_versions(
    commitment: Commitment, state: dict[str, Any]
) -> Iterator[CommitmentVersion]:
    """How it stood in the world from the day it was said, by what is known now."""
    changes = list(commitment.status_changes.order_by("since", "pk"))
    moves = list(commitment.date_moves.exclude(kind=DateMoveKind.CORRECTED).order_by("since", "pk"))
    if not changes:
        return
    first_day = _first_day(commitment, changes[0])
    turns = [_Turn(max(change.since, first_day), status=change) for change in changes[1:]]
    turns += [_Turn(max(move.since, first_day), move=move) for move in moves]
    turns.sort(key=lambda turn: turn.day)
    window = moves[0].from_window if moves else commitment.window
    opening = _Turn(first_day, status=changes[0])
    end = _Turn(STILL.date())
    status = changes[0]
    for turn, following in pairwise([opening, *turns, end]):
        status = turn.status or status
        window = turn.move.to_window if turn.move else window
        if turn.day == following.day:
            continue
        version = _version(commitment, state, axis=Axis.EFFECTIVE, since=_midnight(turn.day))
        _set_standing(version, status, Window.parse(window))
        version.until = STILL if following is end else _midnight(following.day)
        yield version


def _first_day(commitment: Commitment, first: StatusChange) -> date:
    """The day on which it was first said, or recorded where no source tells."""
    said = commitment.citations.order_by("source__date").values_list("source__date", flat=True)
    return said.first() or first.since


def _set_standing(version: CommitmentVersion, status: StatusChange, window: Window) -> None:
    effective = Window.parse(status.effective)
    version.status = status.to_status
    version.effective_earliest, version.effective_latest = effective.earliest, effective.latest
    version.window = str(window)
    version.earliest, version.latest = window.earliest, window.latest


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))
