"""Figures of a scoreboard in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from commitments.statistics import Statistics
from timeline.presentation.scores import lines, score


def test_share_is_of_what_counts() -> None:
    found = score(Statistics(promises=9, early=1, on_time=2, late=1, overdue=4, open=1), "en")
    assert (found.share, found.kept, found.counted, found.overdue) == ("38%", 3, 8, 4)


def test_share_of_nothing_is_empty() -> None:
    assert score(Statistics(promises=2, undated=2), "en").share == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-31, "31 days sooner"),
        (-1, "1 day sooner"),
        (0, "no slip"),
        (1, "1 day later"),
        (365, "365 days later"),
    ],
)
def test_slip_says_which_way(days: int, words: str) -> None:
    with translation.override("en"):
        assert score(Statistics(slip_days=days), "en").slip == words


def test_only_figures_that_are_something_are_listed() -> None:
    assert [(line.look, line.count) for line in lines(Statistics(late=2, other_verdicts=1))] == [
        ("delivered", 2),
        ("withdrawn", 1),
    ]
