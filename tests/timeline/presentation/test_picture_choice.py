"""How the address says what of the picture is looked at."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from commitments.exceptions import InvalidInput
from timeline.layout.axis import Closer, Zoom
from timeline.layout.placing import View
from timeline.picture_reader import Grouping
from timeline.presentation.picture_choice import (
    PictureChoice,
    query_of,
    read_choice,
    without_choice,
)

TODAY = date(2026, 11, 24)
CHOICES = "Choose one of: decade, year, quarter, 2024-05..2026-10."
BACKWARDS = "Write the earlier month first, and no more than 200 years."


def test_nothing_asked_for_is_all_in_one() -> None:
    assert read_choice(QueryDict("topic=space"), today=TODAY) == PictureChoice()


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("zoom=year", View(Zoom.YEAR, TODAY)),
        ("zoom=year&at=2025", View(Zoom.YEAR, date(2025, 1, 1))),
        ("zoom=quarter&at=2025-10", View(Zoom.QUARTER, date(2025, 10, 1))),
        ("zoom=decade&at=0001", View(Zoom.DECADE, date(1, 1, 1))),
        ("zoom=&at=", View()),
        ("zoom=2026-10..2026-10", View(at=date(2026, 10, 1), until=date(2026, 10, 1))),
        ("zoom=1801-02..2001-01", View(at=date(1801, 2, 1), until=date(2001, 1, 1))),
    ],
)
def test_zoom_and_place_are_read(query: str, view: View) -> None:
    assert read_choice(QueryDict(query), today=TODAY).view == view


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("zoom=week", "zoom", CHOICES),
        ("zoom=2026-10..2026-09", "zoom", BACKWARDS),
        ("zoom=1800-01..2000-01", "zoom", BACKWARDS),
        ("zoom=2026-13..2027-01", "zoom", "Write a year as 2026 or a month as 2026-10."),
        ("zoom=2026-01..2026-02&at=2026", "zoom", CHOICES),
        ("group=kind", "group", "Choose one of: topic, party, status."),
        ("zoom=year&at=26", "at", "Write a year as 2026 or a month as 2026-10."),
        ("zoom=year&at=2026-13", "at", "Write a year as 2026 or a month as 2026-10."),
        ("zoom=year&at=0000", "at", "Write a year as 2026 or a month as 2026-10."),
        ("at=2026", "at", "Say how close beside it: zoom=year."),
    ],
)
def test_what_is_not_understood_is_refused_with_the_fix(
    query: str, field: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_choice(QueryDict(query), today=TODAY)
    assert refused.value.errors == {field: [sentence]}


def test_links_keep_the_filter_and_drop_the_page() -> None:
    asked = QueryDict("topic=a&topic=b&page=3&zoom=year&at=2020&group=party")
    assert without_choice(asked).urlencode() == "topic=a&topic=b"
    query = query_of(asked, Closer(Zoom.QUARTER, "2026-10"), Grouping.TOPIC)
    assert query == "topic=a&topic=b&group=topic&zoom=quarter&at=2026-10"
    stretch = query_of(asked, Closer("2024-05..2026-10"), None)
    assert stretch == "topic=a&topic=b&zoom=2024-05..2026-10"
