from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from tests.timeline.ical.samples import make_entry, make_plain_entry
from tests.timeline.ical.strict_checker import problems
from timeline.entries import Entry
from timeline.ical.calendar import (
    BLOCK_OCTETS,
    calendar_object,
    entry_fragment,
    join_fragments,
    write_calendar,
)
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import event_fragment
from timeline.ical.todos import todo_fragment

CHOICES = CalendarChoices()


def write(*entries: Entry, name: str = "Everything", choices: CalendarChoices = CHOICES) -> bytes:
    return b"".join(write_calendar(entries, name=name, choices=choices))


def many(count: int) -> Iterator[Entry]:
    return (make_entry(public_id=f"m{number:07}") for number in range(count))


def test_calendar_says_what_it_is_and_how_often_to_come_again() -> None:
    head = write(make_entry(), name="Space, in 2026").partition(b"BEGIN:VEVENT")[0]

    assert head.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commitments//Timeline//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Space\\, in 2026",
        "X-WR-CALNAME:Space\\, in 2026",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "COLOR:steelblue",
        "",
    ]


def test_description_colour_and_pace_can_be_given() -> None:
    data = b"".join(
        write_calendar(
            [make_entry()],
            name="n",
            choices=CHOICES,
            description="All of it",
            colour="teal",
            refresh_hours=1,
        )
    )

    for line in (
        b"\r\nDESCRIPTION:All of it\r\n",
        b"\r\nX-WR-CALDESC:All of it\r\n",
        b"\r\nCOLOR:teal\r\n",
        b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
        b"\r\nX-PUBLISHED-TTL:PT1H\r\n",
    ):
        assert data.count(line) == 1
    assert problems(data) == []


def test_nobody_is_invited_and_no_address_of_the_feed_is_told() -> None:
    data = write(make_entry(), choices=CalendarChoices(todos=True, alarms=(1,), links=True))

    for name in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"SOURCE"):
        assert b"\r\n" + name not in data
    head = data.partition(b"BEGIN:VEVENT")[0]
    assert b"\r\nUID" not in head
    assert b"\r\nURL" not in head


def test_two_fetches_with_nothing_changed_are_the_same_bytes() -> None:
    assert write(make_entry(), make_plain_entry("x")) == write(make_entry(), make_plain_entry("x"))


def test_empty_selection_is_a_valid_calendar_without_an_event() -> None:
    for data in (write(), write(make_entry(window=""))):
        assert problems(data) == []
        assert b"BEGIN:VEVENT" not in data
        assert data.count(b"BEGIN:VTIMEZONE") == 1


def test_time_zone_stands_in_only_for_an_empty_selection() -> None:
    assert b"VTIMEZONE" not in write(make_entry())
    assert b"VTIMEZONE" not in write(make_entry(window=""), make_entry())


def test_undated_entries_are_left_out_and_the_order_is_kept() -> None:
    entries = [make_plain_entry("c"), make_entry(window=""), make_plain_entry("a")]

    data = write(*entries)

    assert [line for line in data.decode().split("\r\n") if line.startswith("SUMMARY")] == [
        "SUMMARY:c",
        "SUMMARY:a",
    ]


def test_todos_stand_beside_the_events_if_chosen() -> None:
    choices = CalendarChoices(todos=True)
    entry = make_entry()

    assert entry_fragment(entry, CHOICES) == event_fragment(entry, CHOICES)
    both = event_fragment(entry, choices) + todo_fragment(entry, choices)
    assert entry_fragment(entry, choices) == both
    assert problems(write(entry, choices=choices)) == []


def test_ready_fragments_join_to_the_same_bytes() -> None:
    fragments = [entry_fragment(entry, CHOICES) for entry in many(300)]

    joined = b"".join(join_fragments(fragments, name="Everything"))

    assert joined == write(*many(300))


@pytest.mark.parametrize("count", [0, 1, 500])
def test_stream_comes_in_large_blocks(count: int) -> None:
    blocks = list(write_calendar(many(count), name="n", choices=CHOICES))
    longest = len(entry_fragment(make_entry(), CHOICES))

    assert all(BLOCK_OCTETS <= len(block) < BLOCK_OCTETS + longest for block in blocks[:-1])
    assert blocks[-1].endswith(b"END:VCALENDAR\r\n")
    assert problems(b"".join(blocks)) == []


def test_memory_does_not_grow_with_the_number_of_entries() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in write_calendar(many(count), name="n", choices=CHOICES):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)  # the caches of words
    assert peak(3_000) < 2 * peak(300)


def test_one_component_can_be_a_calendar_of_its_own() -> None:
    data = calendar_object(event_fragment(make_entry(), CHOICES))

    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert data.count(b"BEGIN:V") == 2
    assert data.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
