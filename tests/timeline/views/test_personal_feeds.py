"""Personal feeds over HTTP: the secret in the address is the key, and nothing may give it away."""

from __future__ import annotations

import logging
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import QueryDict
from django.test import Client

from commitments.actions.commitments import correct_commitment
from config.secret_addresses import HideSecrets, hide_secrets
from tests.builders import NOW, make_commitment, make_user
from timeline.actions.personal_feeds import create_feed, revoke_feed
from timeline.feed_clients import ClientFamily
from timeline.models import FeedFetch, PersonalFeed
from timeline.views.clients import MISSES_A_MINUTE

pytestmark = pytest.mark.django_db


def make_feed(query: str = "", *, name: str = "Mine") -> tuple[PersonalFeed, str]:
    return create_feed(name=name, params=QueryDict(query), user=make_user(), now=NOW)


def address(feed: PersonalFeed, secret: str) -> str:
    return f"/feeds/{feed.public_id}/{secret}.ics"


def test_feed_has_what_its_owner_chose(client: Client) -> None:
    make_commitment(title="Bridge", window="2026")
    make_commitment(title="Tunnel", window="2030")
    feed, secret = make_feed("to=2027-01-01&language=kk&todos=yes", name="My; plans")
    response = client.get(address(feed, secret))
    assert response.status_code == 200
    assert response["Content-Language"] == "kk"
    assert b"NAME:My\\; plans\r\n" in response.content
    assert b"Bridge" in response.content
    assert b"BEGIN:VTODO" in response.content
    assert b"Tunnel" not in response.content


def test_cal24_feed_is_private_and_tells_nobody_where_it_was_read(client: Client) -> None:
    feed, secret = make_feed()
    response = client.get(address(feed, secret))
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.has_header("Access-Control-Allow-Origin")


def test_cal27_body_does_not_hold_the_secret(client: Client) -> None:
    make_commitment()
    feed, secret = make_feed()
    response = client.get(address(feed, secret))
    assert secret not in response.content.decode()
    assert secret not in str(response.headers)
    assert b"SOURCE" not in response.content


def test_feed_of_one_is_kept_apart_from_the_same_one_of_another(client: Client) -> None:
    make_commitment()
    first, second = make_feed(name="Of Ann"), make_feed(name="Of Bob")
    bodies = [client.get(address(*one)).content for one in (first, second)]
    assert b"Of Ann" in bodies[0]
    assert b"Of Bob" in bodies[1]


def test_feed_answers_304_until_something_changes(client: Client) -> None:
    commitment = make_commitment()
    feed, secret = make_feed()
    headers = {"if-none-match": client.get(address(feed, secret))["ETag"]}
    assert client.get(address(feed, secret), headers=headers).status_code == 304
    correct_commitment(commitment=commitment, fields={"title": "Pier"}, actor=None, now=NOW)
    assert client.get(address(feed, secret), headers=headers).status_code == 200


def test_a_304_of_a_personal_feed_takes_two_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_commitment()
    feed, secret = make_feed()
    headers = {"if-none-match": client.get(address(feed, secret))["ETag"]}
    with django_assert_num_queries(2):
        assert client.get(address(feed, secret), headers=headers).status_code == 304


def test_cal21_wrong_secret_is_answered_like_an_unknown_feed(client: Client) -> None:
    feed, secret = make_feed()
    gone, gone_secret = make_feed()
    revoke_feed(feed=gone, now=NOW)
    tried = [
        address(feed, secret[:-1] + "-"),
        f"/feeds/22222222/{secret}.ics",
        address(gone, gone_secret),
        address(feed, gone_secret),
    ]
    answers = [client.get(one, REMOTE_ADDR="192.0.2.1") for one in tried]
    assert {(one.status_code, one.content, str(one.headers)) for one in answers} == {
        (404, b"There is no such calendar.\n", str(answers[0].headers))
    }
    assert FeedFetch.objects.count() == 0


def test_cal21_time_does_not_tell_a_wrong_secret_from_an_unknown_feed(client: Client) -> None:
    feed, _secret = make_feed()
    times: dict[str, list[float]] = {feed.public_id: [], "22222222": []}
    for number in range(400):
        for public_id, taken in times.items():
            start = time.process_time()
            client.get(f"/feeds/{public_id}/x.ics", REMOTE_ADDR=f"192.0.2.{number % 200}")
            taken.append(time.process_time() - start)
    wrong, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(wrong - unknown) < 0.001


def test_cal22_revoked_feed_stops_at_once(client: Client) -> None:
    feed, secret = make_feed()
    headers = {"if-none-match": client.get(address(feed, secret))["ETag"]}
    revoke_feed(feed=feed, now=NOW)
    assert client.get(address(feed, secret)).status_code == 404
    assert client.get(address(feed, secret), headers=headers).status_code == 404


def test_cal30_guessing_ends_after_30_misses_a_minute(client: Client) -> None:
    feed, secret = make_feed()
    with time_machine.travel(NOW, tick=False) as clock:
        codes = [
            client.get(address(feed, f"x{number}"), REMOTE_ADDR="192.0.2.1").status_code
            for number in range(MISSES_A_MINUTE + 2)
        ]
        assert codes == [404] * MISSES_A_MINUTE + [429, 429]
        assert client.get(address(feed, "x"), REMOTE_ADDR="192.0.2.2").status_code == 404
        assert client.get(address(feed, secret), REMOTE_ADDR="192.0.2.1").status_code == 200
        clock.shift(timedelta(seconds=61))
        assert client.get(address(feed, "x"), REMOTE_ADDR="192.0.2.1").status_code == 404


@pytest.mark.parametrize(
    "path", ["%00", "../x", "..%2f..%2fetc", "x" * 10_000, "%D0%BA%D0%BB%D1%8E%D1%87", "%ff%fe"]
)
def test_cal31_strange_paths_are_404(client: Client, path: str) -> None:
    feed, secret = make_feed()
    for tried in (f"/feeds/{feed.public_id}/{path}.ics", f"/feeds/{path}/{secret}.ics"):
        assert client.get(tried).status_code == 404


def test_cal25_no_log_line_has_the_secret(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    feed, secret = make_feed()
    revoke_feed(feed=feed, now=NOW)
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.DEBUG):
        client.get(address(feed, secret))
        logging.getLogger("granian.access").info('"GET %(path)s"', {"path": address(feed, secret)})
        try:
            int(address(feed, secret))
        except ValueError:
            logging.getLogger("django.request").exception("Failed: %s", address(feed, secret))
    assert caplog.text.count("[secret]") >= 3
    assert secret not in caplog.text


def test_cal25_every_handler_of_the_project_hides_secrets() -> None:
    logged: Any = settings.LOGGING
    handlers = logged["handlers"].values()
    assert [one for one in handlers if "hide_secrets" not in one.get("filters", [])] == []
    named = logged["loggers"]
    for name in ("django", "django.server", "granian.access"):
        assert named[name] == {"handlers": [], "level": "INFO", "propagate": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/feeds/b2345678/abc.ics", "/feeds/b2345678/[secret]"),
        ("GET /feeds/b2345678/abc.ics?x=1 200", "GET /feeds/b2345678/[secret]?x=1 200"),
        ("/dav/calendars/b2345678/abc/calendar/", "/dav/calendars/b2345678/[secret]"),
        ("/ru/subscriptions/manage/1.abc/", "/ru/subscriptions/manage/[secret]"),
        ("/feeds/commitments.ics?topic=a", "/feeds/commitments.ics?topic=a"),
        ("/c/b2345678.ics", "/c/b2345678.ics"),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, expected: str) -> None:
    assert hide_secrets(text) == expected


def test_fetch_is_noted_once_a_minute_for_each_feed_and_family(client: Client) -> None:
    commitment = make_commitment()
    feed, secret = make_feed()
    with time_machine.travel(NOW, tick=False) as clock:
        for seconds in (0, 59, 1, 60):
            clock.shift(timedelta(seconds=seconds))
            client.get(address(feed, secret), headers={"user-agent": "vdirsyncer/0.21"})
        client.get(address(feed, secret), headers={"user-agent": "DAVx5/4.4"})
        correct_commitment(commitment=commitment, fields={"title": "Pier"}, actor=None, now=NOW)
    rows = FeedFetch.objects.filter(feed=feed).order_by("id")
    assert [(row.family, row.first_at - NOW, row.last_at - NOW) for row in rows] == [
        (ClientFamily.VDIRSYNCER, timedelta(0), timedelta(seconds=120)),
        (ClientFamily.DAVX5, timedelta(seconds=120), timedelta(seconds=120)),
    ]


def test_fetch_that_cannot_be_noted_does_not_stop_the_feed(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    feed, secret = make_feed()
    monkeypatch.setattr("timeline.actions.feed_fetches._write", _fail)
    assert client.get(address(feed, secret)).status_code == 200
    assert "could not be noted" in caplog.text


def _fail(*_args: Any) -> None:
    FeedFetch.objects.create(family="no such family", change_number=0, first_at=NOW, last_at=NOW)
