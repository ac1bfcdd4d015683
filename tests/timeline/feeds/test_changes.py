"""Feeds of changes: what the formats demand, bytes that stand still, no text of what is gone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import move_date
from commitments.actions.links import merge_commitments
from commitments.actions.publication import retract_commitment
from commitments.enums import PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import NOW, make_admin, make_commitment, make_commitment_in, make_party
from timeline.feeds import changes

pytestmark = pytest.mark.django_db

ATOM, JSON = "/feeds/changes.atom", "/feeds/changes.json"
NAMES = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _standing_clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def atom(client: Client, query: str = "") -> Any:
    answer = client.get(f"{ATOM}?{query}")
    assert answer.status_code == 200, answer.content
    return etree.fromstring(answer.content)


def items(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{JSON}?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def texts(element: Any, path: str) -> list[str]:
    return [one.text for one in element.findall(path, NAMES)]


def links(element: Any) -> dict[str, str]:
    return {one.get("rel"): one.get("href") for one in element.findall("a:link", NAMES)}


def retract(commitment: Commitment, *, now: datetime = NOW) -> None:
    retract_commitment(commitment=commitment, actor=make_admin(), now=now, reason="It was wrong.")


def assert_is_atom(feed: Any) -> None:
    """What RFC 4287 says must be there, once each, and in the form that it must have."""
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for parent in (feed, *feed.findall("a:entry", NAMES)):
        for name in ("id", "title", "updated"):  # 4.1.1, 4.1.2
            (text,) = texts(parent, f"a:{name}")
            assert text
        (identity,) = texts(parent, "a:id")
        assert urlsplit(identity).scheme  # 4.2.6: an absolute IRI
        (updated,) = texts(parent, "a:updated")
        assert datetime.fromisoformat(updated).tzinfo is not None  # 3.3
    assert texts(feed, "a:author/a:name"), "4.1.1: an author of the feed or of each entry"
    assert links(feed)["self"].startswith(settings.SITE_URL + ATOM)
    ids = texts(feed, "a:entry/a:id")
    assert len(ids) == len(set(ids))
    for entry in feed.findall("a:entry", NAMES):
        assert links(entry)["alternate"].startswith(settings.SITE_URL)  # 4.1.2: no content
        assert len(entry.findall("a:summary", NAMES)) == 1


def assert_is_json_feed(document: dict[str, Any]) -> None:
    """What jsonfeed.org/version/1.1 says must be there."""
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"]
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
    ids = [item["id"] for item in document["items"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_feeds_are_what_their_formats_demand(client: Client, language: str) -> None:
    make_commitment_in(Status.STALLED)
    retract(make_commitment())
    feed = atom(client, f"language={language}")
    assert_is_atom(feed)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    answer = client.get(f"{JSON}?language={language}")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    assert_is_json_feed(answer.json())
    assert answer.json()["language"] == language


def test_an_empty_feed_is_a_feed_and_stands_still(client: Client) -> None:
    first = client.get(ATOM)
    assert_is_atom(etree.fromstring(first.content))
    assert_is_json_feed(client.get(JSON).json())
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert client.get(ATOM).content == first.content


def test_both_formats_tell_the_same_changes_under_the_same_ids(client: Client) -> None:
    make_commitment()
    make_commitment()
    feed, told = atom(client), items(client)
    assert texts(feed, "a:entry/a:id") == [item["id"] for item in told]
    assert texts(feed, "a:entry/a:title") == [item["title"] for item in told]


def test_an_entry_says_in_words_what_happened_and_how_it_stands(client: Client) -> None:
    party = make_party("kz", name="Kazakhstan")
    made = make_commitment(
        title="The alley",
        window="2025-21",
        summary="An alley.",
        parties=[(party, PartyRole.PROMISED_BY)],
    )
    move_date(
        commitment=made,
        window=Window.parse("2026"),
        citations=[made.citations.get()],
        actor=make_admin(),
        now=NOW,
    )
    newest = items(client)[0]
    assert newest == {
        "id": f"tag:localhost,2026-11-24:change/{made.revisions.latest('number').number}",
        "url": f"{settings.SITE_URL}/c/{made.public_id}/",
        "title": "The alley: date moved",
        "content_text": "Date: spring 2025 → 2026.\n\nAn alley.\n\n"
        "When: 2026. Status: announced. Evidence: none found.\n\nPromised by Kazakhstan.",
        "date_published": "2026-11-24T09:00:00+00:00",
        "tags": ["date_moved"],
    }


def test_a_verdict_and_a_correction_are_told_in_words(client: Client) -> None:
    made = make_commitment_in(Status.DELIVERED)
    assert "Status: announced → delivered." in items(client)[0]["content_text"]
    correct_commitment(
        commitment=made, fields={"title": "New", "place": "Aktau"}, actor=make_admin(), now=NOW
    )
    assert "Corrected: title, place." in items(client)[0]["content_text"]


def test_ids_stay_when_the_title_does_not(client: Client) -> None:
    made = make_commitment(title="Old title")
    before = [item["id"] for item in items(client)]
    correct_commitment(commitment=made, fields={"title": "New"}, actor=make_admin(), now=NOW)
    assert [item["id"] for item in items(client)][1:] == before
    assert [item["id"] for item in items(client, "language=ru")][1:] == before


@pytest.mark.parametrize("path", [ATOM, JSON])
def test_what_was_taken_back_leaves_one_entry_without_its_text(client: Client, path: str) -> None:
    made = make_commitment(title="Hushed-up", summary="Hushed-up", place="Hushed-up")
    make_commitment(title="Hushed-up", published=False)
    assert b"Hushed-up" in client.get(path).content
    retract(made)
    content = client.get(path).content
    assert b"ushed-up" not in content
    assert made.public_id.encode() in content
    assert [item["title"] for item in items(client)] == [f"No longer shown: {made.public_id}"]


@pytest.mark.parametrize(("days", "shown"), [(89, 1), (90, 1), (91, 0)])
def test_a_tombstone_is_told_for_ninety_days(client: Client, days: int, shown: int) -> None:
    retract(make_commitment(), now=datetime(2026, 11, 24, tzinfo=UTC) - timedelta(days=days))
    assert len(items(client)) == shown


def test_a_merged_one_says_where_it_goes_on(client: Client) -> None:
    duplicate, kept = make_commitment(), make_commitment()
    merge_commitments(
        duplicate=duplicate, kept=kept, actor=make_admin(), now=NOW, reason="The same."
    )
    (gone,) = [item for item in items(client) if item["url"].endswith(f"{duplicate.public_id}/")]
    assert f"/c/{kept.public_id}/" in gone["content_text"]


def test_a_filter_selects_and_stands_in_every_address(client: Client) -> None:
    made = make_commitment(kind="event")
    make_commitment(kind="target")
    feed = atom(client, "kind=event&status=announced&status=")
    assert [made.public_id in one for one in texts_of_links(feed)] == [True]
    itself = links(feed)["self"]
    assert itself == f"{settings.SITE_URL}{ATOM}?kind=event&status=announced&language=en"
    assert texts(feed, "a:id") == [itself]
    assert client.get(itself.removeprefix(settings.SITE_URL)).content == etree_bytes(client)


def texts_of_links(feed: Any) -> list[str]:
    return [links(entry)["alternate"] for entry in feed.findall("a:entry", NAMES)]


def etree_bytes(client: Client) -> bytes:
    return client.get(f"{ATOM}?kind=event&status=announced&status=").content


def test_pages_go_back_to_the_beginning_though_changes_are_added(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    made = make_commitment()
    for number in range(5):
        fields = {"place": f"Place {number}"}
        correct_commitment(commitment=made, fields=fields, actor=make_admin(), now=NOW)
    whole = list(range(made.revisions.latest("number").number, 0, -1))[:6]
    seen: list[int] = []
    address = f"{ATOM}?language=en"
    while address:
        feed = etree.fromstring(client.get(address).content)
        assert_is_atom(feed)
        assert links(feed)["first"] == f"{settings.SITE_URL}{ATOM}?language=en"
        seen += [int(one.rpartition("/")[2]) for one in texts(feed, "a:entry/a:id")]
        correct_commitment(
            commitment=made, fields={"place": f"At {len(seen)}"}, actor=make_admin(), now=NOW
        )
        address = links(feed).get("next", "").removeprefix(settings.SITE_URL)
    assert seen == whole
    assert client.get(f"{JSON}?language=en").json()["next_url"].endswith(f"&before={whole[0] + 2}")


HOSTILE = [
    "A\x0bB",
    "]]> <b>bold</b> & \"quoted\" 'so'",
    "line\nbreak\u2028and\u2029more\x85end",
    "\u202eright to left",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🚀 \ufffe\uffff",
    "\x00\x01\x1f\x7f\x9f",
    "<!--&#0;<![CDATA[",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_a_feed(client: Client, title: str) -> None:
    made = make_commitment()
    # As it may have come in before the input was checked.
    stored = title.replace("\x00", "")
    Commitment.objects.filter(pk=made.pk).update(title=stored, summary=stored)
    feed = atom(client)
    assert_is_atom(feed)
    assert_is_json_feed(json.loads(client.get(JSON).content))
    (shown,) = texts(feed, "a:entry/a:title")
    assert shown == items(client)[0]["title"]
    assert shown.isprintable()
    assert shown.endswith(": published")


@pytest.mark.parametrize("path", [ATOM, JSON])
def test_unchanged_is_304_and_a_change_is_not(client: Client, path: str) -> None:
    made = make_commitment()
    first, again = client.get(path), client.get(path)
    assert first.content == again.content
    assert first["Last-Modified"] == "Wed, 27 Nov 2024 12:00:00 GMT"
    assert first["Cache-Control"].startswith("public, max-age=60")
    assert not first.cookies
    tag = first["ETag"]
    assert tag.startswith('"')
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    assert client.head(path)["ETag"] == tag
    retract(made)
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("path", [ATOM, JSON])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("kind=x", "kind"),
        ("party=nobody", "party"),
        ("language=de", "language"),
        ("before=x", "before"),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    client: Client, path: str, query: str, named: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.content.decode().startswith(f"{named}: ")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feeds_are_for_reading_only(client: Client, method: str) -> None:
    assert getattr(client, method)(ATOM).status_code == 405


def test_the_queries_do_not_grow_with_the_changes(client: Client) -> None:
    counts = []
    for more in (1, 2):
        for _number in range(more):
            make_commitment_in(Status.DELIVERED)
            retract(make_commitment())
        with CaptureQueriesContext(connection) as captured:
            client.get(ATOM)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 16
    with CaptureQueriesContext(connection) as captured:
        client.get(ATOM)
    assert len(captured) == 1, "kept while the record stands"
