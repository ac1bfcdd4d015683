"""What is not understood is refused at once, with a sentence and the nearest phrases."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.exceptions import PhraseError, WindowError
from commitments.phrases import LANGUAGES, read_phrase
from commitments.phrases.tokens import MAX_LENGTH
from commitments.window import Hemisphere, Window
from commitments.window_text import Sentence

SAID_ON = date(2024, 11, 27)
_WORDS = (
    *("2025", "2026", "9", "24", "-", "/", ".", ",", "?", "~", "may", "spring", "next", "year"),
    *("by", "the", "end", "of", "from", "to", "winter", "first", "quarter", "half", "весной"),
    *("мая", "года", "с", "по", "до", "конца", "жылдың", "көктемі", "дейін", "қаңтардан"),
)


def _refused(phrase: str, language: str = "en", said_on: date | None = SAID_ON) -> PhraseError:
    with pytest.raises(PhraseError) as refused:
        read_phrase(phrase, said_on=said_on, language=language)
    return refused.value


@pytest.mark.parametrize(
    ("language", "phrase", "nearest"),
    [
        ("en", "sprng 2025", ("spring 2025", "springtime 2025", "starting 2025")),
        ("en", "Januray 2025", ("January 2025", "Jan 2025")),
        ("en", "next yaer", ("next year",)),
        ("en", "blah", ("2026", "spring 2025", "the spring of 2025")),
        ("ru", "вясной 2025 года", ("весной 2025 года", "весною 2025 года")),
        ("kk", "2025 жылдың көктімінде", ("2025 жылдың көктемінде", "2025 жылдың көктеміне")),
    ],
)
def test_unknown_phrase_is_refused_with_the_nearest(
    language: str, phrase: str, nearest: tuple[str, ...]
) -> None:
    error = _refused(phrase, language)
    assert str(error).startswith(f"{phrase} is not understood as a date")
    assert error.nearest[: len(nearest)] == nearest
    assert error.code == "phrase_unknown"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", ["blah", "весной 2o25", "spring of the 2025 of", "x y z", "!!!"])
def test_offered_phrases_are_understood(language: str, phrase: str) -> None:
    nearest = _refused(phrase, language).nearest
    assert 1 <= len(nearest) <= 3
    for offered in nearest:
        read_phrase(offered, said_on=SAID_ON, language=language, anchors={"signing": SAID_ON})


@pytest.mark.parametrize(
    "phrase",
    [
        # A part is missing, or there is one too many.
        "spring 2025 or so",
        "2025 spring",
        "the 9th",
        "in the spring of",
        "Tuesday",
        "in 2 years",
        "for 3 years",
        "2025 2026",
        "May 2025 9",
        "from 2026 to",
        "by",
        "twenty twenty-five",
        "2024, 25",
        "agreement signed today in Astana",
        "not 2026",
    ],
)
def test_phrase_with_a_part_not_understood_is_refused_whole(phrase: str) -> None:
    assert " is not understood as a date" in str(_refused(phrase))


@pytest.mark.parametrize(
    ("language", "phrase", "message"),
    [
        ("en", "5/9/2025", "5/9/2025 can be read in more than one way"),
        ("en", "09.05.2025", "09.05.2025 can be read in more than one way"),
        ("en", "by 5-9-2025", "5-9-2025 can be read in more than one way"),
        ("ru", "5/9/2025", "5/9/2025 can be read in more than one way"),
        ("ru", "09.05.25", "09.05.25 can be read in more than one way"),
        ("kk", "9-5-2025", "9-5-2025 can be read in more than one way"),
        ("en", "in the next year", "in the next year can mean the calendar year"),
        ("ru", "в течение года", "в течение года can mean the calendar year"),
        ("en", "2021-25", "2021-25 can be the years 2021 to 2025"),
        ("en", "2021-22", "2021-22 can be the years 2021 to 2022"),
        ("ru", "2024-25", "2024-25 can be the years 2024 to 2025"),
        ("en", "next September 2025", "next September 2025 is not understood"),
        ("en", "next December", "This can mean the one of 2024 or of 2025"),
        ("en", "next winter", "This can mean the one of 2024 or of 2025"),
        ("en", "last spring", "This can mean the one of 2024 or of 2023"),
        ("en", "spring 2024-2025", "This season does not cross the year"),
        ("en", "winter 2024-2026", "This season does not cross the year"),
        ("en", "third half of 2026", "A year has no part number 3"),
        ("en", "5th quarter of 2026", "A year has no part number 5"),
        ("en", "2026 - 9", "A bare number stands for no date"),
        ("en", "24 - May 2025", "A bare number stands for no date"),
        ("en", "first to 2026", "A bare number stands for no date"),
        ("en", "2012s", "2012 does not begin a decade"),
        ("en", "some year of 2000-2098", "A year of a century"),
        ("en", "2026 (southern hemisphere)", "Only a season has a hemisphere"),
        ("ru", "один из месяцев мая 2025 года", "Write either the month"),
        ("kk", "қаңтар аптада", "аптада does not fit here"),
        ("en", "within the last 40 days", "This looks back"),
        ("en", "30 February 2025", "2025-02-30 is not a day: that month has 28 days"),
        ("en", "30 February", "2024-02-30 is not a day: that month has 29 days"),
        ("en", "2025-02-30", "2025-02-30 is not a day"),
        ("ru", "31.04.2026", "2026-04-31 is not a day"),
        ("en", "2026-13", "2026-13 has 13 where a month"),
        ("en", "9", "9 is not a date in EDTF"),
        ("en", "2024/25", "2024/25 is not a date in EDTF"),
        ("en", "2026-4", "2026-4 lacks a zero"),
        ("en", "2026/2025", "2026/2025 ends before it starts"),
        ("en", "from 2026 to 2025", "2026/2025 ends before it starts"),
        ("en", "December 24 - January 5, 2025", "2025-12-24/2025-01-05 ends before it starts"),
        ("en", "20260", "20260 has a year of more than four digits"),
        ("en", "the year 0000", "0000 reaches beyond the years"),
        ("en", "winter 9999", "9999-24 reaches beyond the years"),
    ],
)
def test_phrase_that_cannot_be_meant_is_refused(language: str, phrase: str, message: str) -> None:
    error = _refused(phrase, language)
    assert str(error).startswith(message)
    assert isinstance(error.message, Sentence)
    assert error.message.template % error.message.params == error.message


@pytest.mark.parametrize(
    ("phrase", "said_on", "message"),
    [
        ("tomorrow", date.max, "That is beyond the years 0001 to 9999"),
        ("yesterday", date.min, "That is beyond the years 0001 to 9999"),
        ("next year", date.max, "10000 has a year of more than four digits"),
        ("last year", date.min, "0000 reaches beyond the years"),
        ("last month", date.min, "0000-12 reaches beyond the years"),
        ("next quarter", date.max, "10000-33 has a year of more than four digits"),
        ("next week", date.max, "That is beyond the years 0001 to 9999"),
        ("after 9999", SAID_ON, "That is beyond the years 0001 to 9999"),
        ("before 0001", SAID_ON, "That is beyond the years 0001 to 9999"),
        ("early next year", date.max, "10000-01~/10000-04~ has a year of more than"),
        ("late February of last year", date.min, "0000-02-21~ reaches beyond"),
    ],
)
def test_phrase_beyond_the_calendar_is_refused(phrase: str, said_on: date, message: str) -> None:
    assert str(_refused(phrase, said_on=said_on)).startswith(message)


@pytest.mark.parametrize("pointer", ["this", "next", "last", "coming", "past"])
@pytest.mark.parametrize("said_on", [date.min, date.max])
def test_phrase_at_the_ends_of_the_calendar_never_crashes(pointer: str, said_on: date) -> None:
    for noun in ("January", "December", "winter", "summer"):
        try:
            read_phrase(f"{pointer} {noun}", said_on=said_on, language="en")
        except PhraseError as refused:
            message = str(refused)
        else:
            message = "read."
        assert message.endswith(".")


def test_ambiguous_phrase_offers_both_meanings() -> None:
    assert _refused("next winter").nearest == ("2024-24", "2025-24")
    assert _refused("last spring").nearest == ("2024-21", "2023-21")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026\x00", "U+0000"),
        ("spring\x072025", "U+0007"),
        ("spring\n2025", "U+000A"),
        ("\u202espring 2025", "U+202E"),
        ("spring\u200b 2025", "U+200B"),
        ("spring \ud800", "U+D800"),
        ("spring\xad2025", "U+00AD"),
        ("\ue000", "U+E000"),
        ("\uffff", "U+FFFF"),
    ],
)
def test_phrase_with_hidden_characters_is_refused(text: str, shown: str) -> None:
    error = _refused(text)
    assert "has a control or invisible character" in str(error)
    assert shown in str(error)
    assert str(error).isprintable()


@pytest.mark.parametrize("length", [MAX_LENGTH + 1, 1_000_000])
@pytest.mark.parametrize("part", ["2", "spring ", "- ", "2025-", "\x00", "\ud800", "? "])
def test_long_phrase_is_refused_at_once(part: str, length: int) -> None:
    text = (part * length)[:length]
    started = time.perf_counter()
    assert str(_refused(text)).startswith("This is too long for a date")
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "part", ["2 ", "- ", "2025-", "2025 - ", "q 1 ", "? ", "abc ", "1.1.", "from "]
)
def test_longest_phrase_is_read_or_refused_quickly(language: str, part: str) -> None:
    text = (part * MAX_LENGTH)[:MAX_LENGTH]
    _refused("warm up the table", language)
    started = time.perf_counter()
    _refused(text, language)
    assert time.perf_counter() - started < 2


def test_phrase_of_an_unknown_language_is_read_as_english() -> None:
    assert str(read_phrase("spring 2025", said_on=None, language="de").window) == "2025-21"


def test_phrase_in_the_south_means_its_own_seasons() -> None:
    def read(phrase: str, said_on: date | None = None) -> Window:
        south = Hemisphere.SOUTH
        return read_phrase(phrase, said_on=said_on, language="en", hemisphere=south).window

    assert str(read("spring 2025")) == "2025-29"
    assert str(read("2025-21")) == "2025-29"
    assert str(read("summer 2025-2026")) == "2025-30"
    assert str(read("spring 2025 (northern hemisphere)")) == "2025-25"
    assert str(read("this summer", date(2025, 1, 15))) == "2024-30"
    assert str(read("next winter", SAID_ON)) == "2025-32"
    with pytest.raises(PhraseError, match="does not cross the year"):
        read("winter 2025-2026")


@settings(deadline=None)
@given(
    text=st.text(max_size=80)
    | st.lists(
        st.sampled_from(_WORDS),
        max_size=12,
    ).map(" ".join),
    language=st.sampled_from([*LANGUAGES, "de"]),
    said_on=st.none() | st.dates(),
    past=st.booleans(),
)
def test_any_phrase_is_read_or_refused(
    text: str, language: str, said_on: date | None, past: bool
) -> None:
    try:
        reading = read_phrase(text, said_on=said_on, language=language, past=past)
    except WindowError as refused:
        kind, message = type(refused), refused.message
    else:
        kind, message = PhraseError, ""
        assert Window.parse(str(reading.window)) == reading.window
        assert reading.is_relative <= (said_on is not None)
    assert kind is PhraseError
    assert message.isprintable()
