"""The feed over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders import make_commitment

FEED = "/feeds/commitments.ics"

pytestmark = pytest.mark.django_db


def test_feed_has_the_headers_of_a_calendar(client: Client) -> None:
    commitment = make_commitment()
    response = client.get(FEED)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["ETag"].startswith('"')
    assert response["Last-Modified"] == commitment.changed_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert not response.cookies


@pytest.mark.parametrize("wanted", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_feed_answers_304_to_the_etag(client: Client, wanted: str) -> None:
    make_commitment()
    etag = client.get(FEED)["ETag"]
    response = client.get(FEED, headers={"if-none-match": wanted.format(etag=etag)})
    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == etag


@pytest.mark.parametrize("wanted", ['"other"', 'W/"other"'])
def test_feed_answers_200_to_another_etag(client: Client, wanted: str) -> None:
    make_commitment()
    assert client.get(FEED, headers={"if-none-match": wanted}).status_code == 200


def test_feed_answers_head_like_get_without_a_body(client: Client) -> None:
    make_commitment()
    get, head = client.get(FEED), client.head(FEED)
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
