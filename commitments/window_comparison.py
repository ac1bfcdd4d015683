"""What a date move is: two windows held against each other. Plain Python.

An open, unknown or missing end counts as endless, an open start as without beginning.

| the new window, against the old one                     | kind      |
|---------------------------------------------------------|-----------|
| has the same first and last possible day (other notation, other qualifier) | corrected |
| lies within it and is narrower ("2025" -> "2025-06"; undated -> any date)  | firmed    |
| holds it and is wider ("2025-06" -> "2025"; any date -> undated)           | loosened  |
| otherwise: ends later ("2025-21" -> "2026-23")          | slipped   |
| otherwise: ends earlier                                 | pulled_in |

The kind says what became of the knowledge, `slip_days` what became of the deadline, and it is
given for every kind: a promise for June that is loosened to "2025" has still lost 184 days, and
cannot hide them from a sum by being vague. Nothing else is possible: two spans with the same last
day always hold one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from commitments.window import Window

MoveKind = Literal["slipped", "pulled_in", "firmed", "loosened", "corrected"]


@dataclass(frozen=True, slots=True)
class WindowComparison:
    """`slip_days`: from the old last possible day to the new one; None where either is open."""

    kind: MoveKind
    slip_days: int | None


def compare_windows(old: Window, new: Window) -> WindowComparison:
    """Name the move from `old` to `new`, as in the table above; never raises."""
    slip = None
    if old.latest is not None and new.latest is not None:
        slip = (new.latest - old.latest).days
    return WindowComparison(_kind(old, new), slip)


def _kind(old: Window, new: Window) -> MoveKind:
    # An undated promise and "some time from .. to .." have the same bounds but a date is news.
    if old.is_undated != new.is_undated:
        return "firmed" if old.is_undated else "loosened"
    old_span, new_span = _span(old), _span(new)
    if old_span == new_span:
        return "corrected"
    if old_span[0] <= new_span[0] and new_span[1] <= old_span[1]:
        return "firmed"
    if new_span[0] <= old_span[0] and old_span[1] <= new_span[1]:
        return "loosened"
    return "slipped" if new_span[1] > old_span[1] else "pulled_in"


def _span(window: Window) -> tuple[float, float]:
    return (
        _ordinal(window.earliest, if_open=float("-inf")),
        _ordinal(window.latest, if_open=float("inf")),
    )


def _ordinal(day: date | None, *, if_open: float) -> float:
    return if_open if day is None else float(day.toordinal())
