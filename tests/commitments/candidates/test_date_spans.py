"""Where date words stand, and that no date is made up."""

from __future__ import annotations

from datetime import date

import pytest

from commitments.candidates.date_spans import date_spans
from commitments.candidates.signals import signals_for

SAID_ON = date(2024, 11, 27)


def _dates(
    text: str, language: str = "en", said_on: date | None = SAID_ON, *, past: bool = False
) -> list[tuple[str, str]]:
    found = date_spans(text, said_on=said_on, table=signals_for(language), past=past)
    return [(text[one.start : one.end], str(one.window)) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opens by the end of June 2026, we say", [("by the end of June 2026", "../2026-06")]),
        ("The line runs from 2024 to 2026.", [("from 2024 to 2026", "2024/2026")]),
        ("It opens on May 9, 2025.", [("on May 9, 2025", "2025-05-09")]),
        ("It opens next year, as planned.", [("next year, as planned", "2025")]),
        ("In spring 2025 and in 2026", [("In spring 2025", "2025-21"), ("in 2026", "2026")]),
        ("by 2030 and by\n 2040", [("by 2030", "../2030"), ("by\n 2040", "../2040")]),
        ("It opens on 2025-03-01", [("on 2025-03-01", "2025-03-01")]),
        ("no later than 1 July 2026.", [("no later than 1 July 2026", "../2026-07-01")]),
    ],
)
def test_longest_date_words_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert _dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Откроем до конца 2026 года", [("до конца 2026 года", "../2026")]),
        ("Весной 2025 года, 9 мая", [("Весной 2025 года", "2025-21"), ("9 мая", "2025-05-09")]),
        ("На 2025–2027 годы", [("На 2025–2027 годы", "2025/2027")]),
        ("Всё будет в следующем году.", [("в следующем году", "2025")]),
    ],
)
def test_russian_date_words_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert _dates(text, "ru") == expected


@pytest.mark.parametrize(
    "text",
    [
        "We may fall, march and spring",
        "raise it to 2000 tonnes",
        "1999 people came",
        "May the road rise",
        "one of the second half",
        "It has been signed",
        "a day of joy",
    ],
)
def test_words_that_only_look_like_a_date_are_left(text: str) -> None:
    assert _dates(text) == []


@pytest.mark.parametrize(
    "words",
    ["in the next year", "within 40 days of the signing", "on 5/9/2025", "31 February 2025"],
)
def test_date_that_cannot_be_told_is_never_replaced_by_a_part_of_it(words: str) -> None:
    for _words, edtf in _dates(f"It will open {words} here"):
        assert edtf == ""


def test_relative_words_without_the_day_of_the_source_have_no_window() -> None:
    assert _dates("It opens next year", said_on=None) == [("next year", "")]


def test_past_looks_back() -> None:
    assert _dates("opened in May", past=True) == [("in May", "2024-05")]
    assert _dates("opened in May", past=False) == [("in May", "2025-05")]
