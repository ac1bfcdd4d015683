"""What a page says about an entry, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from commitments.window import Window
from tests.timeline.ical.samples import CITATION
from tests.timeline.presentation.samples import change, entry
from timeline.entries import Entry, EntryParty
from timeline.presentation import lists

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def card(window: str, schedule: str, **changes: Any) -> lists.Card:
    label = schedule.replace("_", " ")
    return lists.card(entry(window, schedule=schedule, schedule_label=label, **changes), now=NOW)


@pytest.mark.parametrize(
    ("window", "schedule", "sentence", "detail"),
    [
        ("2025", "overdue", "Overdue since 1 January 2026", "328 days"),
        ("2026-11-23", "overdue", "Overdue since 24 November 2026", "1 day"),
        ("2025-21", "overdue", "Overdue since 1 June 2025", "542 days"),
        ("2026", "open", "Last possible day: 31 December 2026", "in 37 days"),
        ("2026-11-24", "due_soon", "Last possible day: 24 November 2026", "today"),
        ("2027-21", "upcoming", "First possible day: 1 March 2027", "in 97 days"),
        ("2027/..", "upcoming", "First possible day: 1 January 2027", "in 38 days"),
        ("2026/..", "open", "Under way, with no last day", ""),
        ("../2026", "open", "Last possible day: 31 December 2026", "in 37 days"),
        ("", "undated", "Announced", ""),
    ],
)
def test_card_says_where_it_stands_in_time(
    window: str, schedule: str, sentence: str, detail: str
) -> None:
    found = card(window, schedule)
    assert (found.sentence, found.detail) == (sentence, detail)


def test_days_are_counted_at_the_place_of_the_commitment() -> None:
    late_evening = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    soon = entry("2026-11-25", schedule="due_soon", time_zone="UTC")
    assert lists.card(soon, now=late_evening).detail == "tomorrow"
    there = replace(soon, time_zone="Asia/Almaty")
    assert lists.card(there, now=late_evening).detail == "today"


def test_verdict_comes_with_its_time_and_its_evidence() -> None:
    found = card(
        "2025",
        "late",
        status="delivered",
        status_label="delivered",
        evidence="claimed",
        evidence_label="claimed by a party",
        status_changes=(change(effective_words="May 2026"),),
    )
    assert found.sentence == "Delivered, May 2026, late"
    assert found.detail == "evidence: claimed by a party"
    assert (found.look, found.word) == ("delivered", "delivered")


def test_verdict_without_delivery_is_neither_late_nor_on_time() -> None:
    found = card("2025", "closed", status="withdrawn", status_label="withdrawn")
    assert (found.sentence, found.look) == ("Withdrawn", "withdrawn")


def test_word_is_of_time_while_nobody_has_judged() -> None:
    found = card("2025", "overdue", status="in_progress", status_label="in progress")
    assert (found.look, found.word, found.status_beside) == ("overdue", "overdue", "in progress")


@pytest.mark.parametrize(
    ("schedule", "status"), [("undated", "announced"), ("on_time", "delivered")]
)
def test_status_is_said_once(schedule: str, status: str) -> None:
    window = "" if schedule == "undated" else "2025"
    assert card(window, schedule, status=status, status_label=status).status_beside == ""


def test_speaker_is_the_one_of_the_announcing_source() -> None:
    reports = replace(CITATION, role="reports", said_by="Somebody Else")
    assert card("2025", "overdue", citations=(reports, CITATION)).who == CITATION.said_by


def test_without_a_speaker_the_parties_that_promised_are_named() -> None:
    silent = replace(CITATION, said_by="")
    parties = (
        EntryParty("kz", "Kazakhstan", "country", "promised_by", "promised by"),
        EntryParty("ru", "Russia", "country", "responsible", "responsible"),
    )
    assert card("2025", "overdue", citations=(silent,), parties=parties).who == "Kazakhstan"


@pytest.mark.parametrize(
    ("window", "schedule", "since"),
    [
        ("2025", "overdue", date(2026, 1, 1)),
        ("2026", "open", None),
        ("2025", "on_time", None),
        ("", "undated", None),
    ],
)
def test_overdue_begins_the_day_after_the_last_possible_one(
    window: str, schedule: str, since: date | None
) -> None:
    assert lists.overdue_since(entry(window, schedule=schedule)) == since


def some(schedule: str, window: str, title: str, **changes: Any) -> Entry:
    return entry(window, schedule=schedule, title=title, **changes)


def titles(parts: tuple[lists.Section, ...]) -> dict[str, list[str]]:
    return {part.key: [found.entry.title for found in part.cards] for part in parts}


def test_sections_part_the_entries_of_a_page_and_keep_their_order() -> None:
    done = {"status": "delivered", "status_label": "delivered"}
    entries = [
        some("on_time", "2024-08", "first done", **done),
        some("late", "2024-09", "second done", **done),
        some("closed", "", "withdrawn", status="withdrawn"),
        some("undated", "", "some day"),
        some("upcoming", "2028", "far"),
        some("upcoming", "2027/..", "near"),
        some("open", "2026", "this year"),
        some("due_soon", "2026-12", "this month"),
        some("overdue", "2025", "late"),
        some("overdue", "2024", "later"),
    ]
    counts = {"overdue": 70, "open": 1, "due_soon": 2, "on_time": 3, "closed": 4}
    parts = lists.sections(entries, now=NOW, counts=counts, in_given_order=False)
    assert titles(parts) == {
        "overdue": ["late", "later"],
        "open": ["this year", "this month"],
        "coming": ["far", "near"],
        "undated": ["some day"],
        "finished": ["first done", "second done", "withdrawn"],
    }
    assert [part.count for part in parts] == [70, 3, 0, 0, 7]
    [whole] = lists.sections(entries, now=NOW, counts=counts, in_given_order=True)
    assert (whole.key, whole.count) == ("all", 80)
    assert [one.entry.title for one in whole.cards][:2] == ["first done", "second done"]


@pytest.mark.parametrize("in_given_order", [False, True])
def test_a_page_has_no_empty_sections(in_given_order: bool) -> None:
    counts = {"overdue": 1}
    found = lists.sections([], now=NOW, counts=counts, in_given_order=in_given_order)
    assert found == ()


def test_tally_counts_every_part_over_all_pages() -> None:
    counted = lists.tally({"overdue": 2, "due_soon": 1, "open": 4})
    assert [(part.key, part.count) for part in counted] == [
        ("overdue", 2),
        ("open", 5),
        ("coming", 0),
        ("undated", 0),
        ("finished", 0),
    ]
    assert counted[1].schedules == ("due_soon", "open")


def test_picture_lets_only_what_is_overdue_run_on() -> None:
    overdue, done = card("2025", "overdue"), card("2025", "on_time", status="delivered")
    assert lists.span(overdue).waits
    assert not lists.span(done).waits
    assert lists.span(overdue).window == Window.parse("2025")
