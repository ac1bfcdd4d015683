"""The screen on which the owner of personal feeds makes, sees, changes and revokes them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.builders import NOW, make_commitment, make_editor, make_topic
from timeline.actions.feed_fetches import note_fetch
from timeline.feed_clients import ClientFamily
from timeline.models import PersonalFeed

pytestmark = pytest.mark.django_db

LIST = "/calendars/"
WISHES = {
    "name": "Culture",
    "selection": "?topic=culture",
    "show": "window",
    "language": "ru",
    "alarms": "7, 1",
    "done": "drop",
    "todos": "no",
}


@pytest.fixture
def reader(client: Client) -> Client:
    make_commitment(topics=[make_topic("culture")])
    client.force_login(make_editor("ann"))
    return client


def made_address(reader: Client, **wishes: str) -> str:
    response = reader.post(LIST, {**WISHES, **wishes})
    feed, caldav = re.findall(
        r'<code class="address" id="\w+-address">http://localhost:8000(/[^<]+)</code>',
        response.content.decode(),
    )
    parts = feed.removesuffix(".ics").split("/")
    assert parts[:2] == ["", "feeds"]
    assert caldav == f"/dav/calendars/{parts[2]}/{parts[3]}/calendar/"
    return str(feed)


def test_screen_is_for_those_who_are_logged_in(client: Client) -> None:
    for address in (LIST, "/calendars/22222222/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_address_is_shown_once_and_works(reader: Client) -> None:
    address = made_address(reader)
    assert reader.get(address)["Content-Language"] == "ru"
    feed = PersonalFeed.objects.get()
    assert (feed.name, feed.query) == ("Culture", "topic=culture")
    secret = address.rpartition("/")[2].removesuffix(".ics")
    caldav = f"/dav/calendars/{feed.public_id}/{secret}/calendar/"
    told = reader.generic("PROPFIND", caldav, headers={"Depth": "1"}).content.decode()
    assert (told.count("<D:response>"), ">Culture</D:displayname>" in told) == (2, True)
    for shown in (LIST, f"/calendars/{feed.public_id}/"):
        assert secret not in reader.get(shown).content.decode()


def test_list_says_what_was_chosen_in_words(reader: Client) -> None:
    made_address(reader)
    body = reader.get(LIST).content.decode()
    chosen = ["A vague date is shown as: all its days", "Language: Русский", "Alarms: 7, 1"]
    assert [words for words in chosen if f">{words}; </span>" in body] == chosen
    assert '<a href="/?topic=culture">topic: culture</a>' in body


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_says_who_fetched_in_as_many_queries(
    reader: Client, how_many: int, django_assert_num_queries: Any
) -> None:
    for _number in range(how_many):
        made_address(reader)
    for feed in PersonalFeed.objects.all():
        note_fetch(feed=feed, family=ClientFamily.GOOGLE, number=1, now=NOW)
    # Session, user, the head, the feeds, their fetches, those of the public feeds.
    with django_assert_num_queries(6):
        body = reader.get(LIST).content.decode()
    assert body.count("Google Calendar last fetched") == how_many


def test_screen_lets_no_address_out(reader: Client) -> None:
    made = reader.post(LIST, WISHES)
    assert made["Referrer-Policy"] == "no-referrer"
    assert "<form" not in made.content.decode()
    one = f"/calendars/{PersonalFeed.objects.get().public_id}/"
    with_forms = [reader.get(LIST), reader.get(one)]
    # "no-referrer" would make a browser send the Origin of their forms as "null".
    assert {response["Referrer-Policy"] for response in with_forms} == {"same-origin"}
    for response in [made, *with_forms]:
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"selection": "topic=unknown"}, "topic: There is no topic"),
        ({"alarms": "x"}, "Give at most ten whole numbers"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_refused_is_said_beside_its_field(
    reader: Client, wishes: dict[str, str], sentence: str
) -> None:
    response = reader.post(LIST, {**WISHES, **wishes})
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert PersonalFeed.objects.count() == 0


def test_feed_is_changed_renewed_and_stopped(reader: Client) -> None:
    first = made_address(reader)
    one = f"/calendars/{PersonalFeed.objects.get().public_id}/"
    reader.post(one, {**WISHES, "name": "Plans", "selection": ""})
    assert PersonalFeed.objects.get().name == "Plans"
    assert reader.get(first).status_code == 200
    response = reader.post(one, {"renew": "1"})
    second = re.search(r"(/feeds/\S+\.ics)</code>", response.content.decode())
    assert second is not None
    assert (reader.get(first).status_code, reader.get(second[1]).status_code) == (404, 200)
    reader.post(one, {"revoke": "1"})
    assert reader.get(second[1]).status_code == 404
    assert reader.get(one).status_code == 404


def test_feeds_of_others_are_not_there(reader: Client) -> None:
    made_address(reader)
    one = f"/calendars/{PersonalFeed.objects.get().public_id}/"
    reader.force_login(make_editor("bob"))
    assert reader.get(one).status_code == 404
    assert "Culture" not in reader.get(LIST).content.decode()
