"""The page with all ways to subscribe: its addresses, its choices, its hints."""

from __future__ import annotations

import html as entities
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as PytestSettings

from commitments.actions.publication import retract_commitment
from commitments.enums import Status
from tests.builders import NOW, make_approver, make_commitment, make_commitment_in, make_topic
from tests.timeline.views.page_reading import links_of, text_of
from timeline.feeds.path_queries import path_part_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SITE = "https://commitments.example"


@pytest.fixture(autouse=True)
def _at_a_public_address(settings: PytestSettings) -> Iterator[None]:
    settings.SITE_URL = SITE
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client: Client, address: str = "/subscribe/", *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def address_in(html: str, name: str) -> str:
    """The address in the text of `<code id="name">`."""
    return entities.unescape(html.partition(f'id="{name}">')[2].partition("</code>")[0])


def link_to(html: str, start: str) -> str:
    [found] = {link for link in links_of(html) if link.startswith(start)}
    return found


def test_every_program_is_given_the_address_that_it_takes(client: Client) -> None:
    make_commitment(topics=[make_topic("space")])
    html = page_of(client, "/subscribe/?topic=space")
    feed = f"{SITE}/feeds/commitments.ics?topic=space"
    webcal = feed.replace("https:", "webcal:")
    assert address_in(html, "feed-address") == feed
    assert link_to(html, "webcal:") == webcal
    google = urlsplit(link_to(html, "https://calendar.google.com/"))
    assert (google.path, parse_qs(google.query)) == ("/calendar/r", {"cid": [webcal]})
    for host in ("outlook.live.com", "outlook.office.com"):
        outlook = urlsplit(link_to(html, f"https://{host}/"))
        asked = {"url": [feed], "name": ["Public commitments"]}
        assert (outlook.path, parse_qs(outlook.query)) == ("/calendar/0/addfromweb", asked)
    caldav = address_in(html, "caldav-address")
    part = path_part_of(QueryDict("topic=space"))
    assert caldav == f"{SITE}/dav/lists/{part}/calendar/"


def test_every_address_of_ours_on_the_page_answers(client: Client) -> None:
    made = make_commitment(title="Launch", topics=[make_topic("space")])
    make_commitment(title="Games")
    html = page_of(client, "/ru/subscribe/?topic=space&show=window")
    ours = {link for link in links_of(html) if link.startswith("/")}
    for link in ours:
        assert client.get(link).status_code in {200, 302}, link
    feed = address_in(html, "feed-address").removeprefix(SITE)
    assert feed.endswith("?topic=space&show=window&language=ru")
    answer = client.get(feed).content
    assert (b"Launch" in answer, b"Games" in answer) == (True, False)
    caldav = address_in(html, "caldav-address").removeprefix(SITE)
    listed = client.generic("PROPFIND", caldav, headers={"Depth": "1"}).content.decode()
    assert (f"{made.public_id}.ics" in listed, listed.count("<D:response>")) == (True, 2)


def test_google_is_not_offered_an_address_that_it_would_not_keep(client: Client) -> None:
    html = page_of(client, f"/subscribe/?q={'a' * 150}&place={'b' * 100}")
    assert "calendar.google.com" not in html
    assert "takes no address as long as this one" in html
    assert "outlook.live.com" in html


def test_the_whole_list_has_the_short_caldav_address(client: Client) -> None:
    assert address_in(page_of(client), "caldav-address") == f"{SITE}/dav/all/"


def test_the_choices_go_into_every_calendar_and_into_nothing_else(client: Client) -> None:
    make_commitment()
    html = page_of(client, "/subscribe/?show=window&alarms=1,7&done=drop&todos=yes&language=kk")
    query = urlsplit(address_in(html, "feed-address")).query
    assert parse_qs(query) == {
        "show": ["window"],
        "alarms": ["1,7"],
        "done": ["drop"],
        "todos": ["yes"],
        "language": ["kk"],
    }
    assert {"/subscribe/mail/", "/api/v1/commitments/", "/feeds/changes.atom?language=kk"} <= set(
        links_of(html)
    )
    assert html.count(" checked>") == 5
    assert '<option value="kk" lang="kk" selected>Қазақша</option>' in html
    assert '<details class="filters" open>' in html


@pytest.mark.parametrize(
    ("asked", "tidy"),
    [
        ("/subscribe/?show=last-day&done=keep&todos=no&language=en&q=", "/subscribe/"),
        ("/subscribe/?alarms=7&alarms=1&alarms=7", "/subscribe/?alarms=1%2C7"),
        ("/subscribe/?alarms=30&alarms=7,1", "/subscribe/?alarms=1%2C7%2C30"),
        ("/ru/subscribe/?language=ru", "/ru/subscribe/"),
        ("/subscribe/?kind=event&ordering=title", "/subscribe/?kind=event"),
    ],
)
def test_the_address_says_no_more_than_it_has_to(client: Client, asked: str, tidy: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, tidy)
    assert client.get(tidy).status_code == 200


def test_the_calendar_speaks_the_language_of_the_page_or_the_chosen_one(client: Client) -> None:
    for address, language in (
        ("/subscribe/", None),
        ("/ru/subscribe/", ["ru"]),
        ("/ru/subscribe/?language=en", None),
        ("/ru/subscribe/?language=kk", ["kk"]),
    ):
        feed = address_in(page_of(client, address), "feed-address")
        assert parse_qs(urlsplit(feed).query).get("language") == language


@pytest.mark.parametrize("query", ["colour=red", "show=sideways", "alarms=soon", "alarms=367"])
def test_what_nobody_can_read_is_refused_by_name(client: Client, query: str) -> None:
    html = page_of(client, f"/subscribe/?{query}", status=400)
    assert f"<code>{query.partition('=')[0]}</code>" in html


def test_what_a_calendar_cannot_show_is_counted(client: Client) -> None:
    make_commitment()
    make_commitment(window="")
    make_commitment_in(Status.DELIVERED)
    assert "2 items now" in text_of(page_of(client))
    words = text_of(page_of(client, "/subscribe/?done=drop"))
    assert "1 item now" in words
    assert "1 without any date is on the page only." in words


@pytest.mark.parametrize("site", ["http://localhost:8000", "http://127.0.0.1:8000", "http://tv"])
def test_a_site_that_nobody_else_reaches_says_so(
    client: Client, settings: PytestSettings, site: str
) -> None:
    settings.SITE_URL = site
    html = page_of(client)
    assert f"This site runs at {site}, which only this computer" in text_of(html)
    assert [link for link in links_of(html) if "google" in link or "outlook" in link] == []
    assert link_to(html, "webcal:").startswith("webcal://")


def test_a_site_on_the_net_gives_no_such_hint(client: Client) -> None:
    assert "only this computer" not in text_of(page_of(client))


def test_the_picture_for_the_phone_has_no_style(client: Client) -> None:
    html = page_of(client)
    picture = html.partition('<svg class="qr"')[2] or html.partition("<svg")[2]
    assert 'class="qr"' in html
    assert "style=" not in html
    assert "QR code with the address of this page" in picture


def test_an_address_that_no_picture_can_hold_has_none(client: Client) -> None:
    ids = "&".join(f"status={one}" for one in ["announced"] * 200)
    assert 'class="qr"' not in page_of(client, f"/subscribe/?{ids}")


def test_what_is_not_public_is_not_told(client: Client) -> None:
    topic = make_topic("secret-topic")
    make_commitment(topics=[topic], published=False)
    taken = make_commitment(topics=[topic])
    retract_commitment(commitment=taken, actor=make_approver(), now=NOW, reason="Wrong.")
    assert "secret-topic" not in page_of(client)
    assert "0 commitments" in text_of(page_of(client))


@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_lists_lead_to_the_page(client: Client, prefix: str) -> None:
    made = make_commitment(topics=[make_topic("space")])
    query = "?topic=space"
    assert f"{prefix}/subscribe/{query}" in links_of(page_of(client, f"{prefix}/{query}"))
    links = links_of(page_of(client, f"{prefix}/c/{made.public_id}/"))
    assert {f"{prefix}/subscribe/?id={made.public_id}", f"{prefix}/subscribe/{query}"} <= set(links)


def test_it_is_only_looked_at(client: Client) -> None:
    assert client.post("/subscribe/").status_code == 405


@pytest.mark.parametrize("items", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    client: Client, items: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(items):
        make_commitment(topics=[make_topic()])
    with django_assert_num_queries(6):
        page_of(client)
