"""What is printed is read back as the same window, in every language and form."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings

from commitments.phrases import LANGUAGES, read_phrase, window_in_words
from commitments.window import Window
from tests.commitments.windows import window_texts


@pytest.mark.parametrize("form", ["name", "when"])
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=300, deadline=None)
@given(text=window_texts())
def test_words_are_read_back_as_the_same_window(
    language: str, form: Literal["name", "when"], text: str
) -> None:
    window = Window.parse(text)
    words = window_in_words(window, language, form=form)
    reading = read_phrase(words, said_on=None, language=language)
    assert (str(reading.window), reading.is_relative) == (text, False)


def _is_short_span(text: str) -> bool:
    """2021-25: a range of years to most people, and refused as a phrase."""
    is_season = len(text) == 7 and text[5:].isdigit() and 21 <= int(text[5:]) <= 32
    return is_season and text[5:] > text[2:4]


@settings(deadline=None)
@given(text=window_texts())
def test_edtf_is_a_phrase_in_every_language(text: str) -> None:
    if _is_short_span(text):
        return
    for language in (*LANGUAGES, "de"):
        reading = read_phrase(text, said_on=None, language=language)
        assert (str(reading.window), reading.is_relative) == (text, False)
