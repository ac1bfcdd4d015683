"""Lists by the page: order, counts, links to pages, ETag, as of a day, and what a page costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.made_up import make_commitments
from commitments.actions.commitments import correct_commitment
from commitments.enums import Kind, PartyRole, Status
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
    make_topic,
)
from tests.timeline.views.page_reading import links_of, text_of, text_within
from timeline import list_reader

pytestmark = pytest.mark.django_db

TITLE = re.compile(r"<h3><a [^>]*>([^<]*)</a></h3>")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_reader, "PAGE_SIZE", 2)


def html_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def titles_on(client: Client, address: str) -> list[str]:
    return TITLE.findall(html_of(client, address))


def test_pages_follow_one_another_without_a_gap_or_a_double(
    client: Client, pages_of_two: None
) -> None:
    for title, window in (("A", "2025"), ("B", "2024"), ("C", "2026"), ("D", "2030"), ("E", "")):
        make_commitment(title=title, window=window)
    make_commitment_in(Status.DELIVERED, title="F", window="2023")
    make_commitment_in(Status.DELIVERED, title="G", window="2024")
    assert titles_on(client, "/") == ["B", "A"]
    assert titles_on(client, "/?page=2") == ["C", "D"]
    assert titles_on(client, "/?page=3") == ["E", "G"]
    assert titles_on(client, "/?page=4") == ["F"]


def test_counts_are_over_all_pages_and_lead_to_just_these(
    client: Client, pages_of_two: None
) -> None:
    for window in ("2024", "2025", "2023", "2026"):
        make_commitment(window=window)
    html = html_of(client, "/?page=2")
    assert text_within(html, 'class="tally"') == (
        "3 Overdue 1 Open now 0 Coming 0 Undated 0 Finished"
    )
    assert "Overdue 3" in text_within(html, 'id="overdue"')
    assert "?schedule=overdue" in links_of(html)
    assert len(titles_on(client, "/?schedule=overdue&page=2")) == 1


def test_statuses_are_counted(client: Client) -> None:
    make_commitment(status=Status.IN_PROGRESS)
    make_commitment()
    html = html_of(client, "/")
    assert text_within(html, 'class="statuses"') == "By status: announced 1 in progress 1"
    assert "?status=in_progress" in links_of(html)


def test_links_to_pages_keep_the_filter(client: Client, pages_of_two: None) -> None:
    topic = make_topic("space")
    for _ in range(5):
        make_commitment(topics=[topic])
    html = html_of(client, "/?topic=space&page=2")
    assert {"?topic=space", "?topic=space&page=3"} <= {
        link.replace("&amp;", "&") for link in links_of(html)
    }
    assert '<link rel="prev" href="?topic=space">' in html


@pytest.mark.parametrize("page", ["0", "3", "-1", "1.5", "x", "²", "99999999999", "01"])
def test_a_page_that_is_not_there_is_refused(client: Client, pages_of_two: None, page: str) -> None:
    for _ in range(4):
        make_commitment()
    assert "page: " in text_of(html_of(client, f"/?page={page}", status=400))
    html_of(client, "/?page=2")


def test_an_order_makes_one_list_over_all_pages(client: Client, pages_of_two: None) -> None:
    for title, window in (("C", "2030"), ("A", "2024"), ("B", "2025")):
        make_commitment(title=title, window=window)
    assert titles_on(client, "/?ordering=title") == ["A", "B"]
    assert titles_on(client, "/?ordering=title&page=2") == ["C"]


def test_every_list_can_be_subscribed_to_in_each_way(client: Client) -> None:
    make_commitment(topics=[make_topic("space")])
    for address in ("/?topic=space", "/topics/space/"):
        links = {link.replace("&amp;", "&") for link in links_of(html_of(client, address))}
        for wanted in (
            "/subscribe/?topic=space",
            "/subscribe/mail/?topic=space",
            "/feeds/changes.atom?topic=space",
            "/feeds/changes.json?topic=space",
            "/api/v1/commitments/?topic=space",
            "/api/v1/commitments/?topic=space&format=csv",
            "/changes/?topic=space",
        ):
            assert wanted in links, address
            assert client.get(wanted).status_code == 200


def test_a_list_by_its_place_in_time_has_no_feed_of_changes(client: Client) -> None:
    make_commitment(window="2025")
    links = links_of(html_of(client, "/?schedule=overdue"))
    assert not [link for link in links if "/changes" in link and "schedule" in link]


def test_unchanged_page_is_a_304_for_one_query(client: Client) -> None:
    commitment = make_commitment(title="Launch")
    first = client.get("/")
    with CaptureQueriesContext(connection) as captured:
        again = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, len(captured)) == (304, b"", 1)
    assert again["ETag"] == first["ETag"]
    assert client.get("/ru/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    correct_commitment(
        commitment=commitment,
        fields={"title": "Start"},
        actor=None,
        now=NOW,
        reason="A slip of the pen.",
    )
    changed = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_unchanged_page_is_made_anew_when_a_day_begins(client: Client) -> None:
    make_commitment(window="2026-11-24", time_zone="UTC")
    with time_machine.travel("2026-11-24T23:59:59Z", tick=False):
        tag = client.get("/")["ETag"]
        assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    with time_machine.travel("2026-11-25T00:00:00Z", tick=False):
        response = client.get("/", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "Overdue since 25 November 2026" in text_of(response.content.decode())


def test_a_list_as_of_a_day_is_as_it_was_and_says_so(client: Client) -> None:
    commitment = make_commitment(title="Launch", now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    correct_commitment(
        commitment=commitment,
        fields={"title": "Start"},
        actor=None,
        now=datetime(2026, 6, 1, 12, tzinfo=UTC),
        reason="A slip of the pen.",
    )
    html = html_of(client, "/?as_of=2026-05-31")
    assert "You see the record as of 31 May 2026." in text_within(html, 'class="as-of"')
    assert titles_on(client, "/?as_of=2026-05-31") == ["Launch"]
    assert titles_on(client, "/") == ["Start"]
    assert titles_on(client, "/?as_of=2026-02-28") == []
    assert 'class="as-of"' not in html_of(client, "/")
    one = text_of(html_of(client, f"/c/{commitment.public_id}/?as_of=2026-05-31"))
    assert "Launch" in one
    assert "You see the record as of 31 May 2026." in one
    assert f"/c/{commitment.public_id}/?as_of=2026-05-31" in one
    html_of(client, f"/c/{commitment.public_id}/?as_of=2026-02-28", status=404)
    assert "as_of: " in text_of(html_of(client, "/?as_of=2027-01-01", status=400))


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 12),
        ("/?topic=space", 12),
        ("/?ordering=title", 12),
        ("/?as_of=2026-11-24", 12),
        ("/topics/space/", 12),
        ("/parties/kz/", 12),
        ("/?group=topic&party=kz&topic=space", 12),
        ("/parties/kz/?group=topic", 12),
        ("/topics/space/?group=party&zoom=year", 12),
        ("/topics/space/?as_of=2026-11-24", 12),
        ("/sources/", 12),
        ("/changes/", 12),
        ("/corrections/", 12),
    ],
)
def test_queries_do_not_depend_on_the_number_of_items(
    client: Client, address: str, most: int
) -> None:
    topic, kz = make_topic("space"), make_party("kz")

    def add() -> None:
        make_commitment(topics=[topic], parties=[(kz, PartyRole.PROMISED_BY)], kind=Kind.EVENT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            html_of(client, address)
        return len(captured)

    add()
    one = queries()
    add()
    add()
    assert queries() == one
    assert one <= most


@pytest.mark.once
def test_page_of_a_large_record_is_light(client: Client) -> None:
    make_commitments(1_000)
    for address in ("/", "/?page=20", "/parties/party-1/", "/topics/topic-1/"):
        response = client.get(address)
        assert response.status_code == 200
        assert len(response.content) < 160_000, address
    assert Commitment.objects.count() == 1_000
    assert date(2026, 11, 24) == NOW.date()


def test_list_is_kept_whole_until_something_changes(client: Client) -> None:
    commitment = make_commitment(title="Launch", window="2025", topics=[make_topic("space")])
    for address in ("/?group=topic", "/topics/space/", "/topics/", "/picture/"):
        first = client.get(address)
        with CaptureQueriesContext(connection) as captured:
            again = client.get(address)
        assert (again.status_code, len(captured)) == (200, 1), address
        assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))
    correct_commitment(
        commitment=commitment,
        fields={"title": "Start"},
        actor=None,
        now=NOW,
        reason="A slip of the pen.",
    )
    assert titles_on(client, "/?group=topic") == ["Start"]


def test_reader_with_a_session_gets_no_page_of_others(client: Client) -> None:
    make_commitment(title="Launch")
    client.get("/")
    client.force_login(make_editor())
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) > 1


def test_who_narrows_the_list_keeps_the_look_of_the_picture(client: Client) -> None:
    topics = [make_topic("space"), make_topic("sport")]
    make_commitment(window="2025", topics=topics)
    html = html_of(client, "/?zoom=year&at=2026&group=topic&topic=space")
    form = html[html.index("<form") : html.index("</form>")]
    for name, value in (("zoom", "year"), ("at", "2026"), ("group", "topic")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    links = {link.replace("&amp;", "&") for link in links_of(html)}
    assert "?zoom=year&at=2026&group=topic" in links  # without the topic
    assert "?zoom=year&at=2026&group=topic&topic=space&schedule=overdue" in links
    # What can be subscribed to has no look.
    assert not [link for link in links if link.startswith("/subscribe") and "zoom" in link]


def test_pages_of_a_list_keep_the_look_of_the_picture(client: Client, pages_of_two: None) -> None:
    for _number in range(3):
        make_commitment(window="2026")
    html = html_of(client, "/?zoom=year&group=status")
    assert "?zoom=year&group=status&page=2" in {
        link.replace("&amp;", "&") for link in links_of(html)
    }
