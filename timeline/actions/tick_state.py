"""The one row that the tickers share."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from timeline.models import TickState


def lock_tick_state() -> TickState | None:
    """The row, locked until the transaction ends; None where another ticker is at work.

    SQLite has no row locks; its IMMEDIATE transactions let one writer in at a time.
    """
    TickState.objects.get_or_create(pk=1)
    rows = TickState.objects.filter(pk=1)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.first()


def note_good_tick(*, now: datetime) -> None:
    """Write down that a tick has done all that there was to do."""
    TickState.objects.update_or_create(pk=1, defaults={"last_ok_at": now})
