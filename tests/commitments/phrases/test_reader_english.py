"""English phrases and the windows they are read as, against a source of 27 November 2024."""

from __future__ import annotations

from datetime import date

import pytest

from commitments.exceptions import PhraseError
from commitments.phrases import read_phrase

SAID_ON = date(2024, 11, 27)

ABSOLUTE = {
    # Years, months, days.
    "2026": "2026",
    "in 2026": "2026",
    "the year 2026": "2026",
    "January 2025": "2025-01",
    "in Jan. 2025": "2025-01",
    "january of 2025": "2025-01",
    "9 May 2025": "2025-05-09",
    "on the 9th of May, 2025": "2025-05-09",
    "May 9, 2025": "2025-05-09",
    "May 9 [2025]": "2025-05-09",
    "May 9th 2025": "2025-05-09",
    "1st March 2025": "2025-03-01",
    "29 February 2024": "2024-02-29",
    "2025-05-09": "2025-05-09",
    "by 2026-07-01": "../2026-07-01",
    "from 2026-04 to 2026-06": "2026-04/2026-06",
    # Seasons, quarters, halves, thirds.
    "spring of 2025": "2025-21",
    "in the spring of 2025": "2025-21",
    "Fall 2025": "2025-23",
    "winter 2024": "2024-24",
    "winter of 2024-2025": "2024-24",
    "winter 2024/25": "2024-24",
    "the first quarter of 2026": "2026-33",
    "Q4 2026": "2026-36",
    "2026 Q2": "2026-34",
    "1st quarter 2026": "2026-33",
    "in the second half of 2026": "2026-41",
    "H1 2026": "2026-40",
    "early 2026": "2026-01~/2026-04~",
    "in mid-2026": "2026-05~/2026-08~",
    "the middle of 2026": "2026-05~/2026-08~",
    "late 2026": "2026-09~/2026-12~",
    "at the end of 2026": "2026-09~/2026-12~",
    "early September 2026": "2026-09-01~/2026-09-10~",
    "mid-February 2024": "2024-02-11~/2024-02-20~",
    "late February 2024": "2024-02-21~/2024-02-29~",
    "late February 2025": "2025-02-21~/2025-02-28~",
    "the 2010s": "201X",
    # Ranges, with what both sides share said once.
    "2021-2025": "2021/2025",
    "2021–2025": "2021/2025",
    "2021 \N{EM DASH} 2025": "2021/2025",
    "from 2024 to 2026": "2024/2026",
    "between 2024 and 2026": "2024/2026",
    "December 24-25, 2024": "2024-12-24/2024-12-25",
    "24-25 December 2024": "2024-12-24/2024-12-25",
    "March-May 2025": "2025-03/2025-05",
    "spring to autumn 2025": "2025-21/2025-23",
    "first to third quarter of 2026": "2026-33/2026-35",
    "24 December 2024 - 5 January 2025": "2024-12-24/2025-01-05",
    # Bounds.
    "by the end of 2026": "../2026",
    "by 2026": "../2026",
    "until 2026": "../2026",
    "by the end of April 2026": "../2026-04",
    "no later than 1 July 2026": "../2026-07-01",
    "before 2026": "../2025",
    "before May 2026": "../2026-04",
    "before 1 July 2026": "../2026-06-30",
    "before spring 2025": "../2025-02-28",
    "from April 2026": "2026-04/..",
    "from April 2026 onwards": "2026-04/..",
    "no earlier than 2026": "2026/..",
    "after 2026": "2027/..",
    "after December 2026": "2027-01/..",
    "after 31 December 2026": "2027-01-01/..",
    # Doubt.
    "about 2026": "2026~",
    "circa 2026": "2026~",
    "2026 (uncertain)": "2026?",
    "about May 2026 (uncertain)": "2026-05%",
    "about 2021-2025": "2021~/2025~",
    "2021-2025 (uncertain)": "2021?/2025?",
    "from about 2021 to 2025": "2021~/2025",
    "2026, as planned": "2026",
    # Nothing said about a time.
    "": "",
    "soon": "",
    "in the near future": "",
    "in the next few years": "",
    "no date": "",
}
RELATIVE = {
    "today": "2024-11-27",
    "tomorrow": "2024-11-28",
    "yesterday": "2024-11-26",
    "the day after tomorrow": "2024-11-29",
    "this week": "2024-11-25/2024-12-01",
    "next week": "2024-12-02/2024-12-08",
    "this month": "2024-11",
    "next month": "2024-12",
    "this quarter": "2024-36",
    "next quarter": "2025-33",
    "this year": "2024",
    "next year, as planned": "2025",
    "the year after next": "2026",
    "last year": "2023",
    "next January": "2025-01",
    "this September": "2024-09",
    "this past August": "2024-08",
    "the coming December": "2024-12",
    "this autumn": "2024-23",
    "this winter": "2024-24",
    "next spring": "2025-21",
    "spring of next year": "2025-21",
    "January of next year": "2025-01",
    "9 May next year": "2025-05-09",
    "the first quarter of next year": "2025-33",
    "in the second half of the year": "2024-41",
    "early next year": "2025-01~/2025-04~",
    "by the end of the year": "../2024",
    "by the end of this year": "../2024",
    "by the end of next month": "../2024-12",
    "by the end of the month": "../2024-11",
    "from 2021 to next year": "2021/2025",
}
YEAR_ASSUMED = {
    "May 9": "2025-05-09",
    "on 27 November": "2024-11-27",
    "26 November": "2025-11-26",
    "29 February": "2028-02-29",
    "December 24-25": "2024-12-24/2024-12-25",
    "December 24 - January 5": "2024-12-24/2025-01-05",
    "in November": "2024-11",
    "in September": "2025-09",
    "in spring": "2025-21",
    "by the end of April": "../2025-04",
    "early September": "2025-09-01~/2025-09-10~",
}
LOOKING_BACK = {
    "in September": "2024-09",
    "early September": "2024-09-01~/2024-09-10~",
    "27 November": "2024-11-27",
    "28 November": "2023-11-28",
    "29 February": "2024-02-29",
    "in winter": "2023-24",
    "December 24-25": "2023-12-24/2023-12-25",
}


@pytest.mark.parametrize("phrase", ABSOLUTE)
def test_english_phrase_is_read(phrase: str) -> None:
    reading = read_phrase(phrase, said_on=None, language="en")
    assert str(reading.window) == ABSOLUTE[phrase]
    assert (reading.text, reading.is_relative, reading.anchor) == (phrase, False, None)


@pytest.mark.parametrize("phrase", RELATIVE)
def test_english_relative_phrase_counts_from_the_source(phrase: str) -> None:
    reading = read_phrase(phrase, said_on=SAID_ON, language="en")
    assert str(reading.window) == RELATIVE[phrase]
    assert (reading.is_relative, reading.is_year_assumed) == (True, False)


@pytest.mark.parametrize("phrase", YEAR_ASSUMED)
def test_english_phrase_without_a_year_is_the_next_one(phrase: str) -> None:
    reading = read_phrase(phrase, said_on=SAID_ON, language="en")
    assert str(reading.window) == YEAR_ASSUMED[phrase]
    assert (reading.is_relative, reading.is_year_assumed) == (True, True)


@pytest.mark.parametrize("phrase", LOOKING_BACK)
def test_english_phrase_about_the_past_looks_back(phrase: str) -> None:
    reading = read_phrase(phrase, said_on=SAID_ON, language="en", past=True)
    assert str(reading.window) == LOOKING_BACK[phrase]


@pytest.mark.parametrize(
    ("said_on", "phrase", "edtf"),
    [
        # "This" is the one that holds the day, else the one of the calendar year.
        (date(2025, 1, 15), "this winter", "2024-24"),
        (date(2025, 2, 28), "this winter", "2024-24"),
        (date(2025, 3, 1), "this winter", "2025-24"),
        # "Next" and "last" where only one answer is possible.
        (date(2025, 1, 31), "next January", "2026-01"),
        (date(2025, 2, 1), "next January", "2026-01"),
        (date(2025, 1, 15), "next winter", "2025-24"),
        (date(2025, 1, 15), "last August", "2024-08"),
        (date(2025, 5, 9), "next May", "2026-05"),
        (date(2025, 5, 9), "last May", "2024-05"),
        # Ends of months and years.
        (date(2024, 12, 31), "tomorrow", "2025-01-01"),
        (date(2024, 12, 31), "next month", "2025-01"),
        (date(2024, 12, 31), "next quarter", "2025-33"),
        (date(2025, 1, 1), "last month", "2024-12"),
        (date(2025, 1, 1), "last quarter", "2024-36"),
        (date(2024, 12, 30), "this week", "2024-12-30/2025-01-05"),
        (date(2024, 2, 29), "29 February", "2024-02-29"),
        (date(2024, 3, 1), "29 February", "2028-02-29"),
        (date(2096, 3, 1), "29 February", "2104-02-29"),
    ],
)
def test_english_phrase_at_the_edges(said_on: date, phrase: str, edtf: str) -> None:
    assert str(read_phrase(phrase, said_on=said_on, language="en").window) == edtf


@pytest.mark.parametrize("phrase", [*RELATIVE, *YEAR_ASSUMED])
def test_english_phrase_needs_the_date_of_the_source(phrase: str) -> None:
    with pytest.raises(PhraseError, match="give the date of the source") as refused:
        read_phrase(phrase, said_on=None, language="en")
    assert refused.value.field == "said_on"
