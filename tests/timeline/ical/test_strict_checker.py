from __future__ import annotations

import pytest

from tests.timeline.ical.samples import make_entry
from tests.timeline.ical.strict_checker import problems
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices

GOOD = b"".join(
    write_calendar(
        [make_entry(window="2025-05-09", title="Opening", summary="é" * 100)],
        name="All",
        choices=CalendarChoices(alarms=(1,)),
    )
)
EVENT = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"END:VCALENDAR")]


def test_a_perfect_calendar_has_no_problem() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"SUMMARY:Opening\r\n", b"SUMMARY:Opening\n", "line 21: bare CR or LF"),
        (b"SUMMARY:Opening\r\n", b"SUMMARY:Ope\rning\r\n", "line 21: bare CR or LF"),
        (b"SUMMARY:Opening", b"SUMMARY:" + b"x" * 68, "line 21: 76 octets"),
        (b"SUMMARY:Opening", b"SUMMARY:\xc3", "line 21: no UTF-8 by itself"),
        (b"SUMMARY:Opening", b"SUMMARY:\x07", "line 21: control character"),
        (b"SUMMARY:Opening", "SUMMARY:a\u2028b".encode(), "line 21: control character"),
        (b"SUMMARY:Opening\r\n", b"SUMMARY:Opening\r\n\r\n", "line 22: blank"),
        (b"SUMMARY:Opening", b"SUMMARY:Open\r\n\ting", "folded with a tab"),
        (b"BEGIN:VCALENDAR", b" BEGIN:VCALENDAR", "line 1: continues nothing"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"SUMMARY:Opening", b"SUMMARY:a;b", "SUMMARY: value 'a;b'"),
        (b"SUMMARY:Opening", b"SUMMARY:a,b", "SUMMARY: value 'a,b'"),
        (b"SUMMARY:Opening", b"SUMMARY:a\\xb", "SUMMARY: value 'a\\\\xb'"),
        (b"SUMMARY:Opening", b"SUMMARY:a\\", "SUMMARY: value 'a\\\\'"),
        (b"SUMMARY:Opening", b"SUMMARY;X=1:a", "SUMMARY: parameters ';X=1'"),
        (b"SUMMARY:Opening\r\n", b"", "VEVENT: SUMMARY 0 times"),
        (b"SUMMARY:Opening\r\n", b"Opening\r\n", "no content line: Opening"),
        (b"SEQUENCE:3\r\n", b"SEQUENCE:3\r\nSEQUENCE:3\r\n", "VEVENT: SEQUENCE 2 times"),
        (b"SEQUENCE:3", b"SEQUENCE:-3", "SEQUENCE: value '-3'"),
        (b"DTSTAMP:20250301", b"DTSTAMP:20250302", "DTSTAMP is not LAST-MODIFIED"),
        (b"DTSTART;VALUE=DATE:20250509", b"DTSTART;VALUE=DATE:20250230", "no such day 20250230"),
        (b"DTEND;VALUE=DATE:20250510", b"DTEND;VALUE=DATE:20250509", "not after DTSTART 20250509"),
        (b"DTEND;VALUE=DATE:20250510", b"DTEND;VALUE=DATE:20250508", "not after DTSTART 20250509"),
        (b"DTEND;VALUE=DATE", b"DTEND", "DTEND: parameters ''"),
        (b"STATUS:CONFIRMED", b"STATUS:COMPLETED", "STATUS: value 'COMPLETED'"),
        (b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE", "TRANSP: value 'OPAQUE'"),
        (b"TRANSP:", b"ATTENDEE:mailto:x@y\r\nTRANSP:", "VEVENT: ATTENDEE does not belong here"),
        (b"TRANSP:", b"ORGANIZER:mailto:x@y\r\nTRANSP:", "VEVENT: ORGANIZER does not belong here"),
        (b"CALSCALE:", b"METHOD:PUBLISH\r\nCALSCALE:", "VCALENDAR: METHOD does not belong here"),
        (b"CALSCALE:", b"UID:x\r\nCALSCALE:", "VCALENDAR: UID does not belong here"),
        (b"CALSCALE:", b"SOURCE:x\r\nCALSCALE:", "VCALENDAR: SOURCE does not belong here"),
        (
            b"REFRESH-INTERVAL;VALUE=DURATION",
            b"REFRESH-INTERVAL",
            "REFRESH-INTERVAL: parameters ''",
        ),
        (b"VERSION:2.0\r\n", b"", "VCALENDAR: VERSION 0 times"),
        (b"URL:https://", b"URL:javascript:", "URL: value 'javascript:example.org/c/b2345678/'"),
        (b"END:VALARM\r\n", b"", "END:VEVENT closes VALARM"),
        (b"END:VCALENDAR\r\n", EVENT + b"END:VCALENDAR\r\n", "UID twice: b2345678@commitments"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\n" * 2, "END:VCALENDAR closes nothing"),
        (b"END:VCALENDAR\r\n", b"", "VCALENDAR is not closed"),
        (EVENT, b"", "VCALENDAR without a component"),
    ],
)
def test_each_fault_is_refused(old: bytes, new: bytes, problem: str) -> None:
    assert GOOD.count(old) >= 1

    found = problems(GOOD.replace(old, new, 1))

    assert len(found) == 1
    assert problem in found[0]


def test_two_calendars_in_one_file_are_refused() -> None:
    assert problems(GOOD + GOOD) == ["not exactly one VCALENDAR"]


def test_a_character_cut_by_a_fold_is_refused_on_both_lines() -> None:
    cut = GOOD.replace(b"SUMMARY:Opening", b"SUMMARY:\xc3\r\n \xa9")

    assert problems(cut) == ["line 21: no UTF-8 by itself", "line 22: no UTF-8 by itself"]
