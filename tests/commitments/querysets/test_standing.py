"""The schedule in SQL is the schedule in Python, for every window, status, zone and instant."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from commitments.enums import Kind, Schedule, Status
from commitments.models import Commitment
from commitments.time_zones import day_at, known_time_zones
from commitments.window import Window
from tests.builders import NOW, make_commitment
from tests.commitments.windows import window_texts

pytestmark = pytest.mark.django_db

# The first and the last place on earth to begin a day, half hours, and clocks that are put on.
ZONES = (
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "UTC",
    "Asia/Almaty",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
zones = st.sampled_from(ZONES) | st.sampled_from(sorted(known_time_zones()))
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
near = st.integers(-40, 40).map(lambda number: timedelta(days=number))


@st.composite
def windows(draw: st.DrawFn, day: date) -> str:
    """Windows near `day`, where something happens, and any others."""
    first, last = sorted((day + draw(near), day + draw(near)))
    return draw(
        st.sampled_from(
            [f"{first}/{last}", f"{first}/..", f"../{last}", str(last), f"{last:%Y-%m}", ""]
        )
        | window_texts()
    )


@st.composite
def rows(draw: st.DrawFn, day: date) -> list[Commitment]:
    made = []
    for status in draw(st.lists(st.sampled_from(Status), min_size=1, max_size=12)):
        row = Commitment(
            title="Promised",
            kind=Kind.MILESTONE,
            status=status,
            time_zone=draw(zones),
            created_at=NOW,
            changed_at=NOW,
        )
        row.set_window(Window.parse(draw(windows(day))))
        row.set_effective(Window.parse(draw(windows(day))))
        made.append(row)
    return made


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[Commitment], datetime, int]:
    """Rows, an instant just before, at or after a midnight somewhere (or any), and "soon"."""
    day = draw(days)
    midnight = datetime.combine(day, time(), ZoneInfo(draw(zones))).astimezone(UTC)
    distance = draw(
        st.sampled_from([timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1)])
        | st.timedeltas(timedelta(days=-1), timedelta(days=1))
    )
    return draw(rows(day)), midnight + distance, draw(st.integers(0, 366))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scene=scenes())
def test_schedule_in_sql_is_schedule_in_python(
    scene: tuple[list[Commitment], datetime, int], other: Commitment
) -> None:
    made, now, soon = scene
    with transaction.atomic():
        for row in made:
            row.successor = other if row.status == Status.SUPERSEDED else None
        created = Commitment.objects.bulk_create(made)
        expected = {
            row.pk: row.schedule_on(day_at(row.time_zone, now), due_soon_days=soon).value
            for row in created
        }
        ours = Commitment.objects.filter(pk__in=expected)
        in_sql = ours.with_schedule(now, due_soon_days=soon)
        assert {row.pk: getattr(row, "schedule") for row in in_sql} == expected  # noqa: B009
        for schedule in Schedule.values:
            chosen = ours.where_schedule([schedule], now, due_soon_days=soon)
            wanted = {pk for pk, stands in expected.items() if stands == schedule}
            assert set(chosen.values_list("pk", flat=True)) == wanted
        transaction.set_rollback(True)


@pytest.fixture
def other() -> Commitment:
    return make_commitment()


@pytest.mark.parametrize(
    ("zone", "hours"), [("Pacific/Kiritimati", 14), ("Etc/GMT+12", -12), ("Asia/Almaty", 5)]
)
def test_overdue_begins_with_the_midnight_at_the_place(zone: str, hours: int) -> None:
    make_commitment(window="2026-06-30", time_zone=zone)
    midnight = datetime(2026, 7, 1, tzinfo=UTC) - timedelta(hours=hours)
    instants = (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(days=1))
    found = [
        [schedule for _pk, _status, schedule in Commitment.objects.standing(instant)]
        for instant in instants
    ]
    assert found == [["due_soon"], ["overdue"], ["overdue"]]


def test_count_by_schedule_has_a_number_for_every_schedule(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for window in ("", "2025", "2026", "2026-12-24", "2027", "2026-11/.."):
        make_commitment(window=window)
    with django_assert_num_queries(1):
        counted = Commitment.objects.count_by_schedule(NOW)
    assert list(counted) == Schedule.values
    assert counted == Counter(
        {**dict.fromkeys(Schedule.values, 0), "undated": 1, "overdue": 1}
        | {"open": 2, "due_soon": 1, "upcoming": 1}
    )


def test_standing_tells_key_status_and_schedule_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    passed, to_come = make_commitment(window="2025"), make_commitment(window="2027")
    with django_assert_num_queries(1):
        found = Commitment.objects.standing(NOW)
    assert sorted(found) == [
        (passed.pk, "announced", "overdue"),
        (to_come.pk, "announced", "upcoming"),
    ]


def test_still_open_and_dated_are_what_they_say() -> None:
    undated = make_commitment(window="")
    open_end, open_start = make_commitment(window="2026/.."), make_commitment(window="../2026")
    delivered = make_commitment(window="2024", status=Status.DELIVERED)
    assert set(Commitment.objects.still_open()) == {undated, open_end, open_start}
    assert set(Commitment.objects.dated()) == {open_end, open_start, delivered}
