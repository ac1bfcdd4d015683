"""The chart of a target: where values and the goal stand."""

from __future__ import annotations

from datetime import date

import pytest

from timeline.presentation.chart import HEIGHT, Measured, draw_chart


def value(year: int, amount: float) -> Measured:
    return Measured(date(year, 12, 31), amount, str(amount), str(year))


def test_nothing_reported_is_no_chart() -> None:
    assert draw_chart([], goal=30, due=date(2030, 12, 31)) is None


def test_values_stand_in_the_order_of_time_and_the_goal_above_what_is_less() -> None:
    chart = draw_chart([value(2025, 20), value(2023, 10)], goal=30, due=date(2030, 12, 31))
    assert chart is not None
    first, second = chart.marks
    assert [one.measured.period_words for one in chart.marks] == ["2023", "2025"]
    assert first.x < second.x < (chart.due_x or 0) <= 100
    assert chart.floor_y > first.y > second.y > chart.goal_y > 0
    # Zero is the floor: ten is a third of the way to thirty.
    reach = chart.floor_y - chart.goal_y
    assert chart.floor_y - first.y == pytest.approx(reach / 3, abs=0.2)
    [line] = chart.segments
    assert (line.x1, line.y1, line.x2, line.y2) == (first.x, first.y, second.x, second.y)


@pytest.mark.parametrize(
    ("amounts", "goal"), [([0], 0), ([-5, 5], 3), ([1e12], 1), ([5], -10), ([0.001, 0.002], 0.003)]
)
def test_everything_stays_on_the_sheet(amounts: list[float], goal: float) -> None:
    values = [value(2020 + at, amount) for at, amount in enumerate(amounts)]
    chart = draw_chart(values, goal=goal, due=None)
    assert chart is not None
    assert chart.due_x is None
    assert 0 <= chart.goal_y <= HEIGHT
    assert all(0 <= mark.x <= 100 and 0 <= mark.y <= chart.floor_y for mark in chart.marks)


def test_words_at_the_edges_lean_inwards() -> None:
    chart = draw_chart([value(year, 1) for year in (2020, 2025, 2030)], goal=2, due=None)
    assert chart is not None
    assert [mark.anchor for mark in chart.marks] == ["start", "middle", "end"]
