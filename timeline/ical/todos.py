"""An entry as a VTODO (RFC 5545 section 3.6.2), for readers who keep a list and no calendar.

It has a UID of its own: a client files an item under its UID alone, and an event and a to-do under
one UID would overwrite each other. DUE is the last possible day itself, as to-do lists read a
date there (by the letter it would be the midnight before, and lists would say one day too early
that it is late); an open end has none. "Delivered", also in part, is COMPLETED, every other verdict
CANCELLED: to-do lists have no third way to be over, and the title has the word.

COMPLETED, the property, is an instant, and the record knows none: it knows a window, and when that
was recorded. What is delivered has PERCENT-COMPLETE instead, which lists take for done as well.
"""

from __future__ import annotations

from typing import Final

from commitments.enums import DELIVERED_STATUSES, FINAL_STATUSES, Status
from timeline.entries import Entry
from timeline.ical.choices import CalendarChoices
from timeline.ical.content_lines import text_line
from timeline.ical.events import UID_DOMAIN, described_lines, format_day, is_dropped, stamp_lines
from timeline.ical.texts import item_title

_UID_SUFFIX: Final = "-todo"


def todo_fragment(entry: Entry, choices: CalendarChoices) -> bytes:
    """The VTODO of `entry`, whole lines with CRLF; b"" for what `event_fragment` leaves out."""
    if not entry.is_dated or is_dropped(entry, choices):
        return b""
    done = "PERCENT-COMPLETE:100\r\n" if entry.status == Status.DELIVERED else ""
    header = f"{stamp_lines(entry)}{_span_lines(entry)}STATUS:{_status(entry)}\r\n{done}"
    lines = [
        b"BEGIN:VTODO\r\n",
        text_line("UID", f"{entry.public_id}{_UID_SUFFIX}@{UID_DOMAIN}"),
        header.encode(),
        text_line("SUMMARY", item_title(entry, choices)),
    ]
    if not entry.is_tombstone:
        lines += described_lines(entry, choices)
    lines.append(b"END:VTODO\r\n")
    return b"".join(lines)


def _span_lines(entry: Entry) -> str:
    """DTSTART and DUE; DUE must lie after DTSTART, so that a single day has only DUE."""
    earliest, latest = entry.window.earliest, entry.window.latest
    start = (
        f"DTSTART;VALUE=DATE:{format_day(earliest)}\r\n"
        if earliest is not None and earliest != latest
        else ""
    )
    due = f"DUE;VALUE=DATE:{format_day(latest)}\r\n" if latest is not None else ""
    return start + due


def _status(entry: Entry) -> str:
    if entry.is_tombstone:
        return "CANCELLED"
    if entry.status == Status.IN_PROGRESS:
        return "IN-PROCESS"
    if entry.status in DELIVERED_STATUSES:
        return "COMPLETED"
    return "CANCELLED" if entry.status in FINAL_STATUSES else "NEEDS-ACTION"
