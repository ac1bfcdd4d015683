"""The tables of the languages: complete, alike, without contradictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from commitments.phrases import LANGUAGES, read_phrase
from commitments.phrases.english import ENGLISH
from commitments.phrases.grammar import Grammar
from commitments.phrases.languages import tools_for
from commitments.phrases.table import Words
from commitments.phrases.tokens import Lexicon
from commitments.window import Precision

SAID_ON = date(2024, 11, 27)
EXAMPLES = [
    (code, example) for code, language in LANGUAGES.items() for example in language.examples
]
SAME_MEANINGS = ("month", "season", "ordinal", "third", "relative_year", "relative_day", "anchor")


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_table_example_is_understood(code: str, example: str) -> None:
    reading = read_phrase(
        example, said_on=SAID_ON, language=code, anchors={"signing": date(2024, 12, 1)}
    )
    assert reading.text == example


@pytest.mark.parametrize("code", LANGUAGES)
def test_table_undated_phrases_are_undated(code: str) -> None:
    for phrase in LANGUAGES[code].undated:
        reading = read_phrase(phrase, said_on=None, language=code)
        assert (reading.window.is_undated, reading.is_relative) == (True, False)


@pytest.mark.parametrize("code", LANGUAGES)
def test_table_unclear_phrases_offer_clear_ones(code: str) -> None:
    tools = tools_for(code)
    for phrase, better in LANGUAGES[code].unclear.items():
        assert tools.lexicon.key(phrase)
        assert all(tools.parse(text) is not None for text in better)


@pytest.mark.parametrize("code", LANGUAGES)
def test_table_prints_every_precision(code: str) -> None:
    printing = LANGUAGES[code].printing
    assert set(printing.points) == set(Precision)
    assert set(printing.short) == {Precision.DAY, Precision.MONTH, Precision.SEASON}
    lengths = [len(printing.months), len(printing.seasons)]
    assert [*lengths, len(printing.quarters), len(printing.halves)] == [12, 4, 4, 2]


@pytest.mark.parametrize("kind", SAME_MEANINGS)
@pytest.mark.parametrize("code", ["ru", "kk"])
def test_tables_have_the_same_meanings(code: str, kind: str) -> None:
    assert set(LANGUAGES[code].words[kind]) == set(ENGLISH.words[kind])


@pytest.mark.parametrize("code", ["ru", "kk"])
def test_tables_have_the_same_windows(code: str) -> None:
    assert set(LANGUAGES[code].windows) == set(ENGLISH.windows)


def test_table_with_a_form_of_two_meanings_is_refused() -> None:
    words: Words = {**ENGLISH.words, "season": {1: ("spring", "may")}}
    with pytest.raises(ValueError, match="en: 'may' means"):
        Lexicon(replace(ENGLISH, words=words))


def test_table_with_a_broken_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="is not an element of a pattern"):
        Grammar(replace(ENGLISH, windows={"at": ("A:POINT *",)}))
