"""The chart of a target: reported values over time against the goal. Plain arithmetic, no Django.

As in the picture in time, what lies along time is in percent of the width, and what lies across it
in pixels. The scale begins at zero where no value is below it, so that a small rise looks small.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

HEIGHT: Final = 220
_TOP: Final = 34
_BOTTOM: Final = 190
_EDGE: Final = 15
_MARGIN: Final = 2.0
"""In percent: on each side of the first and the last day."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value on a day, with the words for both."""

    day: date
    value: float
    value_words: str
    period_words: str
    is_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on the sheet."""

    measured: Measured
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """Where its words hang on it: at the edges they lean inwards, for a phone is narrow."""
        if self.x < _EDGE:
            return "start"
        return "end" if self.x > 100 - _EDGE else "middle"


@dataclass(frozen=True, slots=True)
class Segment:
    """A line from one value to the next."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart. `due_x` is the last possible day in percent, None without one."""

    height: int
    marks: tuple[Mark, ...]
    segments: tuple[Segment, ...]
    goal_y: float
    floor_y: int
    due_x: float | None


def draw_chart(values: Sequence[Measured], *, goal: float, due: date | None) -> Chart | None:
    """Place `values`, the goal and the day on which it is due; None where nothing was reported."""
    if not values:
        return None
    ordered = sorted(values, key=lambda one: one.day)
    days = [one.day.toordinal() for one in ordered] + ([due.toordinal()] if due else [])
    first, span = min(days), max(max(days) - min(days), 1)
    heights = [goal, *(one.value for one in ordered)]
    low = min(0.0, *heights)
    reach = (max(0.0, *heights) - low) or 1.0

    def x(day: date) -> float:
        return round(_MARGIN + (100 - 2 * _MARGIN) * (day.toordinal() - first) / span, 2)

    def y(value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - low) / reach, 1)

    marks = tuple(Mark(one, x(one.day), y(one.value)) for one in ordered)
    segments = tuple(
        Segment(one.x, one.y, after.x, after.y) for one, after in itertools.pairwise(marks)
    )
    return Chart(
        height=HEIGHT,
        marks=marks,
        segments=segments,
        goal_y=y(goal),
        floor_y=_BOTTOM,
        due_x=x(due) if due else None,
    )
