"""Signed links: whose they are, and for how long."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.builders import NOW
from tests.timeline.mail.builders import make_subscriber
from timeline.actions.subscribing import leave
from timeline.exceptions import LinkExpired, LinkUnknown
from timeline.mail.links import (
    manage_url,
    subscriber_of_manage_token,
    subscriber_of_unsubscribe_token,
    unsubscribe_url,
)

pytestmark = pytest.mark.django_db


def token_of(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def test_links_lead_back_to_their_reader() -> None:
    make_subscriber()
    reader = make_subscriber()
    assert subscriber_of_manage_token(token_of(manage_url(reader))) == reader
    assert subscriber_of_unsubscribe_token(token_of(unsubscribe_url(reader))) == reader


def test_links_do_not_open_each_other_s_doors() -> None:
    reader = make_subscriber()
    with pytest.raises(LinkUnknown):
        subscriber_of_manage_token(token_of(unsubscribe_url(reader)))
    with pytest.raises(LinkUnknown):
        subscriber_of_unsubscribe_token(token_of(manage_url(reader)))


@pytest.mark.parametrize("change", ["x{}", "{}x", "1{}", ""])
def test_changed_link_is_unknown(change: str) -> None:
    token = token_of(unsubscribe_url(make_subscriber()))
    with pytest.raises(LinkUnknown):
        subscriber_of_unsubscribe_token(change.format(token))


def test_link_of_a_deleted_reader_is_unknown() -> None:
    reader = make_subscriber()
    token = token_of(unsubscribe_url(reader))
    reader.delete()
    with pytest.raises(LinkUnknown):
        subscriber_of_unsubscribe_token(token)


def test_leaving_voids_the_settings_link_and_keeps_the_way_out() -> None:
    reader = make_subscriber()
    settings_token, way_out = token_of(manage_url(reader)), token_of(unsubscribe_url(reader))
    leave(subscriber=reader, now=NOW)
    with pytest.raises(LinkExpired):
        subscriber_of_manage_token(settings_token)
    assert subscriber_of_unsubscribe_token(way_out) == reader
