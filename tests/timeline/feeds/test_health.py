"""Which program fetched, how long ago, and what it has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.builders import NOW, make_user
from timeline.actions.feed_fetches import note_fetch
from timeline.actions.personal_feeds import create_feed
from timeline.feed_clients import ClientFamily, family_of
from timeline.feeds.health import ago_in_words, health_by_feed, health_of
from timeline.models import PersonalFeed


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Google-Calendar-Importer", ClientFamily.GOOGLE),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer)", ClientFamily.GOOGLE),
        ("iOS/17.5.1 (21F90) dataaccessd/1.0", ClientFamily.APPLE),
        ("macOS/14.5 (23F79) dataaccessd/1.0", ClientFamily.APPLE),
        ("Mac_OS_X/10.15.7 (19H2) CalendarAgent/930.5.1", ClientFamily.APPLE),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", ClientFamily.MICROSOFT),
        ("Microsoft.Exchange/15.20", ClientFamily.MICROSOFT),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.1",
            ClientFamily.THUNDERBIRD,
        ),
        ("vdirsyncer/0.21.0", ClientFamily.VDIRSYNCER),
        ("HomeAssistant/2026.11 aiohttp/3.10 Python/3.12", ClientFamily.HOME_ASSISTANT),
        ("DAVx5/4.4.3-ose (2026/10/01; dav4jvm; okhttp/4.12) Android/15", ClientFamily.DAVX5),
        ("ICSx5/2.2 (ical4j) Android/15", ClientFamily.ICSX5),
        ("Nextcloud Calendar", ClientFamily.NEXTCLOUD),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", ClientFamily.BROWSER),
        ("curl/8.5", ClientFamily.OTHER),
        ("", ClientFamily.OTHER),
        ("x" * 1_000_000 + "vdirsyncer", ClientFamily.OTHER),
    ],
)
def test_family_is_told_from_the_user_agent(agent: str, family: ClientFamily) -> None:
    assert family_of(agent) == family


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute ago"),
        (59, "less than a minute ago"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (172_800, "2 days ago"),
    ],
)
def test_age_is_said_in_one_unit_and_never_longer_than_it_is(seconds: int, words: str) -> None:
    assert ago_in_words(timedelta(seconds=seconds)) == words


def make_feed() -> PersonalFeed:
    return create_feed(name="Mine", params=QueryDict(), user=make_user(), now=NOW)[0]


@pytest.mark.django_db
def test_health_says_who_has_what_since_when() -> None:
    feed = make_feed()
    note_fetch(feed=feed, family=ClientFamily.GOOGLE, number=41, now=NOW - timedelta(hours=7))
    note_fetch(feed=feed, family=ClientFamily.APPLE, number=45, now=NOW - timedelta(minutes=5))
    note_fetch(feed=None, family=ClientFamily.GOOGLE, number=45, now=NOW)
    with translation.override("en"):
        sentences = [one.sentence for one in health_of(feed, head=45, now=NOW)]
        public = [one.sentence for one in health_of(None, head=45, now=NOW)]
    assert sentences == [
        "Apple Calendar last fetched 5 minutes ago and has version 45, the newest.",
        "Google Calendar last fetched 7 hours ago and has version 41; the newest is 45.",
    ]
    assert public == [
        "Google Calendar last fetched less than a minute ago and has version 45, the newest."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 3])
def test_health_of_many_feeds_is_one_query(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    feeds = [make_feed() for _number in range(how_many)]
    for feed in feeds:
        note_fetch(feed=feed, family=ClientFamily.APPLE, number=1, now=NOW)
    with django_assert_num_queries(1):
        found = health_by_feed(feeds, head=1, now=NOW)
    assert [len(found[feed.pk]) for feed in feeds] == [1] * how_many
