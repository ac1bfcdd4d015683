"""Dates as editors write them, and what is read back to them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from commitments.exceptions import PhraseError, WindowError
from commitments.forms.windows import day_in_words, read_when, understood, window_words
from commitments.window import Window


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "2025-21",
            (
                "Understood as spring 2025 (2025-21): from 1 March 2025 to 31 May 2025, "
                "overdue from 1 June 2025 (Asia/Almaty)."
            ),
        ),
        (
            "../2026",
            (
                "Understood as by the end of 2026 (../2026): from — to 31 December 2026, "
                "overdue from 1 January 2027 (Asia/Almaty)."
            ),
        ),
        ("2026/..", "Understood as from 2026 (2026/..): from 1 January 2026, without an end."),
        ("", "Understood as: no date."),
    ],
)
def test_window_is_read_back_with_the_day_from_which_it_is_overdue(
    text: str, sentence: str
) -> None:
    assert understood(Window.parse(text), time_zone="Asia/Almaty") == sentence


def test_last_day_there_is_has_no_day_after_it() -> None:
    assert "overdue from — (UTC)" in understood(Window.parse("9999-12-31"), time_zone="UTC")


def test_words_follow_the_editors_language() -> None:
    with translation.override("ru"):
        assert window_words(Window.parse("2025-21")) == "весна 2025 года"
        assert day_in_words(date(2025, 5, 9)) == "9 мая 2025 года"
        assert read_when("весной 2025 года", said_on=None) == Window.parse("2025-21")


def test_relative_words_count_from_the_day_of_the_source() -> None:
    assert read_when("next year", said_on=date(2024, 11, 27)) == Window.parse("2025")


@pytest.mark.parametrize(
    ("text", "error"),
    [("next year", PhraseError), ("2025-13", WindowError), ("soonish", PhraseError)],
)
def test_what_is_not_understood_names_its_field(text: str, error: type[WindowError]) -> None:
    with pytest.raises(error) as refused:
        read_when(text, said_on=None, field="period")
    assert refused.value.field == "period"


@pytest.mark.parametrize(
    ("text", "past", "window"),
    [("in September", False, "2025-09"), ("in September", True, "2024-09")],
)
def test_what_is_over_looks_back(text: str, past: bool, window: str) -> None:
    read = read_when(text, said_on=date(2024, 11, 27), past=past)
    assert read == Window.parse(window)
