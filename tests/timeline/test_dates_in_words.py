"""Days and distances in words."""

from __future__ import annotations

from datetime import date

import pytest

from timeline.dates_in_words import (
    day_after_since,
    day_in_words,
    distance_in_words,
    duration_in_words,
    month_in_short,
)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1 January 2026"), ("ru", "1 января 2026 года"), ("kk", "2026 жылғы 1 қаңтар")],
)
def test_day_is_said_in_the_readers_language(language: str, words: str) -> None:
    assert day_in_words(date(2026, 1, 1), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1 January 2026"), ("ru", "1 января 2026 года"), ("kk", "2026 жылғы 1 қаңтардан")],
)
def test_day_bends_to_the_word_since(language: str, words: str) -> None:
    assert day_after_since(date(2026, 1, 1), language) == words


@pytest.mark.parametrize("month", range(1, 13))
def test_every_kazakh_month_has_its_ending(month: int) -> None:
    words = day_after_since(date(2026, month, 1), "kk")
    assert words.endswith(("дан", "ден", "тан", "тен", "нан", "нен"))


def test_month_is_short_on_an_axis() -> None:
    assert [month_in_short(date(2026, 11, 1), language) for language in ("en", "ru", "kk")] == [
        "Nov",
        "нояб.",
        "қар.",
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 25), "tomorrow"),
        (date(2026, 11, 26), "in 2 days"),
        (date(2026, 12, 31), "in 37 days"),
    ],
)
def test_distance_counts_days(day: date, words: str) -> None:
    assert distance_in_words(date(2026, 11, 24), day) == words


def test_duration_has_a_singular() -> None:
    assert [duration_in_words(days) for days in (1, 2)] == ["1 day", "2 days"]
