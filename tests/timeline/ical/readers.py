"""Real readers of iCalendar behind one shape, so that tests can ask all of them the same.

Each `read_with_...` takes the bytes of a calendar and gives its events and to-dos in order.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

CLIENTS = Path(__file__).parents[2] / "clients"


@dataclass(frozen=True)
class ReadItem:
    """What a reader made of a VEVENT or VTODO; days as ISO texts, None where it has none.

    `alarms` are their descriptions, `labels` those of LINK, `calendar` is the name around the item.
    """

    kind: str
    uid: str
    summary: str | None
    description: str | None
    location: str | None
    categories: tuple[str, ...]
    start: str | None
    end: str | None
    status: str | None
    alarms: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    calendar: str | None = None


Reader = Callable[[bytes], list[ReadItem]]


def read_with_icalendar(data: bytes) -> list[ReadItem]:
    """icalendar, the usual library of Python; khal reads with it. Refuses with ValueError."""
    calendar: Any = icalendar.Calendar.from_ical(data)
    items = [one for one in calendar.subcomponents if one.name in {"VEVENT", "VTODO"}]
    for item in items:
        assert item.errors == []
    return [
        ReadItem(
            kind=item.name,
            uid=str(item["UID"]),
            summary=_text(item.get("SUMMARY")),
            description=_text(item.get("DESCRIPTION")),
            location=_text(item.get("LOCATION")),
            categories=tuple(str(name) for name in item.categories),
            start=_iso(item["DTSTART"].dt if "DTSTART" in item else None),
            end=_iso(item["DTEND"].dt if "DTEND" in item else None),
            status=_text(item.get("STATUS")),
            alarms=tuple(str(alarm["DESCRIPTION"]) for alarm in item.walk("VALARM")),
            labels=tuple(
                str(link.params["LABEL"])
                for link in _listed(item.get("LINK", []))
                if "LABEL" in link.params
            ),
            # It knows no NAME: the value of what it does not know is left as it is written.
            calendar=_unescaped(str(calendar.get("NAME", ""))),
        )
        for item in items
    ]


def read_with_ical(data: bytes) -> list[ReadItem]:
    """ical, the strict one of Home Assistant: one bad character refuses the whole calendar."""
    try:
        calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    except CalendarParseError as error:
        raise AssertionError(f"{error} {error.detailed_error}") from error
    return [_from_ical("VEVENT", one, calendar.name) for one in calendar.events] + [
        _from_ical("VTODO", one, calendar.name) for one in calendar.todos
    ]


def _from_ical(kind: str, item: Any, calendar: list[str]) -> ReadItem:
    return ReadItem(
        kind=kind,
        uid=item.uid,
        summary=item.summary,
        description=item.description,
        location=item.location,
        categories=tuple(item.categories),
        start=_iso(item.dtstart),
        end=_iso(item.dtend) if kind == "VEVENT" else None,
        status=item.status.value if item.status else None,
        alarms=tuple(
            alarm.description for alarm in (item.alarm if kind == "VEVENT" else item.alarms)
        ),
        labels=tuple(
            param.values[0]
            for extra in item.extras
            for param in extra.params or ()
            if param.name == "LABEL"
        ),
        calendar=calendar[0],
    )


def vobject_missing() -> str:
    """Why vobject cannot be asked, or ""."""
    return "" if importlib.util.find_spec("vobject") else "vobject is not installed"


def read_with_vobject(data: bytes) -> list[ReadItem]:
    """vobject, the reader of Radicale."""
    calendar = importlib.import_module("vobject").readOne(data.decode())
    items = [one for one in calendar.components() if one.name in {"VEVENT", "VTODO"}]

    def value(item: Any, name: str) -> Any:
        return getattr(item, name).value if hasattr(item, name) else None

    return [
        ReadItem(
            kind=item.name,
            uid=value(item, "uid"),
            summary=value(item, "summary"),
            description=value(item, "description"),
            location=value(item, "location"),
            categories=tuple(value(item, "categories") or ()),
            start=_iso(value(item, "dtstart")),
            end=_iso(value(item, "dtend")),
            status=value(item, "status"),
            alarms=tuple(alarm.description.value for alarm in item.contents.get("valarm", ())),
            # It knows no RFC 6868.
            labels=tuple(
                _marks_undone(link.params["LABEL"][0])
                for link in item.contents.get("link", ())
                if "LABEL" in link.params
            ),
            calendar=calendar.contents["name"][0].value,
        )
        for item in items
    ]


def node_missing() -> str:
    """Why the readers of JavaScript cannot be asked, or ""."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (CLIENTS / "node_modules" / ".package-lock.json").exists():
        return f"run `npm ci` in {CLIENTS.relative_to(CLIENTS.parents[1])}"
    return ""


def read_with_ical_js(data: bytes) -> list[ReadItem]:
    """ical.js, the parser of Thunderbird and Nextcloud."""
    return _read_with_node("read_with_ical_js.mjs", data)


def read_with_node_ical(data: bytes) -> list[ReadItem]:
    """node-ical, the parser of many a small gadget."""
    return _read_with_node("read_with_node_ical.mjs", data)


def _read_with_node(script: str, data: bytes) -> list[ReadItem]:
    done = subprocess.run(
        ["node", str(CLIENTS / script)], input=data, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    lists = ("categories", "alarms", "labels")
    return [
        ReadItem(
            **_without_escape(item) | {name: tuple(item[name]) for name in lists if name in item}
        )
        for item in found
    ]


def libical_missing() -> str:
    """Why libical cannot be asked, or ""."""
    return "" if ctypes.util.find_library("ical") else "libical is not installed"


def ask_libical(data: bytes) -> tuple[int, bool, list[str]]:
    """libical, the C library of GNOME, KDE and Cyrus: (parse errors, restrictions kept, summaries).

    A C string ends at its first NUL, so that one in `data` would cut the calendar.
    """
    library = ctypes.CDLL(ctypes.util.find_library("ical"))
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "icalparser_parse_string": (pointer, [text]),
        "icalcomponent_count_errors": (number, [pointer]),
        "icalrestriction_check": (number, [pointer]),
        "icalcomponent_get_first_component": (pointer, [pointer, number]),
        "icalcomponent_get_next_component": (pointer, [pointer, number]),
        "icalcomponent_get_summary": (text, [pointer]),
        "icalcomponent_free": (None, [pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    calendar = library.icalparser_parse_string(data)
    assert calendar, "libical reads nothing"
    # First the restrictions: the check itself adds errors where they are broken.
    keeps = bool(library.icalrestriction_check(calendar))
    errors = library.icalcomponent_count_errors(calendar)
    summaries, vevent = [], 4  # ICAL_VEVENT_COMPONENT
    event = library.icalcomponent_get_first_component(calendar, vevent)
    while event:
        summaries.append((library.icalcomponent_get_summary(event) or b"").decode())
        event = library.icalcomponent_get_next_component(calendar, vevent)
    library.icalcomponent_free(calendar)
    return errors, keeps, summaries


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _without_escape(item: dict[str, Any]) -> dict[str, Any]:
    """ical.js knows no NAME either."""
    return item | {"calendar": _unescaped(item["calendar"])} if "calendar" in item else item


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unescaped(value: str) -> str:
    """RFC 5545 section 3.3.11."""
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _marks_undone(value: str) -> str:
    """RFC 6868."""
    return re.sub(r"\^([n'^])", lambda sign: {"n": "\n", "'": '"', "^": "^"}[sign[1]], value)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
