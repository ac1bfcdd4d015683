"""What a collection of CalDAV is, and what is in it: one resource for each component.

A collection keeps one component in each resource (RFC 4791 section 4.1), so that an entry with an
event and a to-do is two. What was taken back is simply not there: a client drops what it no
longer finds, and needs no tombstone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.conf import settings
from django.http import QueryDict

from commitments.exceptions import InvalidInput
from timeline import record_reader
from timeline.entries import Entry
from timeline.ical.calendar import calendar_object
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import days_shown, event_fragment
from timeline.ical.todos import todo_fragment
from timeline.keeping import keep, recall
from timeline.models import PersonalFeed

EVENT: Final = "VEVENT"
TODO: Final = "VTODO"
SUFFIX: Final = ".ics"
TODO_SUFFIX: Final = "-todo.ics"
KEPT_SECONDS: Final = 3600
MOST_READ_BY_ID: Final = 5000
MOST_CHANGES: Final = 20_000
"""After more changes than these everything is read anew, by us and by clients."""
QUARTER: Final = 900
"""Seconds: every time zone in use is off by whole quarters of an hour, so that no day begins
between two of them, and where something stands in time cannot change either."""

PASSING: Final = frozenset({"party", "source", "topic"})
"""Filters whose values are known only while something public bears them."""

FORMAT: Final = 3
"""Raise it when the bytes of unchanged entries change: clients then fetch everything anew."""


@dataclass(frozen=True, slots=True)
class DavCalendar:
    """One collection. `home` and `path` are paths; `home` stands for its reader as well.

    `choices` and `selection` are those of `timeline.feeds.asking.read_choices`. `feed` is the
    personal feed that it is, None for a public one.
    """

    home: str
    path: str
    name: str
    choices: CalendarChoices
    selection: QueryDict
    feed: PersonalFeed | None = None

    @property
    def components(self) -> tuple[str, ...]:
        """The kinds of items that can be in it."""
        return (EVENT, TODO) if self.choices.todos else (EVENT,)

    @property
    def hangs_on_the_clock(self) -> bool:
        """Whether items come and go without a change of the record."""
        return "schedule" in self.selection and "as_of" not in self.selection

    @property
    def digest(self) -> str:
        """The same for two collections with the same content; short, without special signs."""
        selection = sorted((name, sorted(values)) for name, values in self.selection.lists())
        # The address of the site stands in every item.
        text = f"{FORMAT} {settings.SITE_URL} {self.choices} {selection}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a listing tells of an item. `etag` is quoted and strong, `size` counts octets.

    `first` and `last` are the days of DTSTART and of the end (the last day; of a to-do DUE);
    None where the component has no such property.
    """

    name: str
    component: str
    etag: str
    size: int
    changed_at: datetime
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its bytes, a VCALENDAR with one component."""

    facts: ItemFacts
    body: bytes


@dataclass(frozen=True, slots=True)
class Listing:
    """What was in a collection at change `head` of the record and in a quarter of an hour."""

    head: int
    quarter: int
    facts: dict[str, ItemFacts]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a client asks: the instant, and the number of the record's last change by then.

    The number is read before anything else. What is read after it may be newer, and is then told
    once more under the next token: a change can come twice, and is never passed over.
    """

    now: datetime
    head: int

    @property
    def quarter(self) -> int:
        """The quarter of an hour, counted since 1970."""
        return int(self.now.timestamp() // QUARTER)


def start_of_quarter(quarter: int) -> datetime:
    """The first instant of a quarter of an hour, in UTC."""
    return datetime.fromtimestamp(quarter * QUARTER, tz=UTC)


def read_items(calendar: DavCalendar, moment: Moment, *, among: Collection[str]) -> dict[str, Item]:
    """The items of these public ids, by name.

    Raises InvalidInput for a filter that cannot be read.
    """
    return {
        item.facts.name: item
        for entry in _read_entries(calendar, moment, among)
        if entry.public_id in among
        for item in _items_of(entry, calendar.choices)
    }


def stream_all_items(calendar: DavCalendar, moment: Moment) -> Iterator[Item]:
    """All items, one after the other; what `list_items` tells of them is kept once they are out.

    Raises InvalidInput as `read_items` does, when the first is asked for.
    """
    facts = {}
    for entry in _read_entries(calendar, moment, None):
        for item in _items_of(entry, calendar.choices):
            facts[item.facts.name] = item.facts
            yield item
    _keep(calendar, moment, facts)


def list_items(calendar: DavCalendar, moment: Moment) -> dict[str, ItemFacts]:
    """What is in the collection, without the bytes.

    It is kept, and after a change of the record only what changed is read: a client that knows no
    sync token asks for the whole list again and again.
    """
    kept = _recall_listing(calendar, moment)
    if kept is None:
        return {item.facts.name: item.facts for item in stream_all_items(calendar, moment)}
    if kept.head >= moment.head:
        return kept.facts
    touched = record_reader.read_touched_public_ids(after=kept.head)
    items = read_items(calendar, moment, among=touched)
    facts = {name: one for name, one in kept.facts.items() if public_id_in(name) not in touched} | {
        name: item.facts for name, item in items.items()
    }
    return _keep(calendar, moment, facts)


def stream_listed(calendar: DavCalendar, moment: Moment) -> Iterator[ItemFacts]:
    """The same as `list_items`, one after the other; the first time as they are read."""
    if has_listing(calendar, moment):
        yield from list_items(calendar, moment).values()
    else:
        yield from (item.facts for item in stream_all_items(calendar, moment))


def has_listing(calendar: DavCalendar, moment: Moment) -> bool:
    """Whether `list_items` has something to begin with."""
    return _recall_listing(calendar, moment) is not None


def _keep(
    calendar: DavCalendar, moment: Moment, facts: dict[str, ItemFacts]
) -> dict[str, ItemFacts]:
    listing = Listing(moment.head, moment.quarter, facts)
    keep({f"caldav-{calendar.digest}": listing}, seconds=KEPT_SECONDS)
    return facts


def _recall_listing(calendar: DavCalendar, moment: Moment) -> Listing | None:
    """The last list that was made, unless too much happened since or it followed the clock."""
    kept = recall(f"caldav-{calendar.digest}")
    if not isinstance(kept, Listing) or moment.head - kept.head > MOST_CHANGES:
        return None
    if calendar.hangs_on_the_clock and kept.quarter != moment.quarter:
        return None
    return kept


def _read_entries(
    calendar: DavCalendar, moment: Moment, among: Collection[str] | None
) -> Iterator[Entry]:
    now = start_of_quarter(moment.quarter)
    language, selection = calendar.choices.language, calendar.selection
    is_few = among is not None and len(among) <= MOST_READ_BY_ID and "as_of" not in selection
    try:
        if is_few:
            yield from record_reader.read_entries(
                selection, language=language, now=now, among=among
            )
        else:
            yield from record_reader.stream_entries(selection, language=language, now=now)
    except InvalidInput as error:
        if error.specific_code != "invalid_parameter" or not set(error.errors) <= PASSING:
            raise
        # The last commitment on its topic is gone, and with it the topic: what is left is an
        # empty calendar. A 404 would make clients forget it, and it may fill again.


def public_id_in(name: str) -> str:
    """The public id that the name of an item stands for; "" for a name that none can have."""
    for suffix in (TODO_SUFFIX, SUFFIX):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return ""


def names_of(public_id: str, calendar: DavCalendar) -> list[str]:
    """The names that the items of an entry have in the collection."""
    names = {EVENT: public_id + SUFFIX, TODO: public_id + TODO_SUFFIX}
    return [names[component] for component in calendar.components]


def _items_of(entry: Entry, choices: CalendarChoices) -> Iterator[Item]:
    event, days = event_fragment(entry, choices), days_shown(entry, choices)
    if event and days is not None:
        yield _item(entry, EVENT, entry.public_id + SUFFIX, event, days)
    todo = todo_fragment(entry, choices) if choices.todos else b""
    if todo:
        earliest, latest = entry.window.earliest, entry.window.latest
        first = earliest if earliest != latest else None
        yield _item(entry, TODO, entry.public_id + TODO_SUFFIX, todo, (first, latest))


def _item(
    entry: Entry, component: str, name: str, fragment: bytes, days: tuple[date | None, date | None]
) -> Item:
    body = calendar_object(fragment)
    facts = ItemFacts(
        name=name,
        component=component,
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        size=len(body),
        changed_at=entry.changed_at,
        first=days[0],
        last=days[1],
    )
    return Item(facts, body)
