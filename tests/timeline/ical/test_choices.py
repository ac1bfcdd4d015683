from __future__ import annotations

from typing import Any

import pytest

from timeline.ical.choices import MAX_ALARMS, MAX_LEAD_DAYS, CalendarChoices


def test_choices_by_default_are_the_calm_ones() -> None:
    choices = CalendarChoices()

    assert (choices.show, choices.language, choices.alarms) == ("last-day", "en", ())
    assert (choices.done, choices.todos, choices.links) == ("keep", False, False)
    assert choices.schedule_words is False


def test_alarms_are_sorted_and_each_rings_once() -> None:
    assert CalendarChoices(alarms=(7, 1, 7, 0)).alarms == (0, 1, 7)


def test_equal_choices_are_one_key_of_a_cache() -> None:
    assert len({CalendarChoices(alarms=(7, 1)), CalendarChoices(alarms=(1, 7))}) == 1


@pytest.mark.parametrize("days", [0, MAX_LEAD_DAYS - 1, MAX_LEAD_DAYS])
def test_lead_days_within_a_year_are_taken(days: int) -> None:
    assert CalendarChoices(alarms=(days,)).alarms == (days,)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"show": "first-day"}, "show: choose one of last-day, window"),
        ({"done": "hide"}, "done: choose one of keep, drop"),
        ({"alarms": (-1,)}, "alarms: give whole days from 0 to 366"),
        ({"alarms": (MAX_LEAD_DAYS + 1,)}, "alarms: give whole days from 0 to 366"),
        ({"alarms": tuple(range(MAX_ALARMS + 1))}, "alarms: give at most 10 numbers of days"),
    ],
)
def test_choices_that_make_no_sense_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        CalendarChoices(**changes)
