"""Who speaks."""

from __future__ import annotations

import pytest

from commitments.candidates.speakers import MAX_LABEL, is_asker, turns


def _turns(text: str) -> list[tuple[str, str]]:
    return [(turn.speaker, text[turn.span.start : turn.span.end]) for turn in turns(text)]


def test_speaker_is_the_last_label_and_goes_on_over_paragraphs() -> None:
    text = "Title\n\nPresident of Avaria Tomas Berg: One.\n\nTwo.\nLena Sato: Three."
    assert _turns(text) == [
        ("", "Title"),
        ("President of Avaria Tomas Berg", "One."),
        ("President of Avaria Tomas Berg", "Two."),
        ("Lena Sato", "Three."),
    ]


def test_speaker_with_initials_is_known() -> None:
    assert _turns("В.Лаптев: Да.") == [("В.Лаптев", "Да.")]


@pytest.mark.parametrize(
    "line",
    [
        "The main results: one.",
        "Атомная станция: выбор площадки.",
        "Finally: one.",
        "It is 10:30 now.",
        f"{'Very ' * (MAX_LABEL // 5)}Long Name: one.",
    ],
)
def test_what_is_no_name_is_no_speaker(line: str) -> None:
    assert _turns(line) == [("", line)]


def test_single_word_is_a_speaker_when_it_comes_back() -> None:
    assert _turns("Berg: One.\n\nBerg: Two.") == [("Berg", "One."), ("Berg", "Two.")]


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Question", True), ("Вопрос", True), ("Reporter Ann Lee", True), ("Ann Reporter", False)],
)
def test_askers_are_known_by_their_first_word(label: str, expected: bool) -> None:
    assert is_asker(label) is expected
