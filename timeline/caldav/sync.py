"""What changed since a client last asked (RFC 6578): its token is the record's number.

The log of the record is never cut, so that no token grows too old by itself. One is refused
(DAV:valid-sync-token) where it is not ours, where the collection has another content since (its
owner chose differently), or where so much changed that a fresh listing is less work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from timeline import record_reader
from timeline.caldav.calendars import (
    MOST_CHANGES,
    DavCalendar,
    Item,
    Moment,
    names_of,
    read_items,
    start_of_quarter,
)
from timeline.caldav.refusals import Refusal

# A token has to be a URI; `data:` hangs on no host, and nobody can fetch anything there.
_TOKEN: Final = re.compile(
    r"data:,(?P<number>\d{1,15})-(?P<quarter>\d{1,15})-(?P<digest>[0-9a-f]{16})"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new or changed, by name, the names that are gone, and the token for the next time."""

    changed: dict[str, Item]
    gone: list[str]
    token: str


def token_of(calendar: DavCalendar, moment: Moment) -> str:
    """The token of the collection; the same for as long as nothing in it can have changed."""
    quarter = moment.quarter if calendar.hangs_on_the_clock else 0
    return f"data:,{moment.head}-{quarter}-{calendar.digest}"


def read_changes(calendar: DavCalendar, token: str, moment: Moment) -> Changes:
    """The changes since `token` was given.

    Raises Refusal where the token is no good. The cost hangs on the number of changes, not on the
    size of the collection. An entry that never was in the collection may be told to be gone: that
    costs a client nothing, and a removal that is not told costs it the truth.
    """
    after, quarter = _read_token(calendar, token, moment)
    is_behind = after < moment.head
    touched = record_reader.read_touched_public_ids(after=after) if is_behind else set()
    if calendar.hangs_on_the_clock:
        touched |= _moved_by_the_clock(calendar, quarter, moment.quarter)
    items = read_items(calendar, moment, among=touched) if touched else {}
    gone = [
        name
        for public_id in sorted(touched)
        for name in names_of(public_id, calendar)
        if name not in items
    ]
    return Changes(items, gone, token_of(calendar, moment))


def _moved_by_the_clock(calendar: DavCalendar, before: int, after: int) -> set[str]:
    """What came or went between two quarters of an hour though nobody changed it."""
    if before == after:
        return set()
    then, now = (
        record_reader.read_selected_public_ids(calendar.selection, now=start_of_quarter(quarter))
        for quarter in (before, after)
    )
    return then ^ now


def _read_token(calendar: DavCalendar, token: str, moment: Moment) -> tuple[int, int]:
    """The change number and the quarter of an hour in a token."""
    parts = _TOKEN.fullmatch(token)
    if parts is None or parts["digest"] != calendar.digest:
        raise _refused("This token is not of this calendar, or the calendar has changed.")
    number, quarter = int(parts["number"]), int(parts["quarter"])
    if not 0 <= moment.head - number <= MOST_CHANGES or quarter > moment.quarter:
        raise _refused("This token is too old, or from a time that is yet to come.")
    return number, quarter


def _refused(sentence: str) -> Refusal:
    message = f"{sentence} Ask again without one."
    return Refusal(HTTPStatus.FORBIDDEN, message, condition="D:valid-sync-token")
