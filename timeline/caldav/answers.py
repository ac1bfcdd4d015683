"""What is answered to PROPFIND and REPORT: a multistatus, one part for each resource.

The parts come one after the other, as they are read. Whatever can be refused is refused with the
first item at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from timeline.caldav.calendars import (
    DavCalendar,
    Item,
    ItemFacts,
    Moment,
    has_listing,
    list_items,
    public_id_in,
    read_items,
    stream_all_items,
    stream_listed,
)
from timeline.caldav.filters import Filter
from timeline.caldav.properties import (
    CalendarFacts,
    HomeFacts,
    ListedItem,
    Resource,
    properties_of,
)
from timeline.caldav.refusals import Refusal
from timeline.caldav.requests import CalendarQuery, Multiget, Report, SyncCollection, Wanted
from timeline.caldav.sync import read_changes, token_of
from timeline.caldav.xml import Markup, make, told, told_gone

MOST_UNSEEN: Final = 500
"""How many names of a client are looked for before it is asked which of them are there."""

Parts: TypeAlias = Iterator[Markup]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which properties a client wants to know of the resources of one calendar.

    With `is_brief`, properties that are not there go without saying (RFC 8144 section 2.1).
    """

    calendar: DavCalendar
    wanted: Wanted
    is_brief: bool = False

    def of(self, href: str, resource: Resource) -> Markup:
        """What is told of one resource."""
        found, missing = properties_of(resource, self.wanted)
        return told(href, found, [] if self.is_brief else missing)

    def of_items(self, items: Iterable[ItemFacts]) -> Parts:
        """What is told of items without their bytes."""
        calendar = self.calendar
        for facts in items:
            yield self.of(calendar.path + facts.name, ListedItem(calendar, facts))

    def of_whole_items(self, items: Iterable[Item]) -> Parts:
        """The same with their bytes, for clients that ask for `calendar-data`."""
        calendar = self.calendar
        for item in items:
            listed = ListedItem(calendar, item.facts, item.body)
            yield self.of(calendar.path + item.facts.name, listed)


def tell_home(asked: Asked, moment: Moment, *, depth: str) -> Parts:
    """A home, and with depth 1 the calendar in it."""
    yield asked.of(asked.calendar.home, HomeFacts(asked.calendar))
    if depth == "1":
        yield from tell_calendar(asked, moment, depth="0")


def tell_calendar(asked: Asked, moment: Moment, *, depth: str) -> Parts:
    """A calendar, and with depth 1 the items in it."""
    calendar = asked.calendar
    yield asked.of(calendar.path, CalendarFacts(calendar, token_of(calendar, moment)))
    if depth == "1":
        yield from asked.of_items(stream_listed(calendar, moment))


def tell_report(asked: Asked, report: Report, moment: Moment) -> Parts:
    """What one of the three reports asks for; raises Refusal as they are specified to."""
    if isinstance(report, CalendarQuery):
        return _tell_matching(asked, report, moment)
    if isinstance(report, Multiget):
        return _tell_named(asked, report, moment)
    return _tell_changes(asked, report, moment)


def _tell_matching(asked: Asked, query: CalendarQuery, moment: Moment) -> Parts:
    calendar, matches = asked.calendar, query.matches
    needs_bytes = query.has_data or matches.by_text is not None
    if needs_bytes and not has_listing(calendar, moment):
        items: Iterable[Item] = stream_all_items(calendar, moment)
    else:
        matching = (one for one in stream_listed(calendar, moment) if matches.by_facts(one))
        if not needs_bytes:
            yield from asked.of_items(matching)
            return
        ids = {public_id_in(one.name) for one in matching}
        items = read_items(calendar, moment, among=ids).values() if ids else []
    yield from asked.of_whole_items(item for item in items if _matches(matches, item))


def _matches(asked: Filter, item: Item) -> bool:
    return asked.by_facts(item.facts) and (asked.by_text is None or asked.by_text(item))


def _tell_named(asked: Asked, report: Multiget, moment: Moment) -> Parts:
    calendar = asked.calendar
    names = {href: _name_in(href, calendar) for href in report.hrefs}
    ids = {public_id for name in names.values() if (public_id := public_id_in(name))}
    if len(ids) > MOST_UNSEEN:
        # Nobody makes us look for thousands of names that are not there.
        ids &= {public_id_in(name) for name in list_items(calendar, moment)}
    items = read_items(calendar, moment, among=ids) if ids else {}
    for href, name in names.items():
        if name not in items:
            yield told_gone(href)
    found = [items[name] for name in dict.fromkeys(names.values()) if name in items]
    yield from asked.of_whole_items(found)


def _name_in(href: str, calendar: DavCalendar) -> str:
    """The name of the item that a client means by an address or a path; "" where it is no item."""
    try:
        path = unquote(urlsplit(href).path)
    except ValueError:
        return ""
    name = path.removeprefix(calendar.path)
    return name if path.startswith(calendar.path) and "/" not in name else ""


def _tell_changes(asked: Asked, report: SyncCollection, moment: Moment) -> Parts:
    calendar = asked.calendar
    if report.token:
        changes = read_changes(calendar, report.token, moment)
        _refuse_beyond(report.limit, len(changes.changed) + len(changes.gone))
        yield from asked.of_whole_items(changes.changed.values())
        for name in changes.gone:
            yield told_gone(calendar.path + name)
    else:
        if report.limit is not None:
            _refuse_beyond(report.limit, len(list_items(calendar, moment)))
        if report.has_data:
            yield from asked.of_whole_items(stream_all_items(calendar, moment))
        else:
            yield from asked.of_items(stream_listed(calendar, moment))
    yield make("D:sync-token", token_of(calendar, moment))


def _refuse_beyond(limit: int | None, found: int) -> None:
    """RFC 6578 section 3.7: a server that gives no parts refuses what is more than asked for."""
    if limit is not None and found > limit:
        sentence = "There is more than that, and it is given as a whole only."
        condition = "D:number-of-matches-within-limits"
        raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE, sentence, condition=condition)
