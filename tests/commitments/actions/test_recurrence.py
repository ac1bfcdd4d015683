"""Commitments that recur."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commitments.actions.recurrence import (
    MOST_OCCURRENCES,
    add_occurrences,
    occurrence_windows,
)
from commitments.enums import Kind, Publication
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import Commitment
from tests.builders import NOW, make_approver, make_commitment, make_editor

FIRST, LAST = date(2025, 1, 15), date(2027, 6, 30)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY", ["2025", "2026", "2027"]),
        ("RRULE:FREQ=YEARLY;INTERVAL=2", ["2025", "2027"]),
        ("FREQ=YEARLY;BYMONTH=5", ["2025-05", "2026-05", "2027-05"]),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=9", ["2025-05-09", "2026-05-09", "2027-05-09"]),
        ("FREQ=MONTHLY;INTERVAL=12", ["2025-01", "2026-01", "2027-01"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=2", ["2025-02-03", "2025-03-03"]),
        (
            "FREQ=WEEKLY;COUNT=2",
            ["2025-01-13/2025-01-19", "2025-01-20/2025-01-26"],
        ),
        ("FREQ=DAILY;COUNT=2", ["2025-01-15", "2025-01-16"]),
    ],
)
def test_occurrence_is_only_as_exact_as_its_rule(rule: str, expected: list[str]) -> None:
    assert [str(window) for window in occurrence_windows(rule, first=FIRST, last=LAST)] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every year",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYHOUR=3",
        "FREQ=YEARLY;INTERVAL=0",
        "FREQ=YEARLY;INTERVAL=-1",
        "FREQ=YEARLY;WHAT=1",
        "FREQ=YEARLY\nFREQ=DAILY",
        "FREQ=YEARLY;" + "BYMONTH=1;" * 50,
    ],
)
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        occurrence_windows(rule, first=FIRST, last=LAST)
    assert caught.value.field == "rule"


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY", LAST),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", LAST),
        ("FREQ=YEARLY", date(2024, 1, 1)),
    ],
)
def test_too_many_and_none_at_all_are_refused(rule: str, last: date) -> None:
    with pytest.raises(InvalidInput) as caught:
        occurrence_windows(rule, first=FIRST, last=last)
    assert caught.value.field == "last"


def test_as_many_as_allowed_are_given() -> None:
    windows = occurrence_windows(f"FREQ=DAILY;COUNT={MOST_OCCURRENCES}", first=FIRST, last=LAST)
    assert len(windows) == MOST_OCCURRENCES


@pytest.mark.django_db
def test_occurrences_are_milestones_and_are_recorded_once() -> None:
    programme = make_commitment(kind=Kind.PROGRAMME, title="Consultations", window="2025/2030")
    approver = make_approver()

    def add(last: date) -> list[str]:
        recorded = add_occurrences(
            programme=programme, rule="FREQ=YEARLY", first=FIRST, last=last, actor=approver, now=NOW
        )
        return [milestone.title for milestone in recorded]

    assert add(date(2026, 1, 15)) == ["Consultations (2025)", "Consultations (2026)"]
    assert add(date(2026, 1, 15)) == []
    assert add(date(2027, 1, 15)) == ["Consultations (2027)"]
    milestones = Commitment.objects.filter(parent=programme)
    assert {row.publication for row in milestones} == {Publication.PUBLISHED}
    assert {row.kind for row in milestones} == {Kind.MILESTONE}


@pytest.mark.django_db
def test_only_programmes_recur_and_only_editors_say_so() -> None:
    draft = make_commitment(kind=Kind.MILESTONE, published=False)
    arguments: dict[str, Any] = {"rule": "FREQ=YEARLY", "first": FIRST, "last": LAST, "now": NOW}
    with pytest.raises(InvalidInput) as caught:
        add_occurrences(programme=draft, actor=make_editor(), **arguments)
    assert caught.value.field == "programme"
    public = make_commitment(kind=Kind.PROGRAMME)
    with pytest.raises(NotAllowed):
        add_occurrences(programme=public, actor=make_editor(), **arguments)
