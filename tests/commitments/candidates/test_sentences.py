"""Cutting texts into paragraphs and sentences."""

from __future__ import annotations

import pytest

from commitments.candidates.sentences import Span, paragraphs, sentences


def _sentences(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("One; two.", ["One", "two."]),
        ("We met Mr. Oru. He left.", ["We met Mr. Oru.", "He left."]),
        ("It costs 3.5 billion. Good.", ["It costs 3.5 billion.", "Good."]),
        ('He said "No." Then he left.', ['He said "No."', "Then he left."]),
        ("Room No. 5 is open. No.", ["Room No. 5 is open.", "No."]),
        ("wrapped\nline. Next", ["wrapped\nline.", "Next"]),
        ("В 2025 г. Мы начнём.", ["В 2025 г.", "Мы начнём."]),
        ("Открыт в г. Тархане. Да.", ["Открыт в г. Тархане.", "Да."]),
        ("Сказал И. Лаптев. Да.", ["Сказал И. Лаптев.", "Да."]),
        ("Ну что же... Начнём.", ["Ну что же...", "Начнём."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert _sentences(text) == expected


def test_paragraphs_begin_after_a_blank_line_and_at_a_list_item_without_its_bullet() -> None:
    text = "One\nline.\r\n \r\nTwo:\n- three\n2) four\n"
    found = [text[one.start : one.end] for one in paragraphs(text, Span(0, len(text)))]
    assert found == ["One\nline.", "Two:", "three", "four"]
