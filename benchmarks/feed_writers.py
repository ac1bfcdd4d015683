"""The same calendar by two writers, from the same made-up entries and the same texts.

Both build titles and descriptions with the project's own functions, inside what is measured: a
feed out of a library would have to do that as well. What is left is the writing of iCalendar.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import icalendar

from benchmarks.made_up import RECORDED, made_up_window
from commitments.phrases import window_in_words
from timeline.entries import Entry, EntryCitation, EntryMove, EntryParty, EntryTopic
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import STATUS_COLOURS, UID_DOMAIN, days_shown
from timeline.ical.texts import item_description, item_title

NAME = "Public commitments"
DESCRIPTION = "What was promised in public, and by when."
REFRESH = timedelta(hours=6)
ONE_DAY = timedelta(days=1)
STATUSES = (("announced", "announced"), ("in_progress", "in progress"), ("delivered", "delivered"))


def made_up_entries(how_many: int, *, is_full: bool, seed: int = 1) -> Iterator[Entry]:
    """Entries as `benchmarks.made_up` has them; full ones have a summary, a quote and a move."""
    dice = random.Random(seed)
    for number in range(how_many):
        yield _entry(number, dice, is_full=is_full)


def _entry(number: int, dice: random.Random, *, is_full: bool) -> Entry:
    window = made_up_window(dice)
    status, label = dice.choice(STATUSES)
    return Entry(
        public_id=f"b{number:07}",
        language="en",
        title=f"Opening of facility number {number}, as agreed",
        summary="A hall, a road to it, and a line of trees along the river." if is_full else "",
        kind="milestone",
        kind_label="milestone",
        strength="promise",
        strength_label="promise",
        window=window,
        window_words=window_in_words(window, "en"),
        wording="as planned",
        time_zone="UTC",
        status=status,
        status_label=label,
        schedule="open",
        schedule_label="open",
        evidence="none",
        evidence_label="none found",
        evidence_checked_on=date(2026, 10, 1) if is_full else None,
        note="",
        place="Astana" if is_full else "",
        url=f"https://commitments.example.org/c/b{number:07}/",
        revision=1 + number % 5,
        created_at=RECORDED,
        changed_at=RECORDED + timedelta(minutes=number),
        topics=(EntryTopic("topic", f"Topic {number % 15}"),),
        parties=(EntryParty("p", f"Party {number % 20}", "country", "promised_by", "promised by"),),
        citations=(_citation(number, is_full=is_full),),
        moves=(_move(),) if is_full else (),
    )


def _citation(number: int, *, is_full: bool) -> EntryCitation:
    return EntryCitation(
        source_public_id="s2345678",
        source_title="Statements",
        source_date=RECORDED.date(),
        source_kind_label="transcript",
        source_url="https://example.org/statements" if is_full else "",
        role="announces",
        role_label="announces",
        quote=f"We shall open facility number {number}; it will be a good one." if is_full else "",
        locator=f"paragraph {number}",
        said_by="The minister" if is_full else "",
    )


def _move() -> EntryMove:
    return EntryMove(
        recorded_at=RECORDED,
        kind="slipped",
        kind_label="slipped",
        from_words="2024",
        to_words="spring 2025",
        slip_days=151,
        reason="Works are late.",
    )


def write_with_icalendar(entries: Iterable[Entry], choices: CalendarChoices) -> bytes:
    """The calendar by `icalendar`, with every property that our writer gives."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Commitments//Timeline//EN")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, NAME)
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, DESCRIPTION)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add("color", "steelblue")
    for entry in entries:
        calendar.add_component(_event(entry, choices))
    return bytes(calendar.to_ical())


def _event(entry: Entry, choices: CalendarChoices) -> icalendar.Event:
    days = days_shown(entry, choices)
    if days is None:
        raise AssertionError("every made-up entry has a date")
    changed_at = _whole_second(entry.changed_at)
    event = icalendar.Event()
    event.add("uid", f"{entry.public_id}@{UID_DOMAIN}")
    event.add("dtstamp", changed_at)
    event.add("created", _whole_second(entry.created_at))
    event.add("last-modified", changed_at)
    event.add("sequence", entry.revision)
    event.add("dtstart", days[0])
    event.add("dtend", days[1] + ONE_DAY)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("summary", item_title(entry, choices))
    event.add("description", item_description(entry, choices))
    if entry.place:
        event.add("location", entry.place)
    event.add("categories", [topic.name for topic in entry.topics])
    event.add("url", entry.url)
    event.add("color", STATUS_COLOURS[entry.status])
    return event


def _whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
