"""Which sentences are proposed, and with what."""

from __future__ import annotations

import time
from datetime import date

import pytest

from commitments.candidates import CANDIDATE_LANGUAGES, Candidate, find_candidates
from commitments.candidates.finder import MAX_SENTENCE
from commitments.enums import Kind
from commitments.window import Window
from tests.commitments.candidates.marked_texts import MarkedText, read_marked_texts

SAID_ON = date(2024, 11, 27)


def _quotes(text: str, language: str = "en") -> list[str]:
    return [one.quote for one in find_candidates(text, said_on=SAID_ON, language=language)]


def test_candidate_says_all_that_an_editor_needs() -> None:
    text = "Title\n\nMayor Ann Lee: Hello. The bridge will open\nnext year. Thank you."
    assert find_candidates(text, said_on=SAID_ON, language="en") == [
        Candidate(
            start=29,
            end=60,
            quote="The bridge will open\nnext year.",
            speaker="Mayor Ann Lee",
            date_words="next year",
            window=Window.parse("2025"),
            kind=Kind.MILESTONE,
        )
    ]
    assert text[29:60] == "The bridge will open\nnext year."


@pytest.mark.parametrize("text", read_marked_texts(), ids=lambda text: text.name)
def test_candidates_are_in_order_apart_and_quote_the_text(text: MarkedText) -> None:
    found = text.candidates()
    assert found
    end = 0
    for one in found:
        assert one.start >= end
        end = one.end
        assert text.text[one.start : end] == one.quote


@pytest.mark.parametrize(
    "text",
    [
        "We have agreed to open a consulate.",
        "The Parties undertake to consult each other.",
        "The road shall be finished.",
        "The forum is scheduled for 2026.",
        "The road will open soon.",
        "The line opens in January 2025.",
        "Delivery within 90 days of the signing.",
        "“The road will open in 2026,” said the minister.",
        "It will not be easy, but we have promised to open in 2026.",
    ],
)
def test_commitments_are_proposed(text: str) -> None:
    assert _quotes(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Will the road open in 2026?",
        "We will not open the road in 2026.",
        "We do not intend to open it.",
        "The road was opened in 2019.",
        "We opened it in March.",
        "Since 2015 we have built two roads.",
        "They promised to open it by 2019.",
        "We will always remember this day in 2025.",
        "If it rains, the road will open in 2026.",
        'They say, "Nobody listens. The road will open in 2026."',
        "Question: The road will open in 2026.",
        "The road is long.",
        "Next year marks a hundred years of the road.",
        "I am sure that today's agreements will serve the good of all.",
        "The road will be good.",
    ],
)
def test_what_promises_nothing_is_passed_over(text: str) -> None:
    assert _quotes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Мы договорились открыть консульство.",
        "Стороны обязуются построить мост до конца 2026 года.",
        "Весной 2025 года откроется аллея.",
        "Скоро здесь будет построена школа.",
        "В этом году мы введём миллион метров.",
    ],
)
def test_russian_commitments_are_proposed(text: str) -> None:
    assert _quotes(text, "ru") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Откроется ли мост в 2026 году?",
        "Мы не планируем открывать мост в 2026 году.",
        "Мост открыли в 2019 году.",
        "Если не будет дождя, мост откроется в 2026 году.",
        "Мне сказали: «Мост откроется в 2026 году».",
        "В 2025 году мосту исполняется сто лет.",
        "Вопрос: Мост откроется в 2026 году.",
    ],
)
def test_russian_that_promises_nothing_is_passed_over(text: str) -> None:
    assert _quotes(text, "ru") == []


def test_day_of_an_agreement_is_not_that_of_what_was_agreed() -> None:
    text = "Today we agreed to open it by 2026. Today we agreed to build a road."
    found = find_candidates(text, said_on=SAID_ON, language="en")
    assert [(one.date_words, str(one.window)) for one in found] == [
        ("by 2026", "../2026"),
        ("", ""),
    ]


def test_two_promises_in_a_sentence_are_two_candidates() -> None:
    text = "The road will open in 2025, and the bridge will open in 2026."
    found = find_candidates(text, said_on=SAID_ON, language="en")
    assert [(one.quote, str(one.window)) for one in found] == [
        ("The road will open in 2025", "2025"),
        ("the bridge will open in 2026.", "2026"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The forum will meet in 2026.", Kind.EVENT),
        ("Trade will double by 2030.", Kind.TARGET),
        ("The exchange programme will run from 2025 to 2027.", Kind.PROGRAMME),
        ("The road will open in 2026.", Kind.MILESTONE),
    ],
)
def test_kind_is_guessed_from_the_words(text: str, kind: Kind) -> None:
    assert [one.kind for one in find_candidates(text, said_on=SAID_ON, language="en")] == [kind]


def test_sentence_without_an_end_is_passed_over() -> None:
    ending = " will open in 2026."
    longest = f"Road{'x' * (MAX_SENTENCE - 4 - len(ending))}{ending}"
    assert [len(quote) for quote in _quotes(longest)] == [MAX_SENTENCE]
    assert _quotes(f"R{longest}") == []


def test_language_with_a_region_is_read_and_one_without_tables_is_refused() -> None:
    assert CANDIDATE_LANGUAGES == ("en", "ru")
    assert len(find_candidates("It opens in 2026.", said_on=SAID_ON, language="en-GB")) == 1
    with pytest.raises(ValueError, match="language: there are tables for en, ru, not for kk"):
        find_candidates("", said_on=SAID_ON, language="kk")


@pytest.mark.parametrize(
    "text",
    ["." * 200_000, "2025 " * 40_000, "\n" * 200_000, '"a ' * 66_000, "Ab Cd: x\n" * 22_000],
    ids=["dots", "years", "lines", "quotes", "labels"],
)
def test_text_made_to_be_slow_takes_no_longer(text: str) -> None:
    start = time.process_time()
    find_candidates(text, said_on=SAID_ON, language="en")
    assert time.process_time() - start < 5


def test_long_transcript_takes_less_than_five_seconds() -> None:
    text = read_marked_texts()[0].text
    start = time.process_time()
    find_candidates(text * (200_000 // len(text) + 1), said_on=SAID_ON, language="ru")
    assert time.process_time() - start < 5
