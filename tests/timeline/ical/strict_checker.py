"""A strict judge of our calendars' bytes, since the common readers forgive almost everything.

It shares no code with the writer. What is not on the lists below is refused, so that a property
that a text has smuggled in cannot pass for one of ours. Sources: RFC 5545, 7986, 9253.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

# Component -> property -> (least, most) number of times.
ONE, MAYBE, ANY = (1, 1), (0, 1), (0, 1000)
_ITEM = {
    "UID": ONE,
    "DTSTAMP": ONE,
    "CREATED": ONE,
    "LAST-MODIFIED": ONE,
    "SEQUENCE": ONE,
    "STATUS": ONE,
    "SUMMARY": ONE,
    "DESCRIPTION": MAYBE,
    "LOCATION": MAYBE,
    "CATEGORIES": MAYBE,
    "URL": MAYBE,
    "COLOR": MAYBE,
    "LINK": ANY,
}
PROPERTIES = {
    "VCALENDAR": {
        "VERSION": ONE,
        "PRODID": ONE,
        "CALSCALE": ONE,
        "NAME": ONE,
        "X-WR-CALNAME": ONE,
        "DESCRIPTION": MAYBE,
        "X-WR-CALDESC": MAYBE,
        "REFRESH-INTERVAL": ONE,
        "X-PUBLISHED-TTL": ONE,
        "COLOR": ONE,
    },
    "VEVENT": _ITEM
    | {"DTSTART": ONE, "DTEND": MAYBE, "TRANSP": ONE, "X-MICROSOFT-CDO-BUSYSTATUS": ONE},
    "VTODO": _ITEM | {"DTSTART": MAYBE, "DUE": MAYBE, "PERCENT-COMPLETE": MAYBE},
    "VALARM": {"ACTION": ONE, "TRIGGER": ONE, "DESCRIPTION": ONE},
    "VTIMEZONE": {"TZID": ONE},
    "STANDARD": {"DTSTART": ONE, "TZOFFSETFROM": ONE, "TZOFFSETTO": ONE, "TZNAME": MAYBE},
}
CHILDREN = {
    "": {"VCALENDAR"},
    "VCALENDAR": {"VEVENT", "VTODO", "VTIMEZONE"},
    "VEVENT": {"VALARM"},
    "VTIMEZONE": {"STANDARD"},
}
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "UID"}
_DAY = r"\d{8}"
_INSTANT = r"\d{8}T\d{6}Z"
_DURATION = r"-?P(?:\d+D)?(?:T\d+H)?"
_ESCAPED = r"(?:[^\\;,]|\\[\\;,n])*"  # RFC 5545 section 3.3.11
VALUES = {
    **dict.fromkeys(TEXTS, _ESCAPED),
    "VERSION": r"2\.0",
    "CALSCALE": "GREGORIAN",
    "CATEGORIES": f"{_ESCAPED}(?:,{_ESCAPED})*",
    **dict.fromkeys(("DTSTAMP", "CREATED", "LAST-MODIFIED"), _INSTANT),
    **dict.fromkeys(("DTEND", "DUE"), _DAY),
    "SEQUENCE": r"\d+",
    "PERCENT-COMPLETE": "100",
    "TRANSP": "TRANSPARENT",
    "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
    "COLOR": "[a-z]+",
    **dict.fromkeys(("URL", "LINK"), r"https?://[!-~]+"),
    "ACTION": "DISPLAY",
    **dict.fromkeys(("TRIGGER", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"), _DURATION),
}
STATUSES = {
    "VEVENT": {"CONFIRMED", "TENTATIVE", "CANCELLED"},
    "VTODO": {"NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED"},
}
PARAMS = {
    "DTSTART": r"(?:;VALUE=DATE)?",
    **dict.fromkeys(("DTEND", "DUE"), ";VALUE=DATE"),
    "REFRESH-INTERVAL": ";VALUE=DURATION",
    "TRIGGER": r"(?:;RELATED=END)?",
    "LINK": r';VALUE=URI;LINKREL=via(?:;LABEL=(?:"[^"]+"|[^";:,]+))?',
}

_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


@dataclass
class Component:
    """A parsed component: its properties as (name, parameters, value)."""

    name: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [value for found, _, value in self.properties if found == name]


def problems(data: bytes) -> list[str]:
    """Everything that is wrong with `data`, one calendar; [] if it is perfect."""
    found = list(_octet_problems(data))
    if found:
        return found
    root = Component("")
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    found = list(_parse(lines, root))
    if found:
        return found
    if len(root.children) != 1 or root.properties:
        return ["not exactly one VCALENDAR"]
    calendar = root.children[0]
    found = [problem for one in _walk(calendar) for problem in _component_problems(one)]
    if not calendar.children:
        found.append("VCALENDAR without a component")
    uids = [uid for one in calendar.children for uid in one.values("UID")]
    found += [f"UID twice: {uid}" for uid in sorted({uid for uid in uids if uids.count(uid) > 1})]
    return found


def _octet_problems(data: bytes) -> Iterator[str]:
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    for number, line in enumerate(data.split(b"\r\n")[:-1], start=1):
        if b"\n" in line or b"\r" in line:
            yield f"line {number}: bare CR or LF"
        elif len(line) > 75:
            yield f"line {number}: {len(line)} octets"
        if not line:
            yield f"line {number}: blank"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield f"line {number}: no UTF-8 by itself"
            continue
        if _CONTROL.search(text):
            yield f"line {number}: control character"
    if data.startswith((b" ", b"\t")):
        yield "line 1: continues nothing"
    if b"\r\n\t" in data:
        yield "folded with a tab"


def _parse(lines: list[str], root: Component) -> Iterator[str]:
    stack = [root]
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            yield f"no content line: {line[:40]}"
            continue
        name, params, value = match.groups()
        if name == "BEGIN":
            if value not in CHILDREN.get(stack[-1].name, set()):
                yield f"{value} in {stack[-1].name or 'the file'}"
            component = Component(value)
            stack[-1].children.append(component)
            stack.append(component)
        elif name == "END":
            if value != stack[-1].name or len(stack) == 1:
                yield f"END:{value} closes {stack[-1].name or 'nothing'}"
                return
            stack.pop()
        else:
            stack[-1].properties.append((name, params, value))
    if len(stack) > 1:
        yield f"{stack[-1].name} is not closed"


def _walk(component: Component) -> Iterator[Component]:
    yield component
    for child in component.children:
        yield from _walk(child)


def _component_problems(component: Component) -> Iterator[str]:
    allowed = PROPERTIES[component.name]
    for name, params, value in component.properties:
        if name not in allowed:
            yield f"{component.name}: {name} does not belong here"
        elif not re.fullmatch(PARAMS.get(name, ""), params):
            yield f"{name}: parameters {params!r}"
        elif not re.fullmatch(_value_pattern(component.name, name, params), value, re.DOTALL):
            yield f"{name}: value {value[:40]!r}"
    for name, (least, most) in allowed.items():
        count = len(component.values(name))
        if not least <= count <= most:
            yield f"{component.name}: {name} {count} times"
    yield from _time_problems(component)


def _value_pattern(component: str, name: str, params: str) -> str:
    if name == "STATUS":
        return "|".join(STATUSES[component])
    if name == "DTSTART":
        return _DAY if params else r"\d{8}T\d{6}"
    return VALUES.get(name, ".+")


def _time_problems(component: Component) -> Iterator[str]:
    days = {
        name: value
        for name in ("DTSTART", "DTEND", "DUE")
        for value in component.values(name)
        if re.fullmatch(_DAY, value)
    }
    for name, value in days.items():
        try:
            datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            yield f"{name}: no such day {value}"
    start = days.get("DTSTART")
    for name in ("DTEND", "DUE"):
        if start is not None and name in days and days[name] <= start:
            yield f"{name} {days[name]} not after DTSTART {start}"
    if component.name == "VTODO" and not days:
        yield "VTODO: neither DTSTART nor DUE"
    if component.values("DTSTAMP") != component.values("LAST-MODIFIED"):
        yield "DTSTAMP is not LAST-MODIFIED"
