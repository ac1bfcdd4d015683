"""Personal feeds: what is kept, what is refused, and when an address stops."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core import serializers
from django.http import QueryDict

from commitments.exceptions import InvalidInput
from commitments.models import User
from tests.builders import NOW, make_commitment, make_topic, make_user
from tests.timeline.mail.builders import make_subscriber
from timeline.actions.personal_feeds import change_feed, create_feed, renew_secret, revoke_feed
from timeline.feeds.asking import params_of
from timeline.feeds.personal import feed_for
from timeline.models import PersonalFeed

pytestmark = pytest.mark.django_db


def make_feed(query: str = "", *, name: str = "Mine", **owner: Any) -> tuple[PersonalFeed, str]:
    owner = owner or {"user": make_user()}
    return create_feed(name=name, params=QueryDict(query), now=NOW, **owner)


def test_cal28_of_a_secret_only_its_sha256_is_kept() -> None:
    _feed, secret = make_feed()
    dump = serializers.serialize("json", [*PersonalFeed.objects.all(), *User.objects.all()])
    assert secret not in dump
    assert hashlib.sha256(secret.encode()).hexdigest() in dump
    assert len(secret) == 43


def test_secrets_and_ids_are_new_each_time() -> None:
    user = make_user()
    made = [make_feed(user=user) for _number in range(3)]
    assert len({secret for _feed, secret in made}) == 3
    assert len({feed.public_id for feed, _secret in made}) == 3


def test_feed_keeps_the_filter_and_the_choices_in_one_form() -> None:
    make_commitment(topics=[make_topic("space"), make_topic("culture")])
    feed, _secret = make_feed(
        "todos=yes&topic=space&topic=culture&alarms=7,1&ordering=title", name=" My plans "
    )
    assert (feed.name, feed.query, feed.choices) == (
        "My plans",
        "topic=culture&topic=space",
        "alarms=7%2C1&todos=yes",
    )
    assert params_of(feed) == QueryDict("topic=culture&topic=space&alarms=7,1&todos=yes")


@pytest.mark.parametrize(
    ("query", "name", "field"),
    [
        ("colour=red", "Mine", "colour"),
        ("status=done", "Mine", "status"),
        ("show=month", "Mine", "show"),
        ("alarms=x", "Mine", "alarms"),
        ("as_of=2026-01-01", "Mine", "as_of"),
        ("", " ", "name"),
        ("", "x" * 101, "name"),
        ("", "a\x00b", "name"),
    ],
)
def test_feed_refuses_what_cannot_be_read(query: str, name: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_feed(query, name=name)
    assert caught.value.field == field
    assert PersonalFeed.objects.count() == 0


def test_feed_for_gives_the_feed_to_whoever_has_its_address() -> None:
    feed, secret = make_feed()
    other, other_secret = make_feed()
    assert feed_for(feed.public_id, secret) == feed
    assert feed_for(other.public_id, other_secret) == other


@pytest.mark.parametrize("how", ["wrong", "unknown", "revoked", "of another", "no id", "empty"])
def test_feed_for_does_the_same_work_for_whatever_does_not_fit(
    how: str, django_assert_num_queries: Any
) -> None:
    feed, secret = make_feed()
    _other, other_secret = make_feed()
    if how == "revoked":
        revoke_feed(feed=feed, now=NOW)
    public_id, tried = {
        "wrong": (feed.public_id, secret[:-1] + "."),
        "unknown": ("22222222", secret),
        "revoked": (feed.public_id, secret),
        "of another": (feed.public_id, other_secret),
        "no id": ("\x00'; --", secret),
        "empty": (feed.public_id, ""),
    }[how]
    with django_assert_num_queries(1):
        assert feed_for(public_id, tried) is None


@pytest.mark.parametrize("secret", ["\x00", "\ud83d", "ключ", "x" * 10_000, "../.."])
def test_feed_for_takes_any_text_for_a_secret(secret: str) -> None:
    feed, _secret = make_feed()
    assert feed_for(feed.public_id, secret) is None
    assert feed_for(secret, secret) is None


def test_change_keeps_the_address() -> None:
    feed, secret = make_feed("status=announced")
    changed = change_feed(feed=feed, name="Plans", params=QueryDict("show=window"), now=NOW)
    assert (changed.name, changed.query, changed.choices) == ("Plans", "", "show=window")
    assert feed_for(feed.public_id, secret) == feed


def test_change_that_is_refused_leaves_everything_as_it_was() -> None:
    feed, _secret = make_feed("status=announced")
    with pytest.raises(InvalidInput):
        change_feed(feed=feed, name="Plans", params=QueryDict("status=x"), now=NOW)
    feed.refresh_from_db()
    assert (feed.name, feed.query) == ("Mine", "status=announced")


def test_a_new_secret_ends_the_old_one() -> None:
    feed, old = make_feed()
    _feed, new = renew_secret(feed=feed)
    assert feed_for(feed.public_id, old) is None
    assert feed_for(feed.public_id, new) == feed


def test_revoking_twice_keeps_the_first_time() -> None:
    feed, _secret = make_feed()
    revoke_feed(feed=feed, now=NOW)
    assert revoke_feed(feed=feed, now=NOW.replace(year=2027)).revoked_at == NOW


def test_feeds_are_their_owners_by_account_or_by_confirmed_address() -> None:
    user, other = make_user(), make_user()
    subscriber = make_subscriber(user=user)
    by_account, _secret = make_feed(user=user)
    by_address, _secret = make_feed(subscriber=subscriber)
    make_feed(user=other)
    make_feed(subscriber=make_subscriber(address="else@example.org"))
    assert list(PersonalFeed.objects.owned_by(user)) == [by_account, by_address]
