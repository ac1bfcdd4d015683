"""The properties of homes, calendars and items (RFC 4918 section 15, RFC 4791, 5397, 6578).

A home stands for its reader too (it is the principal), since nobody has an account here: who holds
an address may read what is behind it, and nobody may write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from django.utils import translation
from django.utils.http import http_date
from django.utils.translation import gettext as _

from timeline.caldav.calendars import DavCalendar, ItemFacts
from timeline.caldav.requests import CALENDAR_DATA, Wanted
from timeline.caldav.xml import Markup, make, make_named, tag

COLOUR: Final = "#4682B4FF"  # steelblue, as in the feeds, in Apple's notation


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """A home, by the one calendar in it."""

    calendar: DavCalendar


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """A calendar with the token of this moment."""

    calendar: DavCalendar
    token: str


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item in its calendar; `body` only where it was read."""

    calendar: DavCalendar
    facts: ItemFacts
    body: bytes | None = None


Resource: TypeAlias = HomeFacts | CalendarFacts | ListedItem
_Resource = TypeVar("_Resource", HomeFacts, CalendarFacts, ListedItem)
_Table: TypeAlias = Mapping[str, Callable[[_Resource], Markup | None]]


def properties_of(resource: Resource, wanted: Wanted) -> tuple[list[Markup], list[Markup]]:
    """The properties that the resource has of those `wanted`, and the empty ones it has not."""
    if wanted == "names":
        return [make(name) for name in _TABLES[type(resource).__name__]], []
    found, missing = [], []
    for empty, read in _asked(type(resource).__name__, wanted):
        written = read(resource)
        if written is not None:
            found.append(written)
        elif wanted != "all":
            missing.append(empty)
    return found, missing


@lru_cache(maxsize=256)
def _asked(kind: str, wanted: Wanted) -> list[tuple[Markup, Callable[[Any], Markup | None]]]:
    """The empty property and what writes it, for each that is wanted of resources of this kind.

    The same for every item of a listing, and clients of one kind ask for the same ones always.
    """
    table = _TABLES[kind]
    # "All" leaves out what a client has to name (RFC 4791 section 5.2): only WebDAV's own.
    names = [tag(name) for name in table if name.startswith("D:")] if wanted == "all" else wanted
    by_full_name = {tag(name): read for name, read in table.items()}
    return [(make_named(name), by_full_name.get(name, _nothing)) for name in names]


def _nothing(_resource: Resource) -> None:
    """What we know no property of this name for."""


def _href(name: str, path: str) -> Markup:
    return make(name, make("D:href", path))


def _read_only() -> Markup:
    privileges = ("D:read", "D:read-current-user-privilege-set")
    return make(
        "D:current-user-privilege-set",
        *(make("D:privilege", make(privilege)) for privilege in privileges),
    )


def _reports(names: Iterable[str]) -> Markup:
    reports = (make("D:supported-report", make("D:report", make(name))) for name in names)
    return make("D:supported-report-set", *reports)


def _components(calendar: DavCalendar) -> Markup:
    return make(
        "C:supported-calendar-component-set",
        *(make("C:comp", name=component) for component in calendar.components),
    )


def _described(calendar: DavCalendar) -> str:
    with translation.override(calendar.choices.language):
        return _("What was promised in public, and by when.")


def _data(resource: ListedItem) -> Markup | None:
    return None if resource.body is None else make(CALENDAR_DATA, resource.body.decode())


_HOME: Final[_Table[HomeFacts]] = {
    "D:resourcetype": lambda _one: make(
        "D:resourcetype", make("D:collection"), make("D:principal")
    ),
    "D:displayname": lambda one: make("D:displayname", one.calendar.name),
    "D:current-user-principal": lambda one: _href("D:current-user-principal", one.calendar.home),
    "D:principal-URL": lambda one: _href("D:principal-URL", one.calendar.home),
    "D:owner": lambda one: _href("D:owner", one.calendar.home),
    "D:current-user-privilege-set": lambda _one: _read_only(),
    "D:supported-report-set": lambda _one: _reports(()),
    "C:calendar-home-set": lambda one: _href("C:calendar-home-set", one.calendar.home),
}

_CALENDAR: Final[_Table[CalendarFacts]] = {
    "D:resourcetype": lambda _one: make("D:resourcetype", make("D:collection"), make("C:calendar")),
    "D:displayname": lambda one: make("D:displayname", one.calendar.name),
    "D:current-user-principal": lambda one: _href("D:current-user-principal", one.calendar.home),
    "D:owner": lambda one: _href("D:owner", one.calendar.home),
    "D:current-user-privilege-set": lambda _one: _read_only(),
    "D:supported-report-set": lambda _one: _reports(
        ("C:calendar-query", "C:calendar-multiget", "D:sync-collection")
    ),
    "D:sync-token": lambda one: make("D:sync-token", one.token),
    "CS:getctag": lambda one: make("CS:getctag", one.token),
    "C:calendar-description": lambda one: make("C:calendar-description", _described(one.calendar)),
    "C:supported-calendar-component-set": lambda one: _components(one.calendar),
    "C:supported-calendar-data": lambda _one: make(
        "C:supported-calendar-data",
        make("C:calendar-data", **{"content-type": "text/calendar", "version": "2.0"}),
    ),
    "C:supported-collation-set": lambda _one: make(
        "C:supported-collation-set",
        make("C:supported-collation", "i;ascii-casemap"),
        make("C:supported-collation", "i;octet"),
    ),
    "A:calendar-color": lambda _one: make("A:calendar-color", COLOUR),
}

_ITEM: Final[_Table[ListedItem]] = {
    "D:resourcetype": lambda _one: make("D:resourcetype"),
    "D:getetag": lambda one: make("D:getetag", one.facts.etag),
    "D:getcontenttype": lambda one: make("D:getcontenttype", item_type(one.facts)),
    "D:getcontentlength": lambda one: make("D:getcontentlength", str(one.facts.size)),
    "D:getlastmodified": lambda one: make(
        "D:getlastmodified", http_date(one.facts.changed_at.timestamp())
    ),
    "D:current-user-principal": lambda one: _href("D:current-user-principal", one.calendar.home),
    "D:owner": lambda one: _href("D:owner", one.calendar.home),
    "D:current-user-privilege-set": lambda _one: _read_only(),
    "D:supported-report-set": lambda _one: _reports(()),
    CALENDAR_DATA: _data,
}

_TABLES: Final[Mapping[str, _Table[Any]]] = {
    HomeFacts.__name__: _HOME,
    CalendarFacts.__name__: _CALENDAR,
    ListedItem.__name__: _ITEM,
}


def item_type(facts: ItemFacts) -> str:
    """The media type of an item (RFC 4791 section 4.1, RFC 5545 section 8.1)."""
    return f"text/calendar; charset=utf-8; component={facts.component.lower()}"
