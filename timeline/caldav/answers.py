"""What is answered to PROPFIND and REPORT: a multistatus, one response for each resource."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

from timeline.caldav.calendars import (
    DavCalendar,
    Item,
    ItemFacts,
    Moment,
    has_listing,
    keep_listing,
    list_items,
    public_id_in,
    read_items,
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
from timeline.caldav.xml import Multistatus

MOST_UNSEEN: Final = 500
"""How many names of a client are looked for before it is asked which of them are there."""


class Answer:
    """A multistatus about the resources of one calendar, in the words that the client asked for.

    With `is_brief`, properties that are not there go without saying (RFC 8144 section 2.1).
    """

    def __init__(self, calendar: DavCalendar, wanted: Wanted, *, is_brief: bool = False) -> None:
        self.calendar = calendar
        self.wanted = wanted
        self.is_brief = is_brief
        self.multistatus = Multistatus()

    def tell(self, href: str, resource: Resource) -> None:
        """The properties of one resource."""
        found, missing = properties_of(resource, self.wanted)
        self.multistatus.add(href, found, [] if self.is_brief else missing)

    def tell_items(self, items: Iterable[ItemFacts]) -> None:
        """Items without their bytes."""
        for facts in items:
            self.tell(self.calendar.path + facts.name, ListedItem(self.calendar, facts))

    def tell_whole_items(self, items: Iterable[Item]) -> None:
        """Items with their bytes, for clients that ask for `calendar-data`."""
        for item in items:
            listed = ListedItem(self.calendar, item.facts, item.body)
            self.tell(self.calendar.path + item.facts.name, listed)

    def write(self) -> bytes:
        """The document."""
        return self.multistatus.write()


def tell_home(answer: Answer, moment: Moment, *, depth: str) -> None:
    """A home, and with depth 1 the calendar in it."""
    answer.tell(answer.calendar.home, HomeFacts(answer.calendar))
    if depth == "1":
        tell_calendar(answer, moment, depth="0")


def tell_calendar(answer: Answer, moment: Moment, *, depth: str) -> None:
    """A calendar, and with depth 1 the items in it."""
    calendar = answer.calendar
    answer.tell(calendar.path, CalendarFacts(calendar, token_of(calendar, moment)))
    if depth == "1":
        answer.tell_items(list_items(calendar, moment).values())


def tell_report(answer: Answer, report: Report, moment: Moment) -> None:
    """What one of the three reports asks for; raises Refusal as they are specified to."""
    if isinstance(report, CalendarQuery):
        _tell_matching(answer, report, moment)
    elif isinstance(report, Multiget):
        _tell_named(answer, report, moment)
    else:
        _tell_changes(answer, report, moment)


def _tell_matching(answer: Answer, query: CalendarQuery, moment: Moment) -> None:
    calendar = answer.calendar
    needs_bytes = query.has_data or query.matches.by_text is not None
    if needs_bytes and not has_listing(calendar, moment):
        items = read_items(calendar, moment)
        keep_listing(calendar, moment, items)
    else:
        listed = list_items(calendar, moment).values()
        matching = [one for one in listed if query.matches.by_facts(one)]
        if not needs_bytes:
            answer.tell_items(matching)
            return
        ids = {public_id_in(one.name) for one in matching}
        items = read_items(calendar, moment, among=ids) if ids else {}
    answer.tell_whole_items(item for item in items.values() if _matches(query.matches, item))


def _matches(asked: Filter, item: Item) -> bool:
    return asked.by_facts(item.facts) and (asked.by_text is None or asked.by_text(item))


def _tell_named(answer: Answer, report: Multiget, moment: Moment) -> None:
    names = {href: _name_in(href, answer.calendar) for href in report.hrefs}
    ids = {public_id for name in names.values() if (public_id := public_id_in(name))}
    if len(ids) > MOST_UNSEEN:
        # Nobody makes us look for thousands of names that are not there.
        ids &= {public_id_in(name) for name in list_items(answer.calendar, moment)}
    items = read_items(answer.calendar, moment, among=ids) if ids else {}
    for href, name in names.items():
        if name not in items:
            answer.multistatus.add_gone(href)
    answer.tell_whole_items(items[name] for name in dict.fromkeys(names.values()) if name in items)


def _name_in(href: str, calendar: DavCalendar) -> str:
    """The name of the item that a client means by an address or a path; "" where it is no item."""
    try:
        path = unquote(urlsplit(href).path)
    except ValueError:
        return ""
    name = path.removeprefix(calendar.path)
    return name if path.startswith(calendar.path) and "/" not in name else ""


def _tell_changes(answer: Answer, report: SyncCollection, moment: Moment) -> None:
    calendar = answer.calendar
    if report.token:
        changes = read_changes(calendar, report.token, moment)
        _refuse_beyond(report.limit, len(changes.changed) + len(changes.gone))
        answer.tell_whole_items(changes.changed.values())
        for name in changes.gone:
            answer.multistatus.add_gone(calendar.path + name)
    elif report.has_data:
        items = read_items(calendar, moment)
        keep_listing(calendar, moment, items)
        _refuse_beyond(report.limit, len(items))
        answer.tell_whole_items(items.values())
    else:
        listed = list_items(calendar, moment)
        _refuse_beyond(report.limit, len(listed))
        answer.tell_items(listed.values())
    answer.multistatus.add_sync_token(token_of(calendar, moment))


def _refuse_beyond(limit: int | None, found: int) -> None:
    """RFC 6578 section 3.7: a server that gives no parts refuses what is more than asked for."""
    if limit is not None and found > limit:
        sentence = "There is more than that, and it is given as a whole only."
        condition = "D:number-of-matches-within-limits"
        raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE, sentence, condition=condition)
