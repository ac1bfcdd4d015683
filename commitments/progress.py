"""How far a target has come, by the values that were reported for it; plain arithmetic.

It never changes a status: that a number was reached is evidence for an editor, no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Final

from commitments.enums import Comparison
from commitments.models import Target, TargetValue
from commitments.window import Window

# "About" is no number: whether it was reached is for a person to say.
_TESTS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    Comparison.AT_LEAST: ge,
    Comparison.MORE_THAN: gt,
    Comparison.AT_MOST: le,
    Comparison.LESS_THAN: lt,
    Comparison.EXACTLY: eq,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest value, and where it stands between baseline (0) and goal (1).

    `share` is None where there is no baseline and zero would be no honest start, or where
    baseline and goal are the same; it can be below 0 and above 1. `is_met` is None for "about".
    """

    value: Decimal
    period: Window
    share: Decimal | None
    is_met: bool | None


def progress_of(target: Target, values: Sequence[TargetValue]) -> Progress | None:
    """The progress by the value with the latest period, the last reported one of several.

    None where nothing has been reported.
    """
    if not values:
        return None
    newest = max(values, key=lambda value: (_end_of(value), value.recorded_at, value.pk))
    test = _TESTS.get(target.comparison)
    return Progress(
        value=newest.value,
        period=Window.parse(newest.period),
        share=_share(target, newest.value),
        is_met=test(newest.value, target.goal) if test else None,
    )


def _end_of(value: TargetValue) -> str:
    latest = Window.parse(value.period).latest
    return latest.isoformat() if latest else ""


def _share(target: Target, value: Decimal) -> Decimal | None:
    grows = target.comparison not in {Comparison.AT_MOST, Comparison.LESS_THAN}
    start = target.baseline
    if start is None and grows:
        start = Decimal(0)
    if start is None or start == target.goal:
        return None
    return (value - start) / (target.goal - start)
