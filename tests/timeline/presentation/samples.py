"""Entries and changes of status as pages are given them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.timeline.ical.samples import make_entry
from timeline.entries import Entry, EntryStatusChange


def entry(window: str = "2025", **changes: Any) -> Entry:
    return make_entry(window=window, **{"moves": (), **changes})


def change(to: str = "delivered", **fields: Any) -> EntryStatusChange:
    plain = {
        "recorded_at": datetime(2025, 6, 2, tzinfo=UTC),
        "from_status": "announced",
        "from_label": "announced",
        "to_status": to,
        "to_label": to.replace("_", " "),
        "effective_words": "",
        "reason": "",
        "reason_label": "",
        "missing": "",
        "by_two": False,
    }
    return EntryStatusChange(**{**plain, **fields})
