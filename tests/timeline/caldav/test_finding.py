"""Personal feeds over CalDAV: by the secret in the path, and by the secret as the password."""

from __future__ import annotations

import logging

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from config.secret_addresses import hide_secrets
from tests.builders import NOW, make_commitment, make_topic, make_user
from tests.timeline.caldav.asking import (
    C,
    D,
    ask,
    basic,
    condition_of,
    multistatus,
    propfind,
    sync,
    token_in,
)
from timeline.actions.personal_feeds import change_feed, create_feed, revoke_feed
from timeline.models import FeedFetch, PersonalFeed

pytestmark = pytest.mark.django_db

HOME = "/dav/calendars/"


def make_feed(query: str = "", *, name: str = "Mine") -> tuple[PersonalFeed, str]:
    return create_feed(name=name, params=QueryDict(query), user=make_user(), now=NOW)


def test_a_feed_is_found_by_user_and_password() -> None:
    made = make_commitment(topics=[make_topic("space")])
    make_commitment()
    feed, secret = make_feed("topic=space&show=window", name="My <own> & list")
    allowed = {"Authorization": basic(feed.public_id, secret)}
    path = f"{HOME}{feed.public_id}/"
    home = propfind(HOME, "C:calendar-home-set", "D:displayname", depth="1", **allowed)
    assert list(home) == [HOME, path]
    assert home[HOME].found[f"{C}calendar-home-set"][0].text == HOME
    assert home[path].text(f"{D}displayname") == "My <own> & list"
    listed = propfind(path, "D:getetag", depth="1", **allowed)
    item = f"{path}{made.public_id}.ics"
    assert list(listed) == [path, item]
    response = ask("GET", item, **allowed)
    assert response["ETag"] == listed[item].text(f"{D}getetag")
    assert b"DTSTART;VALUE=DATE:20260101" in response.content
    [fetch] = FeedFetch.objects.all()
    assert (fetch.feed, fetch.family) == (feed, "other")


def test_a_feed_is_found_by_its_secret_path() -> None:
    made = make_commitment()
    feed, secret = make_feed()
    home = f"{HOME}{feed.public_id}/{secret}/"
    path = f"{home}calendar/"
    assert list(propfind(home, "D:displayname", depth="1")) == [home, path]
    item = f"{path}{made.public_id}.ics"
    assert list(propfind(path, "D:getetag", depth="1")) == [path, item]
    assert list(multistatus(sync(path=path))) == [item]
    assert ask("GET", item).status_code == 200


def test_the_answer_is_kept_by_nobody_else_and_told_to_nobody() -> None:
    feed, secret = make_feed()
    for path, headers in (
        (f"{HOME}{feed.public_id}/{secret}/calendar/", {}),
        (f"{HOME}{feed.public_id}/", {"Authorization": basic(feed.public_id, secret)}),
    ):
        response = ask("PROPFIND", path, Depth="0", **headers)
        assert (response["Cache-Control"], response["Referrer-Policy"]) == (
            "private, no-cache",
            "no-referrer",
        )
        assert "Authorization" in response["Vary"]


def test_unknown_wrong_and_revoked_are_the_same(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    feed, secret = make_feed()
    other, other_secret = make_feed()
    revoke_feed(feed=other, now=NOW)
    pairs = [
        ("bbbbbbbb", secret),
        (feed.public_id, "wrong"),
        (feed.public_id, other_secret),
        (other.public_id, other_secret),
        ("\x00", "\x00"),
        ("", ""),
        (feed.public_id, ""),
    ]
    answers = set()
    for user, password in pairs:
        with django_assert_num_queries(1):
            response = ask("PROPFIND", HOME, Depth="1", Authorization=basic(user, password))
        assert response["WWW-Authenticate"] == 'Basic realm="calendars", charset="UTF-8"'
        answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    paths = [(user, password) for user, password in pairs if user.isalnum() and password.isalnum()]
    gone = {ask("PROPFIND", f"{HOME}{user}/{word}/", Depth="0").content for user, word in paths}
    assert len(gone) == 1


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !", "Basic w6Q", "Bearer x", "Basic //79", "Basic YWJj"]
)
def test_who_sends_no_password_is_asked_for_one(header: str) -> None:
    feed, _secret = make_feed()
    for path in (HOME, f"{HOME}{feed.public_id}/", f"{HOME}{feed.public_id}/x.ics"):
        headers = {"Authorization": header} if header else {}
        assert ask("PROPFIND", path, Depth="0", **headers).status_code == 401
        assert ask("PUT", path, **headers).status_code == 405
        assert ask("OPTIONS", path, **headers).status_code == 200


def test_a_password_opens_its_own_feed_only() -> None:
    mine, secret = make_feed()
    other, _secret = make_feed()
    headers = {"Authorization": basic(mine.public_id, secret)}
    response = ask("PROPFIND", f"{HOME}{other.public_id}/", Depth="0", **headers)
    assert response.status_code == 401


def test_a_revoked_feed_stops_at_once() -> None:
    feed, secret = make_feed()
    path = f"{HOME}{feed.public_id}/{secret}/calendar/"
    assert ask("PROPFIND", path, Depth="1").status_code == 207
    revoke_feed(feed=feed, now=NOW)
    assert ask("PROPFIND", path, Depth="1").status_code == 404


def test_another_choice_of_the_owner_makes_old_tokens_void() -> None:
    make_commitment()
    feed, secret = make_feed("show=last-day")
    path = f"{HOME}{feed.public_id}/{secret}/calendar/"
    token = token_in(sync(path=path))
    change_feed(feed=feed, name="New name", params=QueryDict("show=last-day"), now=NOW)
    assert sync(token, path=path).status_code == 207
    change_feed(feed=feed, name="New name", params=QueryDict("show=window"), now=NOW)
    assert condition_of(sync(token, path=path)) == (403, f"{D}valid-sync-token")


def test_wrong_secrets_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.views.clients.MISSES_A_MINUTE", 2)
    feed, secret = make_feed()
    right = {"Authorization": basic(feed.public_id, secret)}
    wrong = {"Authorization": basic(feed.public_id, "wrong")}
    statuses = [ask("PROPFIND", HOME, Depth="0", **wrong).status_code for _number in range(2)]
    path = f"{HOME}{feed.public_id}/wrong/"
    statuses.append(ask("PROPFIND", path, Depth="0").status_code)
    assert statuses == [401, 401, 429]
    # Who asks without a password is no guesser, and who has the right one is never held up.
    assert ask("PROPFIND", HOME, Depth="0").status_code == 401
    assert ask("PROPFIND", HOME, Depth="0", **right).status_code == 207


def test_no_log_line_has_the_secret(caplog: pytest.LogCaptureFixture) -> None:
    feed, secret = make_feed()
    path = f"{HOME}{feed.public_id}/{secret}/calendar/"
    with caplog.at_level(logging.DEBUG):
        ask("PUT", f"{path}bbbbbbbb.ics")
        ask("GET", f"{path}bbbbbbbb.ics")
        ask("PROPFIND", path, "<", Depth="0")
    # The filter of config.settings stands at the handler of the process, not at that of the test.
    written = [hide_secrets(record.getMessage()) for record in caplog.records]
    assert len([line for line in written if f"{HOME}{feed.public_id}/[secret]" in line]) == 3
    assert secret not in "".join(written)


def test_a_feed_of_a_filter_that_is_no_more_is_an_empty_calendar() -> None:
    made = make_commitment(topics=[make_topic("space")])
    feed, secret = make_feed("topic=space")
    correct_commitment(commitment=made, fields={}, topics=[make_topic("sea")], actor=None, now=NOW)
    path = f"{HOME}{feed.public_id}/{secret}/calendar/"
    assert list(propfind(path, "D:getetag", depth="1")) == [path]
