"""What real readers make of our bytes: every one must read the same text that we meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from khal.icalendar import split_ics  # type: ignore[import-untyped]
from vdirsyncer.vobject import Item, split_collection  # type: ignore[import-untyped]

from tests.timeline.ical.readers import Reader, ReadItem, read_with_ical, read_with_icalendar
from tests.timeline.ical.samples import CITATION, MOVE, make_entry, make_plain_entry
from tests.timeline.ical.strict_checker import problems
from timeline.entries import EntryParty, EntryTopic
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices
from timeline.ical.content_lines import clean_text

AskLibical = Callable[[bytes], tuple[int, bool, list[str]]]

GOLDEN = Path(__file__).parent / "golden"
FAMILY = "👩‍👩‍👧‍👦"
STARTS = (
    *("a\r\nATTENDEE:mailto:x@y", "a\rb", "END:VEVENT\nEND:VCALENDAR\n", "BEGIN:VALARM", "é" * 200),
    *(FAMILY * 20, "日本語" * 40, "𝕏" * 60, "e\u0301" * 90, "; , \\ : \" ' ^n %0A &amp; <b>"),
    *("\\n", "\\\\N", "\\;\\,", "\x00\x07\x0b\x0c\x1d", "\u2028\u2029\x85", "\ud83d"),
    *("x" * 66, "x" * 65 + "é", " " * 200, '"quoted"'),
)
ENDS = (
    *("", "\\", ",", ";", ":", "z", "\t", "\n", "\n\n\n.", " trailing", '"', "\ud83d", "\ufffe"),
    *("\ufeff", "\u202ez", "\u00a0z", "\x1d", FAMILY, "\r\n ", "\\n"),
)
HOSTILE = [start + end for start, end in product(STARTS, ENDS)]

ANY_TEXT = st.text(st.characters(), max_size=120)


def calendar_of(titles: list[str]) -> bytes:
    """A calendar with one event for each title, which is its place and its summary as well."""
    entries = (
        make_plain_entry(title, number=number, place=title, summary=f"x{title}")
        for number, title in enumerate(titles)
    )
    return b"".join(write_calendar(entries, name="Hostile", choices=CalendarChoices()))


def texts_meant(titles: list[str]) -> list[tuple[str, str | None, str]]:
    cleaned = [clean_text(title).strip() for title in titles]
    return [
        (
            text or f"p{number:07}",
            text or None,
            clean_text(f"x{title}").strip() + "\n\nStatus: announced",
        )
        for number, (text, title) in enumerate(zip(cleaned, titles, strict=True))
    ]


def texts_read(items: list[ReadItem]) -> list[tuple[str, str | None, str]]:
    return [
        (item.summary or "", item.location, (item.description or "").partition("\nEvidence:")[0])
        for item in items
    ]


def test_there_are_400_different_hostile_titles() -> None:
    assert len(set(HOSTILE)) == 400


def test_hostile_titles_leave_the_bytes_perfect() -> None:
    assert problems(calendar_of(HOSTILE)) == []


@pytest.mark.parametrize("read", [read_with_icalendar, read_with_ical])
def test_python_readers_read_the_text_that_was_meant(read: Reader) -> None:
    assert texts_read(read(calendar_of(HOSTILE))) == texts_meant(HOSTILE)


def test_vobject_reads_the_text_that_was_meant(read_with_vobject: Reader) -> None:
    assert texts_read(read_with_vobject(calendar_of(HOSTILE))) == texts_meant(HOSTILE)


def test_ical_js_reads_the_text_that_was_meant(node_clients: dict[str, Reader]) -> None:
    assert texts_read(node_clients["ical.js"](calendar_of(HOSTILE))) == texts_meant(HOSTILE)


def test_node_ical_reads_the_text_that_was_meant(node_clients: dict[str, Reader]) -> None:
    """It misreads an escaped backslash before n, and takes quotes around a whole value away."""
    titles = [
        title
        for title in HOSTILE
        if not re.search(r'\\[nN]|^\W*".*"\W*$', clean_text(title), re.DOTALL)
    ]

    assert len(titles) > 300
    assert texts_read(node_clients["node-ical"](calendar_of(titles))) == texts_meant(titles)


def test_libical_reads_the_text_that_was_meant(ask_libical: AskLibical) -> None:
    errors, keeps_restrictions, summaries = ask_libical(calendar_of(HOSTILE))

    assert (errors, keeps_restrictions) == (0, True)
    assert summaries == [summary for summary, _, _ in texts_meant(HOSTILE)]


def text_everywhere(text: str) -> bytes:
    """A calendar of this name, with the text wherever one can be: event, to-do, alarm, link."""
    entry = make_plain_entry(
        text,
        place=text,
        topics=(EntryTopic("t", text), EntryTopic("u", "plain")),
        citations=(replace(CITATION, source_title=text, quote=""),),
    )
    choices = CalendarChoices(alarms=(1,), todos=True, links=True)
    return b"".join(write_calendar([entry], name=f"x{text}", choices=choices))


Everywhere = list[tuple[object, ...]]


def everywhere_meant(text: str) -> Everywhere:
    cleaned = clean_text(text).strip()
    title, marked = cleaned or "p0000000", cleaned.replace("\\", "＼")
    categories = tuple(sorted(filter(None, (marked, "plain"))))
    labels = (marked,) if marked else ()
    shared = (cleaned or None, categories, labels, clean_text(f"x{text}").strip())
    return [("VEVENT", title, *shared, (title,)), ("VTODO", title, *shared, ())]


def everywhere_read(items: list[ReadItem]) -> Everywhere:
    return sorted(
        (
            item.kind,
            item.summary or "",
            item.location,
            tuple(sorted(item.categories)),
            item.labels,
            item.calendar,
            item.alarms,
        )
        for item in items
    )


def _without_categories(found: Everywhere) -> Everywhere:
    return [(*one[:3], *one[4:]) for one in found]


@given(ANY_TEXT)
@example("0\t=")
@settings(deadline=None)
def test_any_text_is_read_as_it_was_meant_wherever_it_stands(text: str) -> None:
    data = text_everywhere(text)

    assert problems(data) == []
    assert everywhere_read(read_with_icalendar(data)) == everywhere_meant(text)
    by_ical, meant = everywhere_read(read_with_ical(data)), everywhere_meant(text)
    if "," in text:  # it takes every comma for the end of a category
        by_ical, meant = _without_categories(by_ical), _without_categories(meant)
    assert by_ical == meant


@pytest.mark.parametrize("text", [*STARTS, *(f"a{end}" for end in ENDS)])
def test_vobject_reads_a_hostile_text_wherever_it_stands(
    text: str, read_with_vobject: Reader
) -> None:
    assert everywhere_read(read_with_vobject(text_everywhere(text))) == everywhere_meant(text)


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 80))
def test_ical_js_reads_a_hostile_text_wherever_it_stands(
    start: int, node_clients: dict[str, Reader]
) -> None:
    text = " ".join(HOSTILE[start : start + 80])
    assert everywhere_read(node_clients["ical.js"](text_everywhere(text))) == everywhere_meant(text)


@given(st.lists(ANY_TEXT, min_size=1, max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_as_it_was_meant(titles: list[str]) -> None:
    data = calendar_of(titles)

    assert problems(data) == []
    assert texts_read(read_with_icalendar(data)) == texts_meant(titles)
    assert texts_read(read_with_ical(data)) == texts_meant(titles)


@given(
    st.fixed_dictionaries(dict.fromkeys(("title", "summary", "note", "wording"), ANY_TEXT)),
    st.fixed_dictionaries(dict.fromkeys(("quote", "source_title", "said_by"), ANY_TEXT)),
    st.sampled_from(["2025", "2025-05-09?", "2026-04/..", "../2026", "9999", "2025-21~"]),
    st.sampled_from(["announced", "in_progress", "delivered", "withdrawn"]),
    st.booleans(),
    st.booleans(),
)
@settings(deadline=None)
def test_any_entry_is_written_in_perfect_bytes(
    texts: dict[str, str],
    cited: dict[str, Any],
    window: str,
    status: str,
    is_band: bool,
    is_tombstone: bool,
) -> None:
    entry = make_entry(
        **texts,
        window=window,
        window_words=texts["wording"],
        status=status,
        status_label=texts["note"],
        place=texts["title"],
        is_tombstone=is_tombstone,
        topics=(EntryTopic("t", texts["title"]), EntryTopic("u", texts["summary"])),
        parties=(EntryParty("p", texts["title"], "country", "promised_by", "promised by"),),
        citations=(replace(CITATION, **cited),),
        moves=(replace(MOVE, reason=texts["summary"]),),
    )
    choices = CalendarChoices(
        show="window" if is_band else "last-day", alarms=(0, 3), todos=True, links=True
    )

    data = b"".join(write_calendar([entry], name=texts["title"] + "n", choices=choices))

    assert problems(data) == []


@pytest.mark.parametrize("name", ["last-day", "window-with-all-choices", "without-done", "empty"])
def test_readers_agree_on_every_golden_calendar(name: str, node_clients: dict[str, Reader]) -> None:
    data = (GOLDEN / f"{name}.ics").read_bytes()
    items = read_with_icalendar(data)

    assert sorted(read_with_ical(data), key=_kind_and_uid) == sorted(items, key=_kind_and_uid)
    assert node_clients["ical.js"](data) == items


def test_node_ical_agrees_on_the_golden_days(node_clients: dict[str, Reader]) -> None:
    """It unescapes no categories, and gives an end to the last day of all, which has none."""
    data = (GOLDEN / "window-with-all-choices.ics").read_bytes()

    def shown(items: list[ReadItem]) -> list[tuple[str | None, ...]]:
        kept = [item for item in items if item.kind == "VEVENT" and item.end is not None]
        return [
            (item.uid, item.summary, item.description, item.start, item.end, item.status)
            for item in kept
            if not item.uid.startswith("p0000009")
        ]

    assert shown(node_clients["node-ical"](data)) == shown(read_with_icalendar(data))


@pytest.mark.parametrize("name", ["last-day", "without-done", "empty"])
def test_libical_finds_nothing_wrong_with_golden_calendars(
    name: str, ask_libical: AskLibical
) -> None:
    data = (GOLDEN / f"{name}.ics").read_bytes()

    errors, keeps_restrictions, summaries = ask_libical(data)

    assert (errors, keeps_restrictions) == (0, True)
    assert len(summaries) == data.count(b"BEGIN:VEVENT")


def test_cal09_libical_refuses_a_method_without_organizer(ask_libical: AskLibical) -> None:
    data = (GOLDEN / "last-day.ics").read_bytes()
    with_method = data.replace(b"CALSCALE:", b"METHOD:PUBLISH\r\nCALSCALE:")

    assert ask_libical(data)[1] is True
    assert ask_libical(with_method)[1] is False


def test_vdirsyncer_and_khal_see_one_item_for_each_entry() -> None:
    data = b"".join(
        write_calendar(
            (make_entry(public_id=f"k{number:07}") for number in range(5)),
            name="Five",
            choices=CalendarChoices(),
        )
    ).decode()
    uids = [f"k{number:07}@commitments.invalid" for number in range(5)]

    assert sorted(Item(text).uid or "" for text in split_collection(data)) == uids
    assert (
        sorted(item.uid for text in split_ics(data) for item in read_with_icalendar(text.encode()))
        == uids
    )


def test_vdirsyncer_sees_no_item_in_an_empty_calendar() -> None:
    data = (GOLDEN / "empty.ics").read_bytes().decode()

    assert list(split_collection(data)) == []
    assert split_ics(data) == []


def test_vdirsyncer_sees_no_change_where_nothing_changed() -> None:
    first, second = calendar_of(["a"]).decode(), calendar_of(["a"]).decode()
    moved = first.replace("SEQUENCE:3", "SEQUENCE:4").replace("SUMMARY:a", "SUMMARY:b")

    hashes = [[Item(text).hash for text in split_collection(one)] for one in (first, second, moved)]
    assert hashes[0] == hashes[1] != hashes[2]


def _kind_and_uid(item: ReadItem) -> tuple[str, str]:
    return item.kind, item.uid
