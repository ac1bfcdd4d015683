"""Where a commitment stands: the table, and each border with the day before and the day after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commitments.enums import Schedule, Status
from commitments.schedule import schedule_on
from commitments.window import Window

DAY = timedelta(days=1)


def stands(
    window: str,
    today: date,
    *,
    status: Status = Status.ANNOUNCED,
    effective: str = "",
    soon: int = 30,
) -> Schedule:
    promised, happened = Window.parse(window), Window.parse(effective)
    return schedule_on(
        status=status,
        earliest=promised.earliest,
        latest=promised.latest,
        effective_earliest=happened.earliest,
        effective_latest=happened.latest,
        today=today,
        due_soon_days=soon,
    )


def around(day: date, window: str, *, soon: int = 30) -> list[Schedule]:
    """On the day before, on the day, on the day after."""
    return [stands(window, day + distance * DAY, soon=soon) for distance in (-1, 0, 1)]


def test_an_open_one_is_overdue_after_its_last_possible_day() -> None:
    assert around(date(2026, 6, 30), "2026-06") == ["due_soon", "due_soon", "overdue"]
    assert around(date(2026, 12, 31), "2026") == ["due_soon", "due_soon", "overdue"]


def test_an_open_one_is_due_soon_from_so_many_days_before_its_last_day() -> None:
    assert around(date(2026, 5, 31), "2026-06") == ["upcoming", "due_soon", "due_soon"]
    assert around(date(2026, 12, 1), "2026") == ["open", "due_soon", "due_soon"]
    assert around(date(2026, 6, 30), "2026-06", soon=0) == ["open", "due_soon", "overdue"]


def test_an_open_one_is_open_from_its_first_possible_day() -> None:
    assert around(date(2026, 1, 1), "2026") == ["upcoming", "open", "open"]
    assert around(date(2026, 4, 1), "2026-04/..") == ["upcoming", "open", "open"]


def test_a_window_of_one_day_is_never_only_open() -> None:
    assert around(date(2026, 4, 9), "2026-04-09", soon=0) == ["upcoming", "due_soon", "overdue"]


def test_an_open_start_is_open_until_it_is_due_soon() -> None:
    assert stands("../2026", date(1990, 1, 1)) == "open"
    assert around(date(2026, 12, 1), "../2026") == ["open", "due_soon", "due_soon"]
    assert around(date(2026, 12, 31), "../2026") == ["due_soon", "due_soon", "overdue"]


def test_an_open_end_is_never_overdue() -> None:
    assert stands("2026-04/..", date(9999, 1, 1)) == "open"


@pytest.mark.parametrize("status", [Status.ANNOUNCED, Status.IN_PROGRESS, Status.STALLED])
def test_an_open_one_without_a_window_is_undated(status: Status) -> None:
    assert stands("", date(2026, 1, 1), status=status) == "undated"


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.PARTLY_DELIVERED])
@pytest.mark.parametrize(
    ("effective", "expected"),
    [
        ("2026-02-28", "early"),
        ("2026-03-01", "on_time"),
        ("2026-05-31", "on_time"),
        ("2026-06-01", "late"),
        ("2026-02", "early"),
        ("2026", "on_time"),  # it may have been in time: that it was late is not certain
        ("2025", "early"),
        ("2027", "late"),
        ("2026-05-31/2026-06-30", "on_time"),
        ("2026-06-01/..", "late"),
        ("../2026-02-28", "early"),
        ("../2030", "on_time"),
        ("2020/..", "on_time"),
        ("", "closed"),  # nobody said when: it cannot count as on time
    ],
)
def test_a_delivered_one_is_early_or_late_where_that_is_certain(
    status: Status, effective: str, expected: str
) -> None:
    assert stands("2026-21", date(2030, 1, 1), status=status, effective=effective) == expected


@pytest.mark.parametrize(
    ("window", "effective", "expected"),
    [
        ("../2026", "1999", "on_time"),
        ("../2026", "2027", "late"),
        ("2026/..", "2025", "early"),
        ("2026/..", "9000", "on_time"),
        ("", "2026", "closed"),
    ],
)
def test_a_delivered_one_with_an_open_window(window: str, effective: str, expected: str) -> None:
    delivered = Status.DELIVERED
    assert stands(window, date(2030, 1, 1), status=delivered, effective=effective) == expected


@pytest.mark.parametrize(
    "status",
    [Status.NOT_DELIVERED, Status.WITHDRAWN, Status.SUPERSEDED, Status.UNVERIFIABLE],
)
def test_any_other_verdict_is_closed(status: Status) -> None:
    assert stands("2025", date(2026, 1, 1), status=status, effective="2026") == "closed"
    assert stands("", date(2026, 1, 1), status=status) == "closed"
