"""How far a target has come."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from commitments.enums import Comparison
from commitments.models import Target, TargetValue
from commitments.progress import progress_of

REPORTED = datetime(2026, 1, 1, tzinfo=UTC)


def make_target(**fields: object) -> Target:
    return Target(**{"goal": Decimal(30), "comparison": Comparison.AT_LEAST, **fields})


def reported(value: int, period: str, *, pk: int = 1, at: datetime = REPORTED) -> TargetValue:
    return TargetValue(pk=pk, value=Decimal(value), period=period, recorded_at=at)


def test_progress_of_nothing_is_none() -> None:
    assert progress_of(make_target(), []) is None


def test_progress_goes_by_the_latest_period_and_not_by_the_latest_report() -> None:
    values = [reported(25, "2025", pk=1), reported(20, "2024", pk=2)]
    progress = progress_of(make_target(), values)
    assert progress is not None
    assert (progress.value, str(progress.period)) == (Decimal(25), "2025")


def test_progress_takes_the_later_of_two_reports_of_one_period() -> None:
    later = datetime(2026, 2, 1, tzinfo=UTC)
    values = [reported(26, "2025", pk=1, at=later), reported(25, "2025", pk=2)]
    progress = progress_of(make_target(), values)
    assert progress is not None
    assert progress.value == 26


@pytest.mark.parametrize(
    ("comparison", "baseline", "goal", "value", "share"),
    [
        (Comparison.MORE_THAN, "28.4", "30", "29.2", "0.5"),
        (Comparison.AT_LEAST, None, "3", "1.5", "0.5"),
        (Comparison.AT_MOST, "100", "50", "75", "0.5"),
        (Comparison.AT_MOST, None, "50", "75", None),
        (Comparison.EXACTLY, "30", "30", "30", None),
        (Comparison.AT_LEAST, "10", "20", "5", "-0.5"),
        (Comparison.AT_LEAST, "10", "20", "30", "2"),
    ],
)
def test_share_counts_from_the_baseline_to_the_goal(
    comparison: Comparison, baseline: str | None, goal: str, value: str, share: str | None
) -> None:
    target = make_target(
        comparison=comparison,
        baseline=Decimal(baseline) if baseline else None,
        goal=Decimal(goal),
    )
    row = TargetValue(pk=1, value=Decimal(value), period="2025", recorded_at=REPORTED)
    progress = progress_of(target, [row])
    assert progress is not None
    assert progress.share == (Decimal(share) if share else None)


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        (Comparison.AT_LEAST, False, True, True),
        (Comparison.MORE_THAN, False, False, True),
        (Comparison.AT_MOST, True, True, False),
        (Comparison.LESS_THAN, True, False, False),
        (Comparison.EXACTLY, False, True, False),
        (Comparison.ABOUT, None, None, None),
    ],
)
def test_goal_is_met_below_at_and_above(
    comparison: Comparison, below: bool | None, at: bool | None, above: bool | None
) -> None:
    for value, expected in ((29, below), (30, at), (31, above)):
        progress = progress_of(make_target(comparison=comparison), [reported(value, "2025")])
        assert progress is not None
        assert progress.is_met is expected
