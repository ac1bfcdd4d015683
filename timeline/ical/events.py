"""An entry as a VEVENT (RFC 5545 section 3.6.1): an all-day item that takes up nobody's time.

Decided here:

* **UID** is `<public id>@commitments.invalid`, for ever. `.invalid` can belong to nobody (RFC
  2606), so the id hangs neither on the host name of the site nor on who owns it later. Public ids
  are random and never reused.
* **The bytes hang on the record alone**: DTSTAMP and LAST-MODIFIED are the last visible change,
  SEQUENCE is the revision. Nothing is taken from the clock.
* **An open end is not drawn**, since every length would be invented: such an item stands on the
  one day that is known, and its title has the words ("from April 2026: ..."), in both views.
* **9999-12-31** has no day after it, which the exclusive DTEND would need: an item of that one
  day has no DTEND (one day, says RFC 5545), a band to it ends a day short.
* **Alarms ring at nine in the morning**, wherever the reader is, and not at midnight. They lead
  to the last possible day, or to the one that an open-ended item stands on. What is settled
  rings no more.
* A **final verdict** is CONFIRMED, with its word in the title: CANCELLED items are hidden by
  Google, and the reader would lose the news. CANCELLED is for tombstones only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from commitments.enums import FINAL_STATUSES, Status, Strength
from timeline.entries import Entry, EntryCitation
from timeline.ical.choices import CalendarChoices
from timeline.ical.content_lines import (
    clean_text,
    escaped,
    fold,
    text_line,
    uri_line,
    without_backslash,
)
from timeline.ical.texts import item_description, item_title

UID_DOMAIN: Final = "commitments.invalid"

# Names of CSS3 (RFC 7986 section 5.9), dark enough for white text.
STATUS_COLOURS: Final[dict[str, str]] = {
    Status.ANNOUNCED: "steelblue",
    Status.IN_PROGRESS: "royalblue",
    Status.STALLED: "chocolate",
    Status.DELIVERED: "seagreen",
    Status.PARTLY_DELIVERED: "olivedrab",
    Status.NOT_DELIVERED: "firebrick",
    Status.WITHDRAWN: "dimgray",
    Status.SUPERSEDED: "slategray",
    Status.UNVERIFIABLE: "rosybrown",
}

_COLOUR_LINES: Final = {
    status: f"COLOR:{name}\r\n".encode() for status, name in STATUS_COLOURS.items()
}
_LINK: Final = (("VALUE", "URI"), ("LINKREL", "via"))  # RFC 9253 section 8.2
_PROPOSAL: Final = Strength.PROPOSAL.value
_ONE_DAY: Final = timedelta(days=1)
_ALARM_HOUR: Final = 9
_TWO: Final = tuple([f"{number:02}" for number in range(100)])


def event_fragment(entry: Entry, choices: CalendarChoices) -> bytes:
    """The VEVENT of `entry`, whole lines with CRLF; b"" where it is in no calendar.

    That is an undated entry, and a finished one under `done="drop"`. Fragments may be kept and
    joined (`calendar.join_fragments`): the same entry and choices give the same bytes.
    """
    days = days_shown(entry, choices)
    if days is None or is_dropped(entry, choices):
        return b""
    title = item_title(entry, choices)
    lines = [_header(entry, *days), text_line("SUMMARY", title)]
    if not entry.is_tombstone:
        lines += described_lines(entry, choices)
        if choices.alarms and entry.status not in FINAL_STATUSES:
            lines += [alarm(lead, title, is_band=days[0] < days[1]) for lead in choices.alarms]
    lines.append(b"END:VEVENT\r\n")
    return b"".join(lines)


def days_shown(entry: Entry, choices: CalendarChoices) -> tuple[date, date] | None:
    """The first and the last day to draw (inclusive), or None for an undated entry."""
    earliest, latest = entry.window.earliest, entry.window.latest
    if latest is None:
        return None if earliest is None else (earliest, earliest)
    if earliest is None or choices.show == "last-day":
        return latest, latest
    return earliest, latest


def is_dropped(entry: Entry, choices: CalendarChoices) -> bool:
    """Whether the subscriber wants no finished items and this is one; tombstones always stay."""
    return choices.done == "drop" and not entry.is_tombstone and entry.status in FINAL_STATUSES


def stamp_lines(entry: Entry) -> str:
    """DTSTAMP, CREATED, LAST-MODIFIED and SEQUENCE, which event and to-do share."""
    changed = _utc(entry.changed_at)
    created = changed if entry.created_at == entry.changed_at else _utc(entry.created_at)
    return (
        f"DTSTAMP:{changed}\r\nCREATED:{created}\r\n"
        f"LAST-MODIFIED:{changed}\r\nSEQUENCE:{entry.revision}\r\n"
    )


def described_lines(entry: Entry, choices: CalendarChoices) -> list[bytes]:
    """What is told of an entry beside its title, which event and to-do share."""
    lines = [
        text_line("DESCRIPTION", item_description(entry, choices)),
        _location_line(entry.place),
        _categories_line(tuple([topic.name for topic in entry.topics])),
        uri_line("URL", entry.url),
        _COLOUR_LINES[entry.status],
    ]
    if choices.links:
        lines += [_link_line(citation) for citation in entry.citations]
    return lines


def alarm(lead_days: int, title: str, *, is_band: bool) -> bytes:
    """A VALARM at nine in the morning, `lead_days` before the (last) day of the item.

    A band counts from its end, which is the midnight after its last day.
    """
    trigger = (
        f"TRIGGER;RELATED=END:{_before_nine(lead_days + 1)}"
        if is_band
        else f"TRIGGER:{_before_nine(lead_days)}"
    )
    return b"".join(
        [
            f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{trigger}\r\n".encode(),
            text_line("DESCRIPTION", title),
            b"END:VALARM\r\n",
        ]
    )


def format_day(day: date) -> str:
    """A value of type DATE (RFC 5545 section 3.3.4); years have four digits always."""
    return day.isoformat().replace("-", "")


# Places, topics and days come again and again among thousands of entries.
@lru_cache(maxsize=4096)
def _location_line(place: str) -> bytes:
    return text_line("LOCATION", place)


@lru_cache(maxsize=4096)
def _categories_line(names: tuple[str, ...]) -> bytes:
    values = b",".join([value for name in names if (value := escaped(without_backslash(name)))])
    return fold(b"CATEGORIES:" + values) if values else b""


def _link_line(citation: EntryCitation) -> bytes:
    """A source as a LINK (RFC 9253 section 8.2); b"" where it has no address."""
    title = clean_text(citation.source_title).strip()
    return uri_line("LINK", citation.source_url, [*_LINK, ("LABEL", title)] if title else _LINK)


def _header(entry: Entry, first: date, last: date) -> bytes:
    """The lines before the title. None of them can be long or hold a sign to be escaped."""
    return (
        f"BEGIN:VEVENT\r\nUID:{entry.public_id}@{UID_DOMAIN}\r\n"
        f"{stamp_lines(entry)}{_day_lines(first, last)}"
        f"STATUS:{_status(entry)}\r\nTRANSP:TRANSPARENT\r\n"
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"
    ).encode()


@lru_cache(maxsize=16_384)
def _day_lines(first: date, last: date) -> str:
    """DTSTART and DTEND, which is the day after the last one."""
    end = last if last == date.max else last + _ONE_DAY
    start_line = f"DTSTART;VALUE=DATE:{format_day(first)}\r\n"
    return f"{start_line}DTEND;VALUE=DATE:{format_day(end)}\r\n" if end > first else start_line


def _status(entry: Entry) -> str:
    if entry.is_tombstone:
        return "CANCELLED"
    if entry.status in FINAL_STATUSES:
        return "CONFIRMED"
    is_tentative = entry.strength == _PROPOSAL or entry.window.is_uncertain
    return "TENTATIVE" if is_tentative else "CONFIRMED"


def _utc(instant: datetime) -> str:
    """A value of type DATE-TIME in UTC (RFC 5545 section 3.3.5, form 2), in whole seconds."""
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    # Several times as fast as strftime, which also drops the zeros of the years before 1000.
    year = utc.year
    return (
        f"{_TWO[year // 100]}{_TWO[year % 100]}{_TWO[utc.month]}{_TWO[utc.day]}"
        f"T{_TWO[utc.hour]}{_TWO[utc.minute]}{_TWO[utc.second]}Z"
    )


def _before_nine(days: int) -> str:
    """The DURATION from a midnight to nine o'clock of the day that lies `days` before it."""
    if days == 0:
        return f"PT{_ALARM_HOUR}H"
    whole_days = f"{days - 1}D" if days > 1 else ""
    return f"-P{whole_days}T{24 - _ALARM_HOUR}H"
