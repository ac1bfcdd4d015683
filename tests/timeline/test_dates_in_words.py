"""Days and distances in words."""

from __future__ import annotations

from datetime import date

import pytest

from timeline.dates_in_words import (
    as_spoken,
    day_after_since,
    day_in_words,
    days_in_short,
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


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (1, "Срок прошёл: с 1 января 2026 года"),
        (2, "Срок прошёл: со 2 января 2026 года"),
        (3, "Срок прошёл: с 3 января 2026 года"),
        (12, "Срок прошёл: с 12 января 2026 года"),
        (20, "Срок прошёл: с 20 января 2026 года"),
        (22, "Срок прошёл: с 22 января 2026 года"),
        (23, "Срок прошёл: с 23 января 2026 года"),
    ],
)
def test_only_before_the_second_a_vowel_is_spoken(day: int, sentence: str) -> None:
    words = day_after_since(date(2026, 1, day), "ru")
    assert as_spoken(f"Срок прошёл: с {words}", "ru") == sentence


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-01-01", "2027-12-31", "2026–2027"),
        ("2026-10-01", "2026-12-31", "Q4 2026"),
        ("2026-07-01", "2026-12-31", "Jul–Dec 2026"),
        ("2026-10-01", "2026-10-31", "Oct 2026"),
        ("2026-10-01", "2026-10-07", "1–7 Oct 2026"),
        ("2026-10-07", "2026-10-07", "7 Oct 2026"),
        ("2026-10-07", "2027-02-01", "Oct 2026–Feb 2027"),
        ("9999-01-01", "9999-12-31", "9999"),
    ],
)
def test_days_of_a_picture_are_named_as_shortly_as_they_can(
    first: str, last: str, words: str
) -> None:
    assert days_in_short(date.fromisoformat(first), date.fromisoformat(last), "en") == words
