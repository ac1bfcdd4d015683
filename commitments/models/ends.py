"""The ends of a window as columns that are never empty: lists are put in order by them.

A missing end is NULL in `earliest` and `latest`. PostgreSQL and SQLite do not agree on where NULL
belongs in an order, and "no end, or an end after that day" is two questions to an index. So the
database itself keeps two more columns, in which a missing end is the first or last day there is.
What is undated stands after everything else in both.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Case, DateField, GeneratedField, Q, Value, When
from django.db.models.functions import Coalesce

UNDATED: Final = date.max
NO_START: Final = date.min
NO_END: Final = UNDATED - timedelta(days=1)  # an open end comes before no date at all


def first_day_column() -> GeneratedField:
    """`earliest`, or else `NO_START` or `UNDATED`."""
    return _column("earliest", NO_START)


def last_day_column() -> GeneratedField:
    """`latest`, or else `NO_END` or `UNDATED`."""
    return _column("latest", NO_END)


def _column(bound: str, missing: date) -> GeneratedField:
    undated = Q(earliest__isnull=True, latest__isnull=True)
    return GeneratedField(
        expression=Case(
            When(undated, then=Value(UNDATED)), default=Coalesce(bound, Value(missing))
        ),
        output_field=DateField(),
        db_persist=True,
    )
