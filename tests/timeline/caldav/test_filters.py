"""The filter of a calendar-query: which items it finds, and what is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.http import QueryDict

from commitments.models import Commitment
from tests.builders import make_commitment
from tests.timeline.caldav.asking import ALL, C, ask, condition_of, multistatus, query
from timeline.feeds.path_queries import path_part_of

pytestmark = pytest.mark.django_db

TODOS = f"/dav/lists/{path_part_of(QueryDict('show=window&todos=yes'))}/calendar/"


def found(inner: str, *, path: str = ALL) -> list[str]:
    """The titles of what is found, to-dos with a star in front."""
    titles = dict(Commitment.objects.values_list("public_id", "title"))
    names = [
        href.removeprefix(path).removesuffix(".ics")
        for href in multistatus(query(inner, path=path))
    ]
    return sorted(
        f"*{titles[name.removesuffix('-todo')]}" if name.endswith("-todo") else titles[name]
        for name in names
    )


def events(inner: str) -> str:
    return f'<C:comp-filter name="VEVENT">{inner}</C:comp-filter>'


def todos(inner: str) -> str:
    return f'<C:comp-filter name="VTODO">{inner}</C:comp-filter>'


def between(start: str, end: str) -> str:
    given = f'start="{start}"' if start else ""
    return f"<C:time-range {given} {f'end={chr(34)}{end}{chr(34)}' if end else ''}/>"


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        ("20261124T235959Z", "20261125T000000Z", True),
        ("20261125T000000Z", "20261126T000000Z", False),
        ("20261123T000000Z", "20261124T000000Z", False),
        ("20261123T000000Z", "20261124T000001Z", True),
        ("", "20261124T000000Z", False),
        ("", "20261124T000001Z", True),
        ("20261124T235959Z", "", True),
        ("20261125T000000Z", "", False),
        ("00010101T000000Z", "99991231T235959Z", True),
    ],
)
def test_an_event_takes_its_whole_day(start: str, end: str, is_found: bool) -> None:
    make_commitment(title="Day", window="2026-11-24")
    assert found(events(between(start, end))) == ["Day"] * is_found


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        ("20251231T000000Z", "20260101T000000Z", False),
        ("20251231T000000Z", "20260101T000001Z", True),
        ("20260601T000000Z", "20260602T000000Z", True),
        ("20261231T235959Z", "20270101T000000Z", True),
        ("20270101T000000Z", "20270102T000000Z", False),
    ],
)
def test_a_band_takes_all_its_days(start: str, end: str, is_found: bool) -> None:
    make_commitment(title="Year", window="2026")
    assert found(events(between(start, end)), path=TODOS) == ["Year"] * is_found


def test_the_last_day_that_there_is_can_be_asked_for() -> None:
    make_commitment(title="Last", window="9999-12-31")
    assert found(events(between("99991231T000000Z", ""))) == ["Last"]


@pytest.mark.parametrize(
    ("window", "start", "end", "is_found"),
    [
        # DTSTART 1 January, DUE 31 December
        ("2026", "20251231T000000Z", "20260101T000000Z", False),
        ("2026", "20251231T000000Z", "20260101T000001Z", True),
        ("2026", "20261230T235959Z", "20261231T000000Z", True),
        ("2026", "20261231T000000Z", "20270101T000000Z", False),
        # DUE alone
        ("2026-05-04", "20260503T235959Z", "20260504T000000Z", True),
        ("2026-05-04", "20260503T000000Z", "20260503T235959Z", False),
        ("2026-05-04", "20260504T000000Z", "20260505T000000Z", False),
        # DTSTART alone
        ("2026-05-04/..", "20260504T000000Z", "20260504T000001Z", True),
        ("2026-05-04/..", "20260504T000001Z", "20260505T000000Z", False),
        ("2026-05-04/..", "20260503T000000Z", "20260504T000000Z", False),
    ],
)
def test_a_to_do_is_found_by_the_table_of_the_rfc(
    window: str, start: str, end: str, is_found: bool
) -> None:
    make_commitment(title="Task", window=window)
    assert found(todos(between(start, end)), path=TODOS) == ["*Task"] * is_found


@pytest.mark.parametrize(
    ("inner", "titles"),
    [
        ("", ["*One", "One"]),
        (events(""), ["One"]),
        (todos(""), ["*One"]),
        (events("<C:is-not-defined/>"), ["*One"]),
        ('<C:comp-filter name="VJOURNAL"/>', []),
        ("<C:is-not-defined/>", []),
        (events("") + todos(""), []),
    ],
)
def test_components_are_found_by_name(inner: str, titles: list[str]) -> None:
    make_commitment(title="One")
    assert found(inner, path=TODOS) == titles


def prop(name: str, inner: str = "") -> str:
    return f'<C:prop-filter name="{name}">{inner}</C:prop-filter>'


def text(value: str, **attributes: str) -> str:
    given = "".join(f' {name.replace("_", "-")}="{one}"' for name, one in attributes.items())
    return f"<C:text-match{given}>{value}</C:text-match>"


@pytest.mark.parametrize(
    ("inner", "is_found"),
    [
        (prop("SUMMARY", text("LONG; AND, WIDE")), True),
        (prop("summary", text("long; and, wide", collation="i;octet")), True),
        (prop("SUMMARY", text("LONG; AND, WIDE", collation="i;octet")), False),
        (prop("SUMMARY", text("МОСТ")), False),
        (prop("SUMMARY", text("Мост")), True),
        (prop("SUMMARY", text("tunnel", negate_condition="yes")), True),
        (prop("SUMMARY", text("bridge", negate_condition="yes")), False),
        (prop("DESCRIPTION", text("x" * 90 + " end")), True),
        (prop("LOCATION"), True),
        (prop("LOCATION", "<C:is-not-defined/>"), False),
        (prop("ATTENDEE"), False),
        (prop("ATTENDEE", "<C:is-not-defined/>"), True),
        (prop("TRIGGER"), False),
        (prop("SUMMARY", text("Мост")) + prop("UID", text("@commitments.invalid")), True),
        (prop("SUMMARY", text("Мост")) + prop("UID", text("@elsewhere")), False),
    ],
)
def test_properties_are_found_by_their_text(inner: str, is_found: bool) -> None:
    make_commitment(
        title="Мост (bridge): long; and, wide", place="Astana", summary="x" * 90 + " end"
    )
    assert len(found(events(inner))) == is_found


@pytest.mark.parametrize(
    ("inner", "condition"),
    [
        (events('<C:comp-filter name="VALARM"/>'), "supported-filter"),
        (prop("VERSION"), "supported-filter"),
        (events(prop("DTSTAMP", between("20260101T000000Z", ""))), "supported-filter"),
        (events(prop("SUMMARY", '<C:param-filter name="X"/>')), "supported-filter"),
        (events(prop("SUMMARY", text("a", collation="i;klingon"))), "supported-collation"),
        (events("<C:time-range/>"), "valid-filter"),
        (events(between("20260101", "")), "valid-filter"),
        (events(between("20261301T000000Z", "")), "valid-filter"),
        (events(between("20260102T000000Z", "20260102T000000Z")), "valid-filter"),
    ],
)
def test_what_is_not_understood_is_refused(inner: str, condition: str) -> None:
    assert condition_of(query(inner)) == (403, f"{C}{condition}")


def test_a_query_without_a_filter_is_refused() -> None:
    body = '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"/>'
    assert condition_of(ask("REPORT", ALL, body)) == (403, f"{C}valid-filter")


def test_a_query_of_the_calendar_itself_finds_nothing() -> None:
    make_commitment()
    body = (
        '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:filter>'
        '<C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'
    )
    assert multistatus(ask("REPORT", ALL, body, Depth="0")) == {}
    assert len(multistatus(ask("REPORT", ALL, body))) == 1


def test_only_text_calendar_can_be_asked_for() -> None:
    wanted = '<C:calendar-data content-type="application/calendar+json" version="2.0"/>'
    assert condition_of(query("", wanted=wanted)) == (403, f"{C}supported-calendar-data")
    wanted = '<C:calendar-data content-type="text/calendar" version="2.0"/>'
    assert query("", wanted=wanted).status_code == 207


def test_a_path_is_quoted_once() -> None:
    assert quote(TODOS) == TODOS
