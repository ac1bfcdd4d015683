"""Numbers in words: short where nothing is lost, else every digit."""

from __future__ import annotations

import pytest

from timeline.numbers_in_words import number_in_words


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        ("30000000000", "en", "30 billion"),
        ("28400000000", "en", "28.4 billion"),
        ("28400000000", "ru", "28,4 миллиарда"),
        ("30000000000", "kk", "30 миллиард"),
        ("123456000000", "en", "123.456 billion"),
        ("123456700000", "en", "123,456,700,000"),
        ("28431000001", "en", "28,431,000,001"),
        ("999999", "en", "999,999"),
        ("1000000", "en", "1 million"),
        ("3", "en", "3"),
        ("0.0001", "en", "0.0001"),
        ("12.5", "ru", "12,5"),
        ("-2000000", "en", "-2 million"),
    ],
)
def test_number_is_said_without_rounding(number: str, language: str, words: str) -> None:
    assert number_in_words(number, language) == words
