"""The filter of a calendar-query (RFC 4791 section 9.7), as a function of one item.

Understood are components, their time range, and texts of their properties. What is not understood
is refused (CALDAV:supported-filter), as the RFC asks: a condition left out would show too much.
Items take whole days; a range is held against them as if their days were those of UTC, which is
what the RFC says of a day without a time zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

from timeline.caldav.calendars import EVENT, Item, ItemFacts
from timeline.caldav.refusals import Refusal
from timeline.caldav.xml import CALDAV, Element, children_of, short_name

_INSTANT: Final = re.compile(r"\d{8}T\d{6}Z")
_TEXT_SIGN: Final = re.compile(r"\\(.)", re.DOTALL)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)

ItemTest: TypeAlias = Callable[[Item], bool]
FactsTest: TypeAlias = Callable[[ItemFacts], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """`by_facts` tells of most items whether they match; `by_text`, where given, needs bytes."""

    by_facts: FactsTest
    by_text: ItemTest | None = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start` to before `end`, in UTC."""

    start: datetime
    end: datetime

    def meets(self, facts: ItemFacts) -> bool:
        """RFC 4791 section 9.9: its table for events of whole days, and that for to-dos."""
        first, last = _midnight(facts.first), _midnight(facts.last)
        if facts.component == EVENT:
            after = _midnight(facts.last, days=1)
            return self.start < (after or _FOR_EVER) and self.end > (first or _ALWAYS)
        if first is not None and last is not None:
            begins = self.start < last or self.start <= first
            return begins and (self.end > first or self.end >= last)
        if last is not None:
            return self.start < last <= self.end
        return first is not None and self.start <= first < self.end


def read_filter(root: Element) -> Filter:
    """The filter of a calendar-query; raises Refusal for one that is invalid or not understood."""
    conditions = root.find(f"{{{CALDAV}}}filter")
    parts = [] if conditions is None else children_of(conditions)
    if len(parts) != 1 or short_name(parts[0]) != "C:comp-filter":
        raise _invalid("filter: send one comp-filter, of VCALENDAR.")
    [calendar] = parts
    inner = children_of(calendar)
    if _is_not_defined(inner):
        is_other = calendar.get("name") != "VCALENDAR"
        return Filter(lambda _facts: is_other)
    if calendar.get("name") != "VCALENDAR":
        return Filter(lambda _facts: False)
    filters = [_of_component(part) for part in inner]
    tests = [one.by_text for one in filters if one.by_text is not None]
    return Filter(
        lambda facts: all(one.by_facts(facts) for one in filters),
        (lambda item: all(test(item) for test in tests)) if tests else None,
    )


def _of_component(element: Element) -> Filter:
    if short_name(element) != "C:comp-filter":
        raise _unsupported("Of VCALENDAR only its components can be asked for.")
    name, inner = element.get("name"), children_of(element)
    if _is_not_defined(inner):
        return Filter(lambda facts: facts.component != name)
    ranges = [_time_range(part) for part in inner if short_name(part) == "C:time-range"]
    others = [part for part in inner if short_name(part) != "C:time-range"]
    tests = [_of_property(part, name or "") for part in others]

    def by_facts(facts: ItemFacts) -> bool:
        return facts.component == name and all(one.meets(facts) for one in ranges)

    return Filter(by_facts, (lambda item: all(test(item) for test in tests)) if tests else None)


def _of_property(element: Element, component: str) -> ItemTest:
    if short_name(element) != "C:prop-filter":
        raise _unsupported("Components can be asked for by time-range and prop-filter.")
    name, inner = (element.get("name") or "").upper(), children_of(element)
    if _is_not_defined(inner):
        return lambda item: not list(_values(item, component, name))
    tests = [_text_test(part) for part in inner]
    return lambda item: any(
        all(test(value) for test in tests) for value in _values(item, component, name)
    )


def _text_test(element: Element) -> Callable[[str], bool]:
    if short_name(element) != "C:text-match":
        raise _unsupported("Properties can be asked for by is-not-defined and text-match.")
    fold = _collation(element.get("collation", "i;ascii-casemap"))
    sought = fold(element.text or "")
    negated = element.get("negate-condition", "no") == "yes"
    return lambda value: (sought in fold(value)) is not negated


def _collation(name: str) -> Callable[[str], str]:
    """RFC 4791 section 7.5: the two that every server knows."""
    known: dict[str, Callable[[str], str]] = {"i;octet": str, "i;ascii-casemap": _ascii_lower}
    if name not in known:
        sentence = "Known collations: i;ascii-casemap, i;octet."
        raise Refusal(HTTPStatus.FORBIDDEN, sentence, condition="C:supported-collation")
    return known[name]


def _ascii_lower(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def _values(item: Item, component: str, name: str) -> Iterator[str]:
    """The values of a property of the component itself, with the signs of TEXT undone."""
    if item.facts.component != component:
        return
    text = item.body.replace(b"\r\n ", b"").decode()
    inner = text.partition(f"BEGIN:{component}\r\n")[2].partition(f"END:{component}\r\n")[0]
    own, *_alarms = inner.split("BEGIN:VALARM\r\n")
    for line in own.split("\r\n"):
        head, _colon, value = line.partition(":")
        if head.partition(";")[0] == name:
            yield _TEXT_SIGN.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _time_range(element: Element) -> TimeRange:
    start, end = element.get("start"), element.get("end")
    if start is None and end is None:
        raise _invalid("time-range: give a start or an end.")
    found = TimeRange(
        _ALWAYS if start is None else _instant(start), _FOR_EVER if end is None else _instant(end)
    )
    if found.start >= found.end:
        raise _invalid("time-range: the end lies after the start.")
    return found


def _instant(text: str) -> datetime:
    sentence = "time-range: write an instant as 20261231T000000Z."
    if not _INSTANT.fullmatch(text):
        raise _invalid(sentence)
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _invalid(sentence) from error


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    if days and day == date.max:
        return _FOR_EVER
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days)


def _is_not_defined(inner: list[Element]) -> bool:
    return [short_name(part) for part in inner] == ["C:is-not-defined"]


def _invalid(sentence: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, sentence, condition="C:valid-filter")


def _unsupported(sentence: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, sentence, condition="C:supported-filter")
