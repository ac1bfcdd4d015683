"""What docs/candidates.md promises: how many marked commitments are found, and how cleanly."""

from __future__ import annotations

import pytest

from commitments.enums import Kind
from commitments.window import Window
from tests.commitments.candidates.marked_texts import MarkedText, read_marked_texts, score

TEXTS = read_marked_texts()
HELD_OUT = [text for text in TEXTS if text.held_out]
LEAST_PRECISION = 0.5
LEAST_RECALL = 0.8


def test_marked_texts_are_of_both_languages_and_three_are_held_out() -> None:
    assert [text.name for text in HELD_OUT] == [
        "held_out_bridge_en",
        "held_out_city_en",
        "held_out_council_ru",
    ]
    languages = [text.language for text in TEXTS if not text.held_out]
    assert sorted(languages) == ["en", "en", "en", "ru", "ru", "ru"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_marks_are_whole_words_with_windows_and_kinds_of_the_record(text: MarkedText) -> None:
    for mark in text.marks:
        quote = text.text[mark.start : mark.end]
        assert quote == quote.strip()
        assert str(Window.parse(mark.edtf)) == mark.edtf
        assert mark.kind in Kind.values


@pytest.mark.parametrize("texts", [TEXTS, HELD_OUT], ids=["all", "held out"])
def test_precision_and_recall_reach_their_targets(texts: list[MarkedText]) -> None:
    reached = score(texts)
    assert reached.precision >= LEAST_PRECISION
    assert reached.recall >= LEAST_RECALL


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_each_text_reaches_the_targets(text: MarkedText) -> None:
    reached = score([text])
    assert reached.precision >= LEAST_PRECISION
    assert reached.recall >= LEAST_RECALL


def test_nearly_all_dates_found_are_those_of_the_marks() -> None:
    reached = score(TEXTS)
    assert reached.dates_right >= 0.9 * reached.found
