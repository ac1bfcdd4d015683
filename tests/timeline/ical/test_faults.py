"""Texts that have broken calendars elsewhere, each by the number under which it is known."""

from __future__ import annotations

import pytest

from commitments.exceptions import InvalidInput
from tests.builders import make_commitment
from tests.timeline.ical.readers import read_with_ical, read_with_icalendar
from tests.timeline.ical.samples import make_plain_entry
from tests.timeline.ical.strict_checker import problems
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices

FAMILY = "👩‍👩‍👧‍👦"


def calendar_of(title: str) -> bytes:
    entry = make_plain_entry(title)
    return b"".join(write_calendar([entry], name="Faults", choices=CalendarChoices()))


def test_cal01_a_property_in_a_title_stays_a_part_of_the_title() -> None:
    body = calendar_of("a\r\nATTENDEE:mailto:x@y")
    assert body.count(b"\r\nSUMMARY:a\\nATTENDEE:mailto:x@y\r\n") == 1
    assert b"\r\nATTENDEE" not in body
    assert problems(body) == []


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x0c", "\x1d"])
def test_cal03_control_characters_are_refused_and_never_written(sign: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_commitment(title=f"a{sign}b")
    assert caught.value.field == "title"
    body = calendar_of(f"a{sign}b")
    assert b"SUMMARY:ab\r\n" in body
    assert [item.summary for item in read_with_ical(body)] == ["ab"]


@pytest.mark.django_db
def test_cal04_a_lone_surrogate_is_refused_and_never_written() -> None:
    with pytest.raises(InvalidInput) as caught:
        make_commitment(title="a\ud83d")
    assert caught.value.field == "title"
    assert b"SUMMARY:a\r\n" in calendar_of("a\ud83d")


@pytest.mark.parametrize("title", ["é" * 200, FAMILY * 30, "日本語" * 60])
def test_cal06_every_physical_line_is_short_and_whole(title: str) -> None:
    body = calendar_of(title)
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if line.decode("utf-8", "replace").encode() != line] == []
    assert [item.summary for item in read_with_icalendar(body)] == [title]


def test_cal07_signs_are_escaped_where_the_rfc_says_so_and_nowhere_else() -> None:
    title = 'a; b, c\\ d: "e"'
    body = calendar_of(title)
    assert b'SUMMARY:a\\; b\\, c\\\\ d: "e"\r\n' in body
    assert [item.summary for item in read_with_icalendar(body)] == [title]
