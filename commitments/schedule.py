"""Where a commitment stands in time: computed from its window, its status and a day.

Plain Python; the same in SQL is `CommitmentQuerySet.with_schedule`, proven equal by a test.
"Overdue" says only that the last possible day has passed: it is no verdict.
"""

from __future__ import annotations

from datetime import date, timedelta

from commitments.enums import DELIVERED_STATUSES, OPEN_STATUSES, Schedule, Status


def schedule_on(
    *,
    status: Status,
    earliest: date | None,
    latest: date | None,
    effective_earliest: date | None,
    effective_latest: date | None,
    today: date,
    due_soon_days: int,
) -> Schedule:
    """The schedule on `today`, the day at the commitment's place.

    A finished one is early or late only where that is certain: with a vague effective date
    ("2025") that touches the window it counts as on time. Without any it is only closed.
    """
    if status in OPEN_STATUSES:
        return _of_an_open_one(earliest, latest, today, due_soon_days)
    has_window = earliest is not None or latest is not None
    has_effective = effective_earliest is not None or effective_latest is not None
    if status not in DELIVERED_STATUSES or not (has_window and has_effective):
        return Schedule.CLOSED
    if latest is not None and effective_earliest is not None and effective_earliest > latest:
        return Schedule.LATE
    if earliest is not None and effective_latest is not None and effective_latest < earliest:
        return Schedule.EARLY
    return Schedule.ON_TIME


def _of_an_open_one(
    earliest: date | None, latest: date | None, today: date, due_soon_days: int
) -> Schedule:
    if earliest is None and latest is None:
        return Schedule.UNDATED
    if latest is not None and latest < today:
        return Schedule.OVERDUE
    if latest is not None and latest <= today + timedelta(days=due_soon_days):
        return Schedule.DUE_SOON
    if earliest is None or earliest <= today:
        return Schedule.OPEN
    return Schedule.UPCOMING
