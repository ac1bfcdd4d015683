from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import ngettext, override, pgettext

from tests.timeline.ical.samples import make_entry
from timeline.dates_in_words import day_in_words
from timeline.ical.choices import CalendarChoices
from timeline.ical.texts import item_title
from timeline.ical.words import words_in


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_words_are_those_of_the_language_whatever_is_active(language: str) -> None:
    with override(language):
        withdrawn = pgettext("title of a calendar entry that was taken back", "Withdrawn")
        later = ngettext("%(days)d day later", "%(days)d days later", 3) % {"days": 3}

    with override("en"):
        assert words_in(language).withdrawn == withdrawn
        assert words_in(language).slip(3) == later


def test_a_tombstone_is_titled_in_the_language_of_the_feed() -> None:
    entry = make_entry(is_tombstone=True)

    for language in ("en", "ru", "kk"):
        choices = CalendarChoices(language=language)
        assert item_title(entry, choices) == words_in(language).withdrawn


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "2 days earlier"), (-1, "1 day earlier"), (1, "1 day later"), (2, "2 days later")],
)
def test_slip_is_counted_in_words(days: int, words: str) -> None:
    assert words_in("en").slip(days) == words


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_days_are_said_as_on_the_page(language: str) -> None:
    day = date(2024, 11, 27)

    assert words_in(language).day(day) == day_in_words(day, language)
