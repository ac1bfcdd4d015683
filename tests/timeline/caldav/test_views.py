"""Homes, calendars and items over HTTP: methods, properties, conditional requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import retract_commitment
from commitments.enums import Status
from tests.builders import NOW, make_approver, make_commitment, make_commitment_in, make_topic
from tests.timeline.caldav.asking import (
    ALL,
    CS,
    C,
    D,
    ask,
    condition_of,
    list_path,
    multiget,
    multistatus,
    propfind,
    query,
    sync,
)
from timeline import record_reader
from timeline.entries import Entry
from timeline.models import FeedFetch

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WRITES = ("PUT", "DELETE", "PROPPATCH", "MKCALENDAR", "MKCOL", "POST", "MOVE", "COPY", "LOCK")
READS = "GET, HEAD, OPTIONS, PROPFIND"


@pytest.mark.parametrize("method", ["GET", "PROPFIND", "OPTIONS"])
def test_well_known_leads_to_the_home(method: str) -> None:
    response = ask(method, "/.well-known/caldav")
    assert (response.status_code, response["Location"]) == (301, "/dav/")


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/dav/", READS), (ALL, f"{READS}, REPORT"), (f"{ALL}bbbbbbbb.ics", READS)],
)
def test_nothing_can_be_written(method: str, path: str, allowed: str) -> None:
    response = ask(method, path, "BEGIN:VCALENDAR")
    assert (response.status_code, response["Allow"]) == (405, allowed)
    options = ask("OPTIONS", path)
    assert (options.status_code, options["Allow"]) == (200, allowed)
    assert options["DAV"] == response["DAV"] == "1, 3, calendar-access"


def test_a_client_finds_its_way_from_the_host_to_the_calendar() -> None:
    told = propfind("/dav/", "D:current-user-principal")["/dav/"]
    assert told.found[f"{D}current-user-principal"][0].text == "/dav/"
    told = propfind("/dav/", "C:calendar-home-set")["/dav/"]
    assert told.found[f"{C}calendar-home-set"][0].text == "/dav/"
    listed = propfind("/dav/", "D:resourcetype", "D:displayname", depth="1")
    types = {
        href: [one.tag for one in told.found[f"{D}resourcetype"]] for href, told in listed.items()
    }
    assert types == {
        "/dav/": [f"{D}collection", f"{D}principal"],
        ALL: [f"{D}collection", f"{C}calendar"],
    }


def test_a_calendar_says_that_it_is_read_only_and_what_it_can_do() -> None:
    told = propfind(
        ALL,
        "D:current-user-privilege-set",
        "D:supported-report-set",
        "C:supported-calendar-component-set",
        "D:nope",
    )[ALL]
    privileges = [one[0].tag for one in told.found[f"{D}current-user-privilege-set"]]
    assert privileges == [f"{D}read", f"{D}read-current-user-privilege-set"]
    reports = [one[0][0].tag for one in told.found[f"{D}supported-report-set"]]
    assert reports == [f"{C}calendar-query", f"{C}calendar-multiget", f"{D}sync-collection"]
    components = told.found[f"{C}supported-calendar-component-set"]
    assert [one.get("name") for one in components] == ["VEVENT"]
    assert told.missing == [f"{D}nope"]


def test_a_brief_answer_leaves_out_what_is_not_there() -> None:
    for headers in ({"Prefer": "return=minimal"}, {"Brief": "t"}):
        assert propfind(ALL, "D:nope", "D:displayname", **headers)[ALL].missing == []
    assert propfind(ALL, "D:nope", Brief="t")[ALL].status == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("body", ["", '<propfind xmlns="DAV:"><allprop/></propfind>'])
def test_all_properties_are_those_of_webdav(body: str) -> None:
    made = make_commitment()
    told = multistatus(ask("PROPFIND", f"{ALL}{made.public_id}.ics", body, Depth="0"))
    [item] = told.values()
    assert set(item.found) == {
        f"{D}{name}"
        for name in (
            "resourcetype",
            "getetag",
            "getcontenttype",
            "getcontentlength",
            "getlastmodified",
            "current-user-principal",
            "owner",
            "current-user-privilege-set",
            "supported-report-set",
        )
    }
    assert item.missing == []


def test_the_names_of_properties_can_be_asked_for() -> None:
    body = '<propfind xmlns="DAV:"><propname/></propfind>'
    told = multistatus(ask("PROPFIND", ALL, body, Depth="0"))[ALL]
    assert {f"{CS}getctag", f"{D}sync-token"} <= set(told.found)
    assert [one.text for one in told.found.values() if one.text] == []


@pytest.mark.parametrize("path", ["/dav/", ALL])
@pytest.mark.parametrize("headers", [{}, {"Depth": "infinity"}])
def test_endless_depth_is_refused(path: str, headers: dict[str, str]) -> None:
    response = ask("PROPFIND", path, **headers)
    assert condition_of(response) == (403, f"{D}propfind-finite-depth")


def test_depth_is_0_1_or_infinity() -> None:
    assert condition_of(ask("PROPFIND", ALL, Depth="2")) == (400, "")


def test_a_listing_has_the_dated_and_public_and_no_text_of_others() -> None:
    shown = make_commitment(title="Shown")
    taken, undated, draft = (
        make_commitment(title="Secret"),
        make_commitment(title="Secret", window=""),
        make_commitment(title="Secret", published=False),
    )
    retract_commitment(commitment=taken, actor=make_approver(), now=NOW, reason="Secret.")
    hrefs = [ALL, f"{ALL}{shown.public_id}.ics"]
    assert list(propfind(ALL, "D:getetag", depth="1")) == hrefs
    whole = query("", wanted="<C:calendar-data/>")
    assert list(multistatus(whole)) == hrefs[1:]
    assert b"Secret" not in whole.content + sync().content
    for hidden in (taken, undated, draft):
        path = f"{ALL}{hidden.public_id}.ics"
        assert ask("GET", path).status_code == 404
        assert multistatus(multiget(path))[path].status == "HTTP/1.1 404 Not Found"


def test_an_item_is_one_calendar_and_the_same_bytes_everywhere() -> None:
    made = make_commitment(title="Bridge; long, \\ wide", window="2026-05")
    path = f"{ALL}{made.public_id}.ics"
    told = multistatus(multiget(path))[path]
    response = ask("GET", path)
    assert response.content.decode() == told.text(f"{C}calendar-data")
    assert response["ETag"] == told.text(f"{D}getetag")
    listed = propfind(path, "D:getetag", "D:getcontentlength", "D:getcontenttype")[path]
    assert listed.text(f"{D}getetag") == response["ETag"]
    assert listed.text(f"{D}getcontentlength") == str(len(response.content))
    assert listed.text(f"{D}getcontenttype") == response["Content-Type"]
    assert response["Content-Type"] == "text/calendar; charset=utf-8; component=vevent"
    assert (response.content.count(b"BEGIN:VEVENT"), response.content.count(b"\n")) == (
        1,
        response.content.count(b"\r\n"),
    )


def test_an_unchanged_item_is_not_sent_again() -> None:
    made, other = make_commitment(), make_commitment()
    path = f"{ALL}{made.public_id}.ics"
    etag = ask("GET", path)["ETag"]
    correct_commitment(commitment=other, fields={"title": "Other"}, actor=None, now=NOW)
    unchanged = ask("GET", path, **{"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    correct_commitment(commitment=made, fields={"title": "Made"}, actor=None, now=NOW)
    changed = ask("HEAD", path, **{"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


def test_hrefs_are_taken_as_clients_write_them_and_each_item_comes_once() -> None:
    made = make_commitment()
    path = f"{ALL}{made.public_id}.ics"
    others = ("/dav/all/", "/elsewhere/x.ics", f"{ALL}a/{made.public_id}.ics", "http://[", "")
    told = multistatus(multiget(f"http://testserver{path}", quote(path, safe=""), path, *others))
    assert told[path].status == ""
    gone = {href for href, one in told.items() if one.status == "HTTP/1.1 404 Not Found"}
    assert gone == set(others)
    assert len(told) == len(others) + 1


def test_thousands_of_made_up_names_are_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("timeline.caldav.answers.MOST_UNSEEN", 2)
    monkeypatch.setattr("timeline.caldav.views.note_fetch", lambda **_about: None)
    made = make_commitment()
    propfind(ALL, "D:getetag", depth="1")
    made_up = [f"{ALL}made-up-{number}.ics" for number in range(3)]
    with django_assert_num_queries(1):
        told = multistatus(multiget(*made_up))
    assert {one.status for one in told.values()} == {"HTTP/1.1 404 Not Found"}
    path = f"{ALL}{made.public_id}.ics"
    assert multistatus(multiget(*made_up, path))[path].status == ""


def test_a_list_has_its_filter_and_choices_in_its_path() -> None:
    topic = make_topic("space")
    inside = make_commitment(topics=[topic], window="2026")
    make_commitment()
    path = list_path("topic=space&show=window&todos=yes&language=ru")
    told = propfind(path, "D:displayname", "D:getcontenttype", depth="1")
    names = [f"{inside.public_id}.ics", f"{inside.public_id}-todo.ics"]
    assert list(told) == [path, *(path + name for name in names)]
    assert told[path].text(f"{D}displayname").endswith("(space)")
    event, todo = (ask("GET", path + name).content for name in names)
    assert (b"BEGIN:VEVENT" in event, b"BEGIN:VTODO" in event) == (True, False)
    assert (b"BEGIN:VEVENT" in todo, b"BEGIN:VTODO" in todo) == (False, True)
    assert b"DTSTART;VALUE=DATE:20260101" in event


def test_a_list_of_finished_things_can_be_dropped() -> None:
    make_commitment_in(Status.DELIVERED)
    path = list_path("done=drop")
    assert list(propfind(path, "D:getetag", depth="1")) == [path]


@pytest.mark.parametrize(
    "text", ["colour=red", "show=nothing", "q=1&q=2", "as_of=2999-01-01", "from=soon"]
)
def test_a_list_that_nobody_can_read_is_not_there(text: str) -> None:
    response = ask("PROPFIND", list_path(text), Depth="1")
    assert condition_of(response) == (404, "")


@pytest.mark.parametrize("part", ["x", "dG9waWM9c3BhY2U=", "%2e%2e", "a" * 2001, "ключ"])
def test_a_part_that_we_never_wrote_is_not_there(part: str) -> None:
    assert ask("PROPFIND", f"/dav/lists/{part}/", Depth="0").status_code == 404


def test_a_list_goes_on_when_the_last_of_its_topic_is_gone() -> None:
    made = make_commitment(topics=[make_topic("space")])
    path = list_path("topic=space")
    assert list(propfind(path, "D:getetag", depth="1")) == [path, f"{path}{made.public_id}.ics"]
    retract_commitment(commitment=made, actor=make_approver(), now=NOW, reason="Wrong.")
    assert list(propfind(path, "D:getetag", depth="1")) == [path]


def test_a_person_is_told_what_the_address_is_for() -> None:
    response = ask("GET", ALL)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "CalDAV" in response.content.decode()


def test_who_synchronises_is_noted_by_family_only() -> None:
    make_commitment()
    propfind(ALL, "D:sync-token", **{"User-Agent": "DAVx5/4.4 (x)"})
    [fetch] = FeedFetch.objects.all()
    assert (fetch.feed, fetch.family, fetch.last_at) == (None, "davx5", NOW)


REQUESTS: dict[str, tuple[Callable[[list[str]], object], int]] = {
    "listing": (lambda _ids: propfind(ALL, "D:getetag", depth="1"), 7),
    "query": (lambda _ids: query('<C:comp-filter name="VEVENT"/>'), 7),
    "query with data": (lambda _ids: query("", wanted="<C:calendar-data/>"), 7),
    "everything": (lambda _ids: sync(), 7),
    "multiget": (lambda ids: multiget(*(f"{ALL}{one}.ics" for one in ids)), 7),
    "item": (lambda ids: ask("GET", f"{ALL}{ids[0]}.ics"), 7),
    "calendar": (lambda _ids: propfind(ALL, "D:sync-token"), 1),
    "home": (lambda _ids: propfind("/dav/", "D:displayname", depth="1"), 1),
}


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("ask_for", "queries"), REQUESTS.values(), ids=list(REQUESTS))
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    items: int,
    ask_for: Callable[[list[str]], object],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [make_commitment(topics=[make_topic()]).public_id for _number in range(items)]
    # Who fetches is noted once a minute: not what is counted here.
    monkeypatch.setattr("timeline.caldav.views.note_fetch", lambda **_about: None)
    with django_assert_num_queries(queries):
        ask_for(made)


def test_a_second_listing_is_not_read_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_commitment()
    propfind(ALL, "D:getetag", depth="1")
    with django_assert_num_queries(1):
        propfind(ALL, "D:getetag", depth="1")


def test_after_a_change_only_what_changed_is_read_for_a_listing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed, taken, kept = (make_commitment() for _number in range(3))
    before = propfind(ALL, "D:getetag", depth="1")
    correct_commitment(commitment=changed, fields={"title": "New"}, actor=None, now=NOW)
    retract_commitment(commitment=taken, actor=make_approver(), now=NOW, reason="Wrong.")
    added = make_commitment()
    read: list[list[str]] = []
    read_entries = record_reader.read_entries

    def reading(params: QueryDict, **asked: Any) -> list[Entry]:
        read.append(sorted(asked["among"] or ["everything"]))
        return read_entries(params, **asked)

    monkeypatch.setattr(record_reader, "read_entries", reading)
    after = propfind(ALL, "D:getetag", depth="1")
    assert read == [sorted(one.public_id for one in (changed, taken, added))]
    etags = {href: told.text(f"{D}getetag") for href, told in after.items() if href != ALL}
    path = f"{ALL}{kept.public_id}.ics"
    assert etags[path] == before[path].text(f"{D}getetag")
    cache.clear()
    fresh = propfind(ALL, "D:getetag", depth="1")
    del fresh[ALL]
    assert etags == {href: told.text(f"{D}getetag") for href, told in fresh.items()}


def test_data_asked_for_after_a_listing_is_that_of_the_matching_ones() -> None:
    make_commitment(window="2025")
    shown = make_commitment(window="2026-05-04")
    propfind(ALL, "D:getetag", depth="1")
    may = (
        '<C:comp-filter name="VEVENT">'
        '<C:time-range start="20260501T000000Z" end="20260601T000000Z"/></C:comp-filter>'
    )
    told = multistatus(query(may, wanted="<C:calendar-data/>"))
    assert list(told) == [f"{ALL}{shown.public_id}.ics"]
    nothing = may.replace("2026", "2027")
    assert multistatus(query(nothing, wanted="<C:calendar-data/>")) == {}


def test_a_large_answer_is_sent_as_it_is_made_and_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [make_commitment(summary="Long. " * 50) for _number in range(5)]
    asked: dict[str, Callable[[], Any]] = {
        "listing": lambda: ask("PROPFIND", ALL, "", Depth="1"),
        "everything": sync,
        "query": lambda: query("", wanted="<C:calendar-data/>"),
        "multiget": lambda: multiget(*(f"{ALL}{one.public_id}.ics" for one in made)),
    }
    whole = {name: ask_for().content for name, ask_for in asked.items()}
    cache.clear()
    monkeypatch.setattr("timeline.caldav.xml.BLOCK_OCTETS", 200)
    for name, ask_for in asked.items():
        response: Any = ask_for()
        assert response.streaming, name
        assert b"".join(response.streaming_content) == whole[name], name


def test_the_session_is_left_alone(client: Client) -> None:
    client.force_login(make_approver())
    response = client.generic("PROPFIND", ALL, headers={"Depth": "0"})
    assert (response.status_code, dict(response.cookies)) == (207, {})
    assert "Cookie" not in response["Vary"]
