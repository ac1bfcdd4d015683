"""The public feeds over HTTP."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.links import merge_commitments
from commitments.actions.publication import retract_commitment
from tests.builders import NOW, make_approver, make_commitment
from timeline.feed_clients import ClientFamily
from timeline.models import FeedFetch
from timeline.record_reader import read_head

FEED = "/feeds/commitments.ics"
PACKED = {"accept-encoding": "gzip, deflate, br"}

pytestmark = pytest.mark.django_db


def test_feed_has_the_headers_of_a_calendar(client: Client) -> None:
    commitment = make_commitment()
    response = client.get(FEED)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=60"
    assert response["ETag"].startswith('"')
    assert response["Last-Modified"] == commitment.changed_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_feed_is_in_the_language_of_its_address_alone(client: Client, language: str) -> None:
    response = client.get(f"{FEED}?language={language}", headers={"accept-language": "de, ru"})
    assert response["Content-Language"] == language
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("wanted", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
@pytest.mark.parametrize("headers", [{}, PACKED])
def test_cal12_feed_answers_304_to_the_etag(
    client: Client, wanted: str, headers: dict[str, str]
) -> None:
    make_commitment()
    etag = client.get(FEED, headers=headers)["ETag"]
    response = client.get(FEED, headers={**headers, "if-none-match": wanted.format(etag=etag)})
    assert response.status_code == 304
    assert response.content == b""
    assert (response["ETag"], response["Vary"]) == (etag, "Accept-Encoding")


def test_feed_answers_304_to_the_etag_of_its_other_form(client: Client) -> None:
    """The plain bytes that a client holds are good, whatever it would take next."""
    make_commitment()
    plain, packed = client.get(FEED)["ETag"], client.get(FEED, headers=PACKED)["ETag"]
    assert plain != packed
    for etag, headers in ((plain, PACKED), (packed, {})):
        response = client.get(FEED, headers={**headers, "if-none-match": etag})
        assert (response.status_code, response["ETag"]) == (304, etag)


@pytest.mark.parametrize("wanted", ['"other"', 'W/"other"', "", "no etag"])
def test_feed_answers_200_to_another_etag(client: Client, wanted: str) -> None:
    make_commitment()
    assert client.get(FEED, headers={"if-none-match": wanted}).status_code == 200


def test_feed_does_not_believe_dates(client: Client) -> None:
    """Two changes within a second have one date, so it cannot tell that nothing changed."""
    make_commitment()
    headers = {"if-modified-since": client.get(FEED)["Last-Modified"]}
    assert client.get(FEED, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
    ],
)
def test_feed_is_packed_for_whoever_takes_it(
    client: Client, accepted: str, is_packed: bool
) -> None:
    make_commitment()
    plain = client.get(FEED).content
    response = client.get(FEED, headers={"accept-encoding": accepted})
    assert response.has_header("Content-Encoding") is is_packed
    body = gzip.decompress(response.content) if is_packed else response.content
    assert body == plain
    assert int(response["Content-Length"]) == len(response.content)


def test_feed_is_packed_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_commitment()
    first = client.get(FEED, headers=PACKED).content
    monkeypatch.setattr("gzip.compress", None)
    assert client.get(FEED, headers=PACKED).content == first


@pytest.mark.parametrize("headers", [{}, PACKED])
def test_cal13_head_is_like_get_without_a_body(client: Client, headers: dict[str, str]) -> None:
    make_commitment()
    get, head = client.get(FEED, headers=headers), client.head(FEED, headers=headers)
    assert head.content == b""
    assert head.headers == get.headers


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_feed_is_for_reading_only(client: Client, method: str) -> None:
    response = getattr(client, method)(FEED)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("status=done", "status"),
        ("show=month", "show"),
        ("from=yesterday", "from"),
        ("q=%00", "q"),
    ],
)
def test_feed_refuses_what_it_does_not_know_by_name(client: Client, query: str, named: str) -> None:
    response = client.get(f"{FEED}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith(f"{named}: ")


def test_feed_has_what_the_filter_asks_for(client: Client) -> None:
    make_commitment(title="Bridge", window="2026")
    make_commitment(title="Tunnel", window="2030")
    body = client.get(f"{FEED}?to=2027-01-01").content.decode()
    assert "Bridge" in body
    assert "Tunnel" not in body


def test_feed_reads_letters_of_every_alphabet_in_its_address(client: Client) -> None:
    make_commitment(title="Аллея")
    for address in (f"{FEED}?q=аллея", f"{FEED}?q=%D0%B0%D0%BB%D0%BB%D0%B5%D1%8F"):
        assert "Аллея" in client.get(address).content.decode()


def take_one_back(number: int) -> None:
    commitment = make_commitment(title=f"Taken {number}")
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")


def correct_one(number: int) -> None:
    correct_commitment(
        commitment=make_commitment(), fields={"title": f"{number}"}, actor=None, now=NOW
    )


@pytest.mark.parametrize("change", [take_one_back, correct_one])
def test_feed_answers_200_right_after_a_change(
    client: Client, change: Callable[[int], None]
) -> None:
    make_commitment()
    etag = client.get(FEED)["ETag"]
    change(1)
    response = client.get(FEED, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert client.get(FEED, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_feed_answers_200_after_the_midnight_on_which_it_changes(client: Client) -> None:
    """The day of a place in UTC+5 begins five hours earlier; a tombstone lapses at UTC's."""
    make_commitment(window="2026-11-24", time_zone="Asia/Almaty")
    midnight = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    answers = []
    etag = ""
    for seconds in (-2, -1, 0, 1):
        with time_machine.travel(midnight + timedelta(seconds=seconds), tick=False):
            address = f"{FEED}?schedule=overdue"
            response = client.get(address, headers={"if-none-match": etag})
            answers.append(response.status_code)
            etag = response["ETag"]
    assert answers == [200, 304, 200, 304]


@pytest.mark.parametrize("size", [1, 3])
def test_a_304_takes_one_query_whatever_the_size(
    client: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(size):
        make_commitment()
    headers = {**PACKED, "if-none-match": client.get(FEED, headers=PACKED)["ETag"]}
    with django_assert_num_queries(1):
        assert client.get(FEED, headers=headers).status_code == 304


@pytest.fixture
def shared_cache(tmp_path: Path) -> Any:
    """The memory of this process, taken for the cache that all processes share."""
    with override_settings(REDIS_URL="redis://the-memory-stands-in-for-it"):
        yield


@pytest.mark.usefixtures("shared_cache")
def test_a_304_takes_no_query_where_processes_share_a_cache(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_commitment()
    headers = {**PACKED, "if-none-match": client.get(FEED, headers=PACKED)["ETag"]}
    with django_assert_num_queries(0):
        assert client.get(FEED, headers=headers).status_code == 304


@pytest.mark.usefixtures("shared_cache")
def test_a_write_over_the_web_ends_what_the_shared_cache_knew(client: Client) -> None:
    commitment = make_commitment()
    etag = client.get(FEED)["ETag"]
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")
    client.post("/i18n/setlang/")  # whatever it does: it may have written
    assert client.get(FEED, headers={"if-none-match": etag}).status_code == 200


def test_feed_comes_also_when_the_cache_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise ConnectionError("no Redis")

    make_commitment(title="Bridge")
    for name in ("get_many", "set_many", "add", "incr"):
        monkeypatch.setattr(type(caches["default"]), name, fail)
    with override_settings(REDIS_URL="redis://nowhere"):
        assert b"Bridge" in client.get(FEED).content


def test_one_commitment_can_be_kept_as_a_file(client: Client) -> None:
    commitment, _other = make_commitment(title="Bridge"), make_commitment(title="Tunnel")
    response = client.get(f"/c/{commitment.public_id}.ics?show=window&language=ru")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{commitment.public_id}.ics"'
    assert response.content.count(b"BEGIN:VEVENT") == 1
    assert b"Bridge" in response.content
    assert response["Content-Language"] == "ru"


def test_one_commitment_takes_choices_only(client: Client) -> None:
    response = client.get(f"/c/{make_commitment().public_id}.ics?status=announced")
    assert response.status_code == 400
    assert response.content.startswith(b"status: ")


@pytest.mark.parametrize("what", ["draft", "unknown", "no id", "retracted draft"])
def test_one_commitment_that_nobody_may_see_is_404(client: Client, what: str) -> None:
    draft = make_commitment(published=False)
    if what == "retracted draft":
        retract_commitment(commitment=draft, actor=make_approver(), now=NOW, reason="Error")
    public_id = {"unknown": "22222222", "no id": "%00x"}.get(what, draft.public_id)
    assert client.get(f"/c/{public_id}.ics").status_code == 404


@pytest.mark.parametrize(("days", "status"), [(0, 200), (90, 200), (91, 404)])
def test_one_commitment_taken_back_is_a_tombstone_for_90_days(
    client: Client, days: int, status: int
) -> None:
    commitment = make_commitment(title="Regrettable")
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        response = client.get(f"/c/{commitment.public_id}.ics")
    assert response.status_code == status
    assert (b"STATUS:CANCELLED" in response.content) is (status == 200)
    assert b"Regrettable" not in response.content


def test_one_commitment_that_was_merged_leads_to_the_one_kept(client: Client) -> None:
    kept, merged = make_commitment(), make_commitment()
    merge_commitments(duplicate=merged, kept=kept, actor=make_approver(), now=NOW, reason="Same")
    response = client.get(f"/c/{merged.public_id}.ics?language=kk")
    assert response.status_code == 301
    assert response["Location"] == f"/c/{kept.public_id}.ics?language=kk"


def test_fetch_is_noted_by_family_without_an_address(client: Client) -> None:
    make_commitment()
    agent = "Google-Calendar-Importer 192.0.2.7"
    with time_machine.travel(NOW, tick=False):
        client.get(FEED, headers={"user-agent": agent}, REMOTE_ADDR="192.0.2.7")
    [row] = FeedFetch.objects.values("feed_id", "family", "change_number", "first_at", "last_at")
    assert row == {
        "feed_id": None,
        "family": ClientFamily.GOOGLE,
        "change_number": read_head(),
        "first_at": NOW,
        "last_at": NOW,
    }
    names = {field.name for field in FeedFetch._meta.get_fields()}
    assert names == {"id", *row} - {"feed_id"} | {"feed"}
