"""The VCALENDAR around the items (RFC 5545 section 3.4, RFC 7986), as a stream of bytes.

Left out on purpose: METHOD (without ORGANIZER it is invalid, and nobody is invited), UID on the
calendar (vdirsyncer then takes the whole feed for one item), SOURCE and URL (they would tell
the secret address of a private feed to whoever gets the file).

An empty selection is a calendar with no event in it, and no placeholder, which would be an invented
item. The grammar asks for at least one component all the same: an empty one holds the definition of
the time zone UTC, which shows nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from timeline.entries import Entry
from timeline.ical.choices import CalendarChoices
from timeline.ical.content_lines import text_line
from timeline.ical.events import event_fragment
from timeline.ical.todos import todo_fragment

BLOCK_OCTETS: Final = 64 * 1024  # what is written at once: large enough for gzip and sockets

_BEGIN: Final = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    b"PRODID:-//Commitments//Timeline//EN\r\nCALSCALE:GREGORIAN\r\n"
)
_END: Final = b"END:VCALENDAR\r\n"
_NO_ITEMS: Final = (
    b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nTZNAME:UTC\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def write_calendar(
    entries: Iterable[Entry],
    *,
    name: str,
    choices: CalendarChoices,
    description: str = "",
    colour: str = "steelblue",
    refresh_hours: int = 6,
) -> Iterator[bytes]:
    """The calendar `name` of all `entries`, in their order, in blocks of about `BLOCK_OCTETS`.

    Undated entries are left out. `name` and `description` are shown to whoever has the file: no
    secret belongs there. `colour` is a name of CSS3; `refresh_hours` is how often a client
    should come again. Memory does not grow with the number of entries.
    """
    return join_fragments(
        (entry_fragment(entry, choices) for entry in entries),
        name=name,
        description=description,
        colour=colour,
        refresh_hours=refresh_hours,
    )


def entry_fragment(entry: Entry, choices: CalendarChoices) -> bytes:
    """All components of `entry` that the subscriber chose: the VEVENT, and a VTODO besides."""
    event = event_fragment(entry, choices)
    return event + todo_fragment(entry, choices) if choices.todos else event


def join_fragments(
    fragments: Iterable[bytes],
    *,
    name: str,
    description: str = "",
    colour: str = "steelblue",
    refresh_hours: int = 6,
) -> Iterator[bytes]:
    """The same bytes as `write_calendar`, out of ready fragments of `entry_fragment`."""
    block = [_BEGIN, _describe(name, description, colour, refresh_hours)]
    size = sum(map(len, block))
    is_empty = True
    for fragment in fragments:
        is_empty = is_empty and not fragment
        block.append(fragment)
        size += len(fragment)
        if size >= BLOCK_OCTETS:
            yield b"".join(block)
            block, size = [], 0
    if is_empty:
        block.append(_NO_ITEMS)
    block.append(_END)
    yield b"".join(block)


def calendar_object(fragment: bytes) -> bytes:
    """One component as a calendar of its own, as CalDAV keeps them (RFC 4791 section 4.1)."""
    return b"".join((_BEGIN, fragment, _END))


def _describe(name: str, description: str, colour: str, refresh_hours: int) -> bytes:
    """Name, colour and pace, each in its standard form and in the one of older clients."""
    lines = [text_line("NAME", name), text_line("X-WR-CALNAME", name)]
    if description:
        lines.append(text_line("DESCRIPTION", description))
        lines.append(text_line("X-WR-CALDESC", description))
    lines.append(
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H\r\n"
        f"X-PUBLISHED-TTL:PT{refresh_hours}H\r\nCOLOR:{colour}\r\n".encode()
    )
    return b"".join(lines)
