"""Commitments counted: for each group and period a pile, as high as there are many.

A commitment counts where it is due: in the period of its last possible day. So each is counted
once in a group, and the filter that lists those of a pile has two days: from the first of the
period on, and before the first of the next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Final

from timeline.layout.axis import Axis
from timeline.layout.sheet import Block, Part, Span

FAMILIES: Final = {
    "delivered": "delivered",
    "partly_delivered": "delivered",
    "not_delivered": "closed",
    "withdrawn": "closed",
    "superseded": "closed",
    "unverifiable": "closed",
    "overdue": "overdue",
    "due_soon": "running",
    "open": "running",
    "upcoming": "coming",
}
"""Which looks are piled up as one; in a narrow column nobody can tell ten fills apart."""

PILE_HEIGHT: Final = 44
LONE_PILE_HEIGHT: Final = 150
_ORDER: Final = ("delivered", "closed", "overdue", "running", "coming")
_LEAST_HEIGHT: Final = 2.0
_INSET: Final = 0.12
_MOST_WIDTH: Final = 5.0

Counts = dict[int, Counter[str]]
"""For each period, how many of each family; -1 is before the axis, `AFTER` beyond it."""

BEFORE: Final = -1
AFTER: Final = 1_000


def count_periods(spans: Iterable[Span], axis: Axis) -> Counts:
    """Where `spans` are due. One without a last day is beyond every axis."""
    found: Counts = {}
    starts = [period.first for period in axis.periods]
    for span in spans:
        latest = span.window.latest
        ordinal = latest.toordinal() if latest else axis.end
        # Before the first start it is -1, which is `BEFORE`.
        place = bisect_right(starts, ordinal) - 1 if ordinal < axis.end else AFTER
        counter = found.get(place)
        if counter is None:
            counter = found[place] = Counter()
        counter[FAMILIES[span.look]] += 1
    return found


def place_blocks(
    counts: Counts, axis: Axis, *, most: int, height: int, foot: int
) -> tuple[Block, ...]:
    """The piles of one group upon `foot`; one of `most` is `height` high. 0: only numbers."""
    return tuple(
        _block(place, counts[place], axis, height / most, foot)
        for place in sorted(counts)
        if place not in {BEFORE, AFTER}
    )


def _block(place: int, counter: Counter[str], axis: Axis, each: float, foot: int) -> Block:
    period = axis.periods[place]
    width = round(min(period.width * (1 - 2 * _INSET), _MOST_WIDTH), 2)
    parts, top = [], float(foot)
    for family in _ORDER:
        if counter[family] and each:
            height = round(max(each * counter[family], _LEAST_HEIGHT), 1)
            top = round(top - height, 1)
            parts.append(Part(family, counter[family], top, height))
    x = round(period.x + (period.width - width) / 2, 2)
    return Block(place, x, width, counter.total(), top, tuple(parts))
