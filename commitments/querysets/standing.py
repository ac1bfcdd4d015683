"""Reads that commitments and their versions share: the same columns of time and status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from commitments.enums import DELIVERED_STATUSES, OPEN_STATUSES, Schedule
from commitments.time_zones import zones_off_the_utc_day

Standing_co = TypeVar("Standing_co", bound=models.Model, covariant=True)


class StandingQuerySet(models.QuerySet[Standing_co]):
    """Rows with status, window, effective date and time zone."""

    def still_open(self) -> Self:
        """Without a verdict so far."""
        return self.filter(status__in=list(OPEN_STATUSES))

    def dated(self) -> Self:
        """With at least one bound."""
        return self.filter(Q(earliest__isnull=False) | Q(latest__isnull=False))

    def with_schedule(self, now: datetime, *, due_soon_days: int | None = None) -> Self:
        """Annotate `schedule`, as `commitments.schedule.schedule_on` computes it.

        Comparisons are made with one of three literal days, as the time zone asks for, so that
        no date arithmetic is left to the database.
        """
        return self.annotate(schedule=schedule_case(now, due_soon_days))

    def where_schedule(
        self, schedules: Iterable[str], now: datetime, *, due_soon_days: int | None = None
    ) -> Self:
        """Those that stand in one of `schedules` at the instant `now`."""
        annotated: Any = self.annotate(schedule=schedule_case(now, due_soon_days))
        return annotated.filter(schedule__in=list(schedules))  # type: ignore[no-any-return]

    def count_by_schedule(self, now: datetime) -> dict[str, int]:
        """How many stand where at the instant `now`; every schedule has its number."""
        annotated: Any = self.order_by().annotate(schedule=schedule_case(now, None))
        rows = annotated.values("schedule").annotate(how_many=Count("pk"))
        counted = {row["schedule"]: row["how_many"] for row in rows}
        return {value: counted.get(value, 0) for value in Schedule.values}

    def standing(self, now: datetime) -> list[tuple[int, str, str]]:
        """Key, status and schedule of each at the instant `now`; one query."""
        annotated: Any = self.order_by().annotate(schedule=schedule_case(now, None))
        return list(annotated.values_list("pk", "status", "schedule"))


def schedule_case(now: datetime, due_soon_days: int | None) -> Case:
    """The schedule of a row at the instant `now` as an expression; None takes the setting."""
    soon = settings.DUE_SOON_DAYS if due_soon_days is None else due_soon_days
    utc_day = now.astimezone(ZoneInfo("UTC")).date()
    ahead, behind = zones_off_the_utc_day(now)
    zones = ((ahead, utc_day + timedelta(days=1)), (behind, utc_day - timedelta(days=1)))

    def days_after_today(days: int) -> Case:
        """So many days after today where the row is: a zone is looked up once for each."""
        ahead_or_behind = [
            When(time_zone__in=sorted(names), then=Value(day + timedelta(days=days)))
            for names, day in zones
        ]
        default = Value(utc_day + timedelta(days=days))
        return Case(*ahead_or_behind, default=default, output_field=models.DateField())

    today = days_after_today(0)
    return _case(
        Q(latest__lt=today),
        Q(latest__lte=days_after_today(soon)),
        Q(earliest__isnull=True) | Q(earliest__lte=today),
    )


def _case(overdue: Q, due_soon: Q, begun: Q) -> Case:
    is_open = Q(status__in=list(OPEN_STATUSES))
    undated = Q(earliest__isnull=True, latest__isnull=True)
    delivered = Q(status__in=list(DELIVERED_STATUSES))
    no_effective = Q(effective_earliest__isnull=True, effective_latest__isnull=True)
    return Case(
        When(is_open & undated, then=Value(Schedule.UNDATED.value)),
        When(is_open & overdue, then=Value(Schedule.OVERDUE.value)),
        When(is_open & due_soon, then=Value(Schedule.DUE_SOON.value)),
        When(is_open & begun, then=Value(Schedule.OPEN.value)),
        When(is_open, then=Value(Schedule.UPCOMING.value)),
        When(~delivered | undated | no_effective, then=Value(Schedule.CLOSED.value)),
        When(effective_earliest__gt=F("latest"), then=Value(Schedule.LATE.value)),
        When(effective_latest__lt=F("earliest"), then=Value(Schedule.EARLY.value)),
        default=Value(Schedule.ON_TIME.value),
        output_field=models.CharField(),
    )
