"""What the page of one commitment says, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.timeline.ical.samples import MOVE
from tests.timeline.presentation.samples import change, entry
from timeline.entries import EntryParty, EntryTarget
from timeline.presentation import facts


def test_overdue_is_worded_without_a_verdict() -> None:
    overdue = entry("2025", schedule="overdue")
    assert facts.overdue_sentence(overdue) == (
        "The last possible day has passed without evidence. No verdict has been given."
    )
    claimed = replace(overdue, evidence="claimed")
    assert facts.overdue_sentence(claimed) == (
        "The last possible day has passed. No verdict has been given."
    )
    assert facts.overdue_sentence(entry("2026", schedule="open")) == ""


def test_evidence_says_as_of_when_somebody_looked() -> None:
    looked = entry(evidence_checked_on=date(2026, 11, 20))
    assert facts.evidence_sentence(looked) == "None found as of 20 November 2026"
    assert facts.evidence_sentence(replace(looked, evidence_checked_on=None)) == (
        "None found; nobody has recorded a search for it yet"
    )
    documented = replace(looked, evidence="documented", evidence_label="documented")
    assert facts.evidence_sentence(documented) == "Documented"


@pytest.mark.parametrize(
    ("window", "days"),
    [
        ("2025-21", "1 March 2025 to 31 May 2025"),
        ("2026/..", "1 January 2026 to no last day"),
        ("../2026", "no first day to 31 December 2026"),
        ("2025-05-09", ""),
        ("", ""),
    ],
)
def test_window_is_told_in_days_where_words_say_less(window: str, days: str) -> None:
    assert facts.window_in_days(entry(window)) == days


def target(**changes: Any) -> EntryTarget:
    plain = EntryTarget("mutual trade", "USD", "28400000000", "2023", "30000000000", "more than")
    return replace(plain, **changes)


def test_target_is_a_sentence_with_its_start() -> None:
    assert facts.target_sentence(entry(target=target())) == (
        "mutual trade: more than 30 billion USD (from 28.4 billion, 2023)"
    )
    without = entry(target=target(baseline="", baseline_period=""))
    assert facts.target_sentence(without) == "mutual trade: more than 30 billion USD"
    assert facts.target_sentence(entry()) == ""


def test_story_is_told_in_the_order_of_time() -> None:
    told = facts.story(
        entry(
            "2025-21",
            window_words="spring 2025",
            moves=(MOVE,),
            status_changes=(
                change("announced", from_status="", recorded_at=datetime(2024, 12, 1, tzinfo=UTC)),
                change(
                    "partly_delivered",
                    effective_words="May 2025",
                    reason_label="funding",
                    missing="the fountain",
                    by_two=True,
                ),
            ),
        )
    )
    assert [(step.day, step.what, step.look, step.text, step.remark) for step in told] == [
        (
            date(2024, 11, 27),
            "Source: announces",
            "said",
            "Statements for the media",
            "Kassym-Jomart Tokayev · paragraph 22",
        ),
        (date(2024, 12, 1), "Entered in the record", "announced", "Announced", ""),
        (date(2025, 3, 1), "Date: slipped", "moved", "From 2024 to spring 2025", MOVE.reason),
        (date(2025, 5, 31), "Last possible day", "due", "Spring 2025", ""),
        (
            date(2025, 6, 2),
            "Status",
            "partly_delivered",
            "Partly delivered (May 2025)",
            "funding · Missing: the fountain · Agreed by a second person.",
        ),
    ]


def test_parties_stand_under_their_roles() -> None:
    parties = (
        EntryParty("kz", "Kazakhstan", "country", "promised_by", "promised by"),
        EntryParty("ru", "Russia", "country", "responsible", "responsible"),
        EntryParty("uz", "Uzbekistan", "country", "promised_by", "promised by"),
    )
    assert facts.parties_by_role(entry(parties=parties)) == (
        ("Promised by", (parties[0], parties[2])),
        ("Responsible", (parties[1],)),
    )
