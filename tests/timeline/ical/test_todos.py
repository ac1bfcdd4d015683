from __future__ import annotations

import re

import pytest

from tests.timeline.ical.samples import make_entry
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import event_fragment
from timeline.ical.todos import todo_fragment

CHOICES = CalendarChoices(todos=True)


def lines(fragment: bytes, *names: str) -> list[str]:
    wanted = "|".join(names)
    return re.findall(rf"(?m)^(?:{wanted})[;:].*(?=\r$)", fragment.decode())


def test_todo_has_a_uid_of_its_own() -> None:
    event, todo = event_fragment(make_entry(), CHOICES), todo_fragment(make_entry(), CHOICES)

    assert lines(todo, "UID") == ["UID:b2345678-todo@commitments.invalid"]
    assert lines(todo, "UID") != lines(event, "UID")


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2025-21", ["DTSTART;VALUE=DATE:20250301", "DUE;VALUE=DATE:20250531"]),
        ("2025-05-09", ["DUE;VALUE=DATE:20250509"]),
        ("2025-05-09/2025-05-10", ["DTSTART;VALUE=DATE:20250509", "DUE;VALUE=DATE:20250510"]),
        ("../2026", ["DUE;VALUE=DATE:20261231"]),
        ("2026-04/..", ["DTSTART;VALUE=DATE:20260401"]),
        ("9999-12-31", ["DUE;VALUE=DATE:99991231"]),
    ],
)
def test_todo_is_due_on_the_last_possible_day(window: str, expected: list[str]) -> None:
    fragment = todo_fragment(make_entry(window=window), CHOICES)

    assert lines(fragment, "DTSTART", "DUE") == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("announced", "NEEDS-ACTION"),
        ("in_progress", "IN-PROCESS"),
        ("stalled", "NEEDS-ACTION"),
        ("delivered", "COMPLETED"),
        ("partly_delivered", "COMPLETED"),
        ("not_delivered", "CANCELLED"),
        ("withdrawn", "CANCELLED"),
        ("superseded", "CANCELLED"),
        ("unverifiable", "CANCELLED"),
    ],
)
def test_todo_has_the_status_that_lists_know(status: str, expected: str) -> None:
    fragment = todo_fragment(make_entry(status=status), CHOICES)

    assert lines(fragment, "STATUS") == [f"STATUS:{expected}"]
    percent = ["PERCENT-COMPLETE:100"] if status == "delivered" else []
    assert lines(fragment, "PERCENT-COMPLETE", "COMPLETED") == percent


def test_todo_says_what_the_event_says_and_is_never_transparent() -> None:
    event, todo = event_fragment(make_entry(), CHOICES), todo_fragment(make_entry(), CHOICES)
    shared = ("SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "URL", "COLOR", "SEQUENCE")

    assert lines(todo, *shared) == lines(event, *shared)
    assert lines(todo, "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "DTEND") == []


def test_todo_of_an_undated_or_unwanted_entry_is_nothing() -> None:
    done = make_entry(status="delivered", status_label="delivered")

    assert todo_fragment(make_entry(window=""), CHOICES) == b""
    assert todo_fragment(done, CalendarChoices(todos=True, done="drop")) == b""


def test_todo_of_a_tombstone_tells_nothing_of_the_record() -> None:
    fragment = todo_fragment(make_entry(title="SECRET", is_tombstone=True), CHOICES)

    assert lines(fragment, "STATUS", "SUMMARY") == ["STATUS:CANCELLED", "SUMMARY:Withdrawn"]
    assert lines(fragment, "DESCRIPTION", "LOCATION", "CATEGORIES", "URL") == []
    assert b"SECRET" not in fragment
