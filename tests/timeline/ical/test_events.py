from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from commitments.enums import FINAL_STATUSES, Status
from commitments.window import Window
from tests.timeline.ical.samples import CITATION, MOVE, make_entry, make_plain_entry
from timeline.entries import Entry
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import STATUS_COLOURS, days_shown, event_fragment

pytestmark = pytest.mark.once

LAST_DAY = CalendarChoices(show="last-day")
BAND = CalendarChoices(show="window")
ALL_TEXTS = {"title": "SECRET", "summary": "SECRET", "note": "SECRET", "place": "SECRET"}


def values(fragment: bytes, name: str) -> list[str]:
    """The values of all properties `name`, unfolded, in their order."""
    text = fragment.replace(b"\r\n ", b"").decode()
    return re.findall(rf"(?m)^{name}(?:;[^:\r]*)?:([^\r]*)\r$", text)


def span(entry: Entry, choices: CalendarChoices) -> tuple[list[str], list[str]]:
    fragment = event_fragment(entry, choices)
    return values(fragment, "DTSTART"), values(fragment, "DTEND")


def title(entry: Entry, choices: CalendarChoices = LAST_DAY) -> str:
    return values(event_fragment(entry, choices), "SUMMARY")[0]


def test_uid_hangs_on_nothing_but_the_public_id() -> None:
    here = make_entry(url="https://here.example/c/b2345678/")
    there = make_entry(url="https://there.example/c/b2345678/", title="Other", revision=9)

    assert values(event_fragment(here, LAST_DAY), "UID") == ["b2345678@commitments.invalid"]
    assert values(event_fragment(there, BAND), "UID") == ["b2345678@commitments.invalid"]


def test_stamps_come_from_the_record_in_utc_and_whole_seconds() -> None:
    almaty = timezone(timedelta(hours=5))
    entry = make_entry(
        created_at=datetime(2024, 11, 27, 3, 0, 0, tzinfo=almaty),
        changed_at=datetime(2025, 3, 1, 9, 30, 15, 999999, tzinfo=UTC),
        revision=12,
    )

    fragment = event_fragment(entry, LAST_DAY)

    assert values(fragment, "DTSTAMP") == ["20250301T093015Z"]
    assert values(fragment, "LAST-MODIFIED") == ["20250301T093015Z"]
    assert values(fragment, "CREATED") == ["20241126T220000Z"]
    assert values(fragment, "SEQUENCE") == ["12"]


def test_the_same_entry_gives_the_same_bytes() -> None:
    assert event_fragment(make_entry(), BAND) == event_fragment(make_entry(), BAND)


def test_schedule_is_told_only_to_who_asks_for_it() -> None:
    monday = make_entry(schedule="due_soon", schedule_label="due soon")
    tuesday = make_entry(schedule="overdue", schedule_label="overdue")
    asked = CalendarChoices(schedule_words=True)

    assert event_fragment(monday, LAST_DAY) == event_fragment(tuesday, LAST_DAY)
    assert "Schedule: overdue" in values(event_fragment(tuesday, asked), "DESCRIPTION")[0]


def test_item_takes_up_no_time() -> None:
    fragment = event_fragment(make_entry(), LAST_DAY)

    assert values(fragment, "TRANSP") == ["TRANSPARENT"]
    assert values(fragment, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]
    assert b"VALARM" not in fragment


@pytest.mark.parametrize(
    ("window", "choices", "first", "end"),
    [
        ("2025-21", LAST_DAY, "20250531", "20250601"),
        ("2025-21", BAND, "20250301", "20250601"),
        ("2025-05-09", LAST_DAY, "20250509", "20250510"),
        ("2025-05-09", BAND, "20250509", "20250510"),
        ("2024-02-28", BAND, "20240228", "20240229"),
        ("2024-12-31", BAND, "20241231", "20250101"),
        ("2026", BAND, "20260101", "20270101"),
        ("20XX", BAND, "20000101", "21000101"),
        ("2026-04/..", LAST_DAY, "20260401", "20260402"),
        ("2026-04/..", BAND, "20260401", "20260402"),
        ("2026-04/", BAND, "20260401", "20260402"),
        ("../2026-07-01", LAST_DAY, "20260701", "20260702"),
        ("../2026-07-01", BAND, "20260701", "20260702"),
        ("0001-01-01", BAND, "00010101", "00010102"),
    ],
)
def test_days_are_drawn_as_chosen_with_an_exclusive_end(
    window: str, choices: CalendarChoices, first: str, end: str
) -> None:
    assert span(make_entry(window=window), choices) == ([first], [end])


@pytest.mark.parametrize(
    ("window", "first", "end"),
    [
        ("9999-12-30", "99991230", ["99991231"]),
        ("9999-12-31", "99991231", []),
        ("9999", "99990101", ["99991231"]),
        ("9999-12-30/9999-12-31", "99991230", ["99991231"]),
    ],
)
def test_the_last_day_of_all_has_no_day_after_it(window: str, first: str, end: list[str]) -> None:
    assert span(make_entry(window=window), BAND) == ([first], end)


def test_an_undated_entry_is_in_no_calendar() -> None:
    entry = make_entry(window="")

    assert event_fragment(entry, LAST_DAY) == b""
    assert days_shown(entry, BAND) is None


@pytest.mark.parametrize(
    ("window", "words", "choices", "expected"),
    [
        ("2025-21", "spring 2025", LAST_DAY, "spring 2025: Opening of the Alley"),
        ("2025-21", "spring 2025", BAND, "Opening of the Alley"),
        ("2025-05-09", "9 May 2025", LAST_DAY, "Opening of the Alley"),
        ("2025-05-09", "9 May 2025", BAND, "Opening of the Alley"),
        ("2025-05-09~", "about 9 May 2025", LAST_DAY, "about 9 May 2025: Opening of the Alley"),
        ("2025-05-09?", "9 May 2025?", BAND, "9 May 2025?: Opening of the Alley"),
        ("2026-04/..", "from April 2026", LAST_DAY, "from April 2026: Opening of the Alley"),
        ("2026-04/..", "from April 2026", BAND, "from April 2026: Opening of the Alley"),
        ("../2026", "by the end of 2026", BAND, "by the end of 2026: Opening of the Alley"),
    ],
)
def test_title_has_the_words_where_the_drawn_days_do_not_say_them(
    window: str, words: str, choices: CalendarChoices, expected: str
) -> None:
    assert title(make_entry(window=window, window_words=words), choices) == expected


@pytest.mark.parametrize("status", sorted(FINAL_STATUSES))
def test_a_final_verdict_stays_with_its_word_in_the_title(status: Status) -> None:
    entry = make_entry(status=str(status.value), status_label=str(status.label))

    fragment = event_fragment(entry, LAST_DAY)

    assert title(entry) == f"{status.label}: spring 2025: Opening of the Alley"
    assert values(fragment, "STATUS") == ["CONFIRMED"]
    assert event_fragment(entry, CalendarChoices(done="drop")) == b""


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL_STATUSES))
def test_what_is_open_is_never_dropped_and_bears_no_verdict(status: Status) -> None:
    entry = make_entry(status=str(status.value), status_label=str(status.label))

    assert event_fragment(entry, CalendarChoices(done="drop")) == event_fragment(entry, LAST_DAY)
    assert title(entry) == "spring 2025: Opening of the Alley"


@pytest.mark.parametrize(
    ("window", "strength", "status", "expected"),
    [
        ("2025", "promise", "announced", "CONFIRMED"),
        ("2025~", "promise", "announced", "CONFIRMED"),
        ("2025?", "promise", "announced", "TENTATIVE"),
        ("2025%", "promise", "in_progress", "TENTATIVE"),
        ("2025/2026?", "promise", "stalled", "TENTATIVE"),
        ("2025", "proposal", "announced", "TENTATIVE"),
        ("2025?", "proposal", "delivered", "CONFIRMED"),
    ],
)
def test_what_is_uncertain_or_only_proposed_is_tentative(
    window: str, strength: str, status: str, expected: str
) -> None:
    entry = make_entry(window=window, strength=strength, status=status)

    assert values(event_fragment(entry, LAST_DAY), "STATUS") == [expected]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_colour_of_its_own(status: Status) -> None:
    colours = values(event_fragment(make_entry(status=str(status.value)), LAST_DAY), "COLOR")

    assert colours == [STATUS_COLOURS[status]]
    assert len(set(STATUS_COLOURS.values())) == len(Status)


def test_a_tombstone_tells_nothing_of_the_record() -> None:
    entry = make_entry(
        **ALL_TEXTS,
        is_tombstone=True,
        status="delivered",
        wording="SECRET",
        window_words="SECRET",
        url="https://example.org/c/SECRET",
        citations=(replace(CITATION, quote="SECRET"),),
        revision=4,
    )

    fragment = event_fragment(entry, CalendarChoices(alarms=(1,), links=True, done="drop"))

    assert b"SECRET" not in fragment
    assert values(fragment, "SUMMARY") == ["Withdrawn"]
    assert values(fragment, "STATUS") == ["CANCELLED"]
    assert values(fragment, "UID") == ["b2345678@commitments.invalid"]
    assert values(fragment, "SEQUENCE") == ["4"]
    names = re.findall(r"(?m)^([A-Z-]+)[;:]", fragment.decode())
    assert names == [
        *("BEGIN", "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND"),
        *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "SUMMARY", "END"),
    ]


def test_place_topics_and_address_are_written() -> None:
    fragment = event_fragment(make_entry(place="Astana, by the river"), LAST_DAY)

    assert values(fragment, "LOCATION") == ["Astana\\, by the river"]
    assert values(fragment, "CATEGORIES") == ["culture,memory"]
    assert values(fragment, "URL") == ["https://example.org/c/b2345678/"]


def test_what_an_entry_does_not_have_is_no_line() -> None:
    fragment = event_fragment(make_plain_entry("Games"), LAST_DAY)

    assert not {"LOCATION", "CATEGORIES", "LINK"} & set(
        re.findall("(?m)^[A-Z]+", fragment.decode())
    )


def test_links_are_written_only_on_request() -> None:
    entry = make_entry(citations=(CITATION, replace(CITATION, source_url="")))

    assert b"LINK" not in event_fragment(entry, LAST_DAY)
    unfolded = event_fragment(entry, CalendarChoices(links=True)).replace(b"\r\n ", b"")
    [link] = re.findall("(?m)^LINK.*(?=\r$)", unfolded.decode())
    params, address = "VALUE=URI;LINKREL=via;LABEL=Statements for the media", CITATION.source_url
    assert link == f"LINK;{params}:{address}"


@pytest.mark.parametrize(
    ("window", "choices", "lines"),
    [
        ("2025-05-09", LAST_DAY, ["TRIGGER:PT9H", "TRIGGER:-PT15H", "TRIGGER:-P6DT15H"]),
        ("2025-05-09", BAND, ["TRIGGER:PT9H", "TRIGGER:-PT15H", "TRIGGER:-P6DT15H"]),
        ("2025-21", LAST_DAY, ["TRIGGER:PT9H", "TRIGGER:-PT15H", "TRIGGER:-P6DT15H"]),
        (
            "2025-21",
            BAND,
            [f"TRIGGER;RELATED=END:{value}" for value in ("-PT15H", "-P1DT15H", "-P7DT15H")],
        ),
    ],
)
def test_alarms_ring_at_nine_before_the_last_possible_day(
    window: str, choices: CalendarChoices, lines: list[str]
) -> None:
    fragment = event_fragment(make_entry(window=window), replace(choices, alarms=(0, 1, 7)))

    assert re.findall(r"(?m)^TRIGGER.*(?=\r$)", fragment.decode()) == lines
    assert fragment.count(b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n") == 3
    assert fragment.count(b"END:VALARM\r\n") == 3


def test_what_is_settled_rings_no_more() -> None:
    entry = make_entry(status="delivered", status_label="delivered")

    assert b"VALARM" not in event_fragment(entry, CalendarChoices(alarms=(1,)))


def test_description_tells_standing_quote_moves_and_link_in_this_order() -> None:
    text = values(event_fragment(make_entry(note="Counted in Astana."), LAST_DAY), "DESCRIPTION")[0]

    assert (
        text.replace("\\n", "\n").replace("\\,", ",")
        == """\
A walk with trees in the middle of Astana.

Status: announced
Evidence: none found (as of 20 February 2025)
Date: spring 2025 (as it was put: “spring of 2025”)
Promised by: Kazakhstan

Counted in Astana.

“We will open the Alley in the spring of 2025.” (Kassym-Jomart Tokayev, \
Statements for the media, 27 November 2024, paragraph 22)
https://example.org/statements

The date was moved:
1 March 2025, slipped: from 2024 to spring 2025 (151 days later). Works are late.

https://example.org/c/b2345678/"""
    )


@pytest.mark.parametrize(
    ("slip_days", "words"),
    [(1, " (1 day later)"), (-1, " (1 day earlier)"), (-30, " (30 days earlier)"), (0, "")],
)
def test_a_move_tells_its_slip(slip_days: int, words: str) -> None:
    move = replace(MOVE, slip_days=slip_days, reason="", from_words="")
    text = values(event_fragment(make_entry(moves=(move,)), LAST_DAY), "DESCRIPTION")[0]

    line = f"1 March 2025\\, slipped: from undated to spring 2025{words}\\n\\nhttps"
    assert line in text


def test_the_quote_that_announced_it_goes_before_the_others() -> None:
    report = replace(CITATION, role="reports", quote="It is half done.")
    silent = replace(CITATION, quote="")

    for citations, quote in [
        ((silent, report, CITATION), CITATION.quote),
        ((silent, report), "It is half done."),
    ]:
        text = values(event_fragment(make_entry(citations=citations), LAST_DAY), "DESCRIPTION")[0]
        assert re.findall("“([^”]*)” \\(Kassym", text) == [quote]


def test_windows_of_any_precision_have_days_that_a_calendar_can_draw() -> None:
    for text in ["2026-04-01", "2026-04", "2026-24", "2026-36", "2026-41", "2026", "202X", "20XX"]:
        window = Window.parse(text)
        assert days_shown(make_entry(window=text), BAND) == (window.earliest, window.latest)
        assert days_shown(make_entry(window=text), LAST_DAY) == (window.latest, window.latest)


def test_a_title_with_nothing_to_see_gives_way_to_the_public_id() -> None:
    assert title(make_plain_entry(" \x00\n", number=7)) == "p0000007"


def test_words_of_the_source_are_told_only_where_they_differ() -> None:
    for wording, line in [
        ("spring of 2025", "Date: spring 2025 (as it was put: “spring of 2025”)"),
        ("spring 2025", "Date: spring 2025"),
        ("", "Date: spring 2025"),
    ]:
        text = values(event_fragment(make_entry(wording=wording), LAST_DAY), "DESCRIPTION")[0]
        assert f"\\n{line}\\nPromised by" in text


def test_what_is_only_proposed_is_said_to_be() -> None:
    proposal = event_fragment(make_entry(strength="proposal"), LAST_DAY)

    assert "\\nOnly proposed so far\\, not promised.\\n" in values(proposal, "DESCRIPTION")[0]
    assert b"proposed" not in event_fragment(make_entry(), LAST_DAY)
