"""What a client asks, out of the XML of its request, before anything is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal, TypeAlias

from django.http import HttpRequest

from timeline.caldav.filters import Filter, read_filter
from timeline.caldav.refusals import Refusal
from timeline.caldav.xml import Element, children_of, parse, short_name

CALENDAR_DATA: Final = "C:calendar-data"
Wanted: TypeAlias = Literal["all", "names"] | tuple[str, ...]
"""Everything, the names of everything, or properties by their full names."""


@dataclass(frozen=True, slots=True)
class CalendarQuery:
    """RFC 4791 section 7.8."""

    wanted: Wanted
    matches: Filter
    has_data: bool


@dataclass(frozen=True, slots=True)
class Multiget:
    """RFC 4791 section 7.9; `hrefs` as the client wrote them, each once."""

    wanted: Wanted
    hrefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyncCollection:
    """RFC 6578 section 3.2; `token` is "" for the first time, `limit` None without one."""

    wanted: Wanted
    token: str
    limit: int | None
    has_data: bool


Report: TypeAlias = CalendarQuery | Multiget | SyncCollection


def read_depth(headers: Mapping[str, str], *, default: str) -> str:
    """The header Depth (RFC 4918 section 10.2): "0", "1" or "infinity"."""
    depth = headers.get("Depth", default).strip().lower()
    if depth not in {"0", "1", "infinity"}:
        raise Refusal(HTTPStatus.BAD_REQUEST, "Depth: send 0, 1 or infinity.")
    return depth


def wants_no_missing(headers: Mapping[str, str]) -> bool:
    """Whether properties that are not there may go without saying (RFC 8144 section 2.1)."""
    preferences = headers.get("Prefer", "").replace(" ", "").lower().split(",")
    return "return=minimal" in preferences or headers.get("Brief", "").lower() == "t"


def read_propfind(request: HttpRequest) -> Wanted:
    """The properties that a PROPFIND asks for; without a body it asks for all."""
    if not request.body.strip():
        return "all"
    root = parse(request.body)
    if short_name(root) != "D:propfind":
        raise Refusal(HTTPStatus.BAD_REQUEST, "The body of PROPFIND is a DAV:propfind.")
    return _wanted(root)


def read_report(request: HttpRequest) -> Report:
    """The report that is asked for; raises Refusal with DAV:supported-report for any other."""
    root = parse(request.body)
    kind = short_name(root)
    if kind == "C:calendar-query":
        _refuse_other_data(root)
        return CalendarQuery(_wanted(root), read_filter(root), _has_data(root))
    if kind == "C:calendar-multiget":
        _refuse_other_data(root)
        hrefs = [(element.text or "").strip() for element in root.iterchildren("{DAV:}href")]
        return Multiget(_wanted(root), tuple(dict.fromkeys(hrefs)))
    if kind == "D:sync-collection":
        _refuse_other_data(root)
        token = (root.findtext("{DAV:}sync-token") or "").strip()
        return SyncCollection(_wanted(root), token, _limit(root), _has_data(root))
    sentence = "Known reports: calendar-query, calendar-multiget, sync-collection."
    raise Refusal(HTTPStatus.FORBIDDEN, sentence, condition="D:supported-report")


def _wanted(root: Element) -> Wanted:
    for element in children_of(root):
        kind = short_name(element)
        if kind == "D:prop":
            return tuple(dict.fromkeys(str(one.tag) for one in children_of(element)))
        if kind == "D:propname":
            return "names"
    return "all"


def _data_asked(root: Element) -> Element | None:
    return root.find("{DAV:}prop/{urn:ietf:params:xml:ns:caldav}calendar-data")


def _has_data(root: Element) -> bool:
    return _data_asked(root) is not None


def _refuse_other_data(root: Element) -> None:
    """Only whole calendars are given, as text/calendar 2.0: the smaller parts may be ignored."""
    asked = _data_asked(root)
    if asked is None:
        return
    content_type, version = asked.get("content-type"), asked.get("version")
    if content_type not in {None, "text/calendar"} or version not in {None, "2.0"}:
        sentence = "calendar-data: there is only text/calendar, version 2.0."
        condition = "C:supported-calendar-data"
        raise Refusal(HTTPStatus.FORBIDDEN, sentence, condition=condition)


def _limit(root: Element) -> int | None:
    text = (root.findtext("{DAV:}limit/{DAV:}nresults") or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) == 0:
        raise Refusal(HTTPStatus.BAD_REQUEST, "nresults: send a whole number from 1.")
    return int(text)
