"""The timeline page at `/`, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from commitments.enums import PartyRole, Status, Strength
from tests.builders import NOW, make_commitment, make_party, make_source, make_topic
from tests.timeline.views.page_reading import links_of, text_of, text_within

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def html_of(client: Client, address: str = "/", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_each_part_has_its_heading_its_count_and_its_items(client: Client) -> None:
    make_commitment(title="Launch", window="2025", wording="next year, as planned")
    make_commitment(title="Games", window="2026")
    make_commitment(title="Forum", window="2027-21")
    make_commitment(title="Trade", window="", wording="soon")
    make_commitment(title="Visit", window="2024-11-27", status=Status.DELIVERED)
    html = html_of(client)
    assert text_within(html, 'class="tally"') == (
        "1 Overdue 1 Open now 1 Coming 1 Undated 1 Finished"
    )
    assert "Overdue since 1 January 2026, 328 days" in text_within(html, 'id="overdue"')
    assert "<q>next year, as planned</q>" in html
    assert "Last possible day: 31 December 2026, in 37 days" in text_within(html, 'id="open"')
    assert "First possible day: 1 March 2027, in 97 days" in text_within(html, 'id="coming"')
    assert "soon Trade Announced" in text_within(html, 'id="undated"')
    assert "Visit Delivered, evidence: none found" in text_within(html, 'id="finished"')


def test_empty_parts_are_left_out_and_an_empty_record_says_so(client: Client) -> None:
    html = html_of(client)
    assert "Nothing in the record fits this." in text_of(html)
    assert 'id="overdue"' not in html
    assert 'class="picture"' not in html


def test_what_is_due_soon_comes_first(client: Client) -> None:
    make_commitment(title="Later this year", window="2026")
    make_commitment(title="Within days", window="2026-12-01")
    words = text_within(html_of(client), 'id="open"')
    assert words.index("Within days") < words.index("Later this year")


def test_order_in_the_address_is_kept(client: Client) -> None:
    for title, window in (("Beta", "2026-11-30"), ("Alpha", "2026")):
        make_commitment(title=title, window=window)
    words = text_within(html_of(client, "/?ordering=title"), 'id="all"')
    assert words.index("Alpha") < words.index("Beta")


def test_filter_narrows_the_list_the_picture_and_the_outlets(client: Client) -> None:
    make_commitment(title="Launch", topics=[make_topic("space")])
    make_commitment(title="Games", topics=[make_topic("sport")])
    html = html_of(client, "/?topic=space")
    assert "Launch" in html
    assert "Games" not in html
    assert "Narrowed from 2: Topic: Space" in text_of(html)
    calendar = f"{settings.SITE_URL}/feeds/commitments.ics?topic=space"
    assert {
        calendar.replace("http:", "webcal:"),
        "/api/v1/commitments/?topic=space",
        "/subscribe/?topic=space",
    } <= set(links_of(html))
    assert calendar in text_of(html)
    for outlet in (calendar.removeprefix(settings.SITE_URL), "/api/v1/commitments/?topic=space"):
        answer = client.get(outlet)
        assert answer.status_code == 200
        assert b"Launch" in answer.content
        assert b"Games" not in answer.content


def test_calendar_speaks_the_readers_language(client: Client) -> None:
    html = html_of(client, "/ru/?topic=nothing&q=", status=302)
    make_commitment(title="Launch", topics=[make_topic("space")])
    html = html_of(client, "/ru/?topic=space&ordering=title")
    assert f"{settings.SITE_URL}/feeds/commitments.ics?topic=space&language=ru" in text_of(html)


def test_fields_that_were_left_empty_leave_the_address(client: Client) -> None:
    response = client.get("/?q=&place=&from=&to=&ordering=&status=announced")
    assert (response.status_code, response["Location"]) == (302, "/?status=announced")
    response = client.get("/kk/?q=&place=")
    assert (response.status_code, response["Location"]) == (302, "/kk/")


def test_unknown_parameter_is_refused_and_the_known_ones_named(client: Client) -> None:
    words = text_of(html_of(client, "/?colour=red", status=400))
    assert "colour" in words
    for known in ("topic", "party", "status", "schedule", "q", "ordering"):
        assert f" {known}" in words


@pytest.mark.parametrize(
    "query", ["status=broken", "schedule=1", "from=yesterday", "topic=nothing"]
)
def test_unknown_value_is_refused_with_its_field(client: Client, query: str) -> None:
    field = query.partition("=")[0]
    assert f"{field}: " in text_of(html_of(client, f"/?{query}", status=400))


def test_hostile_parameters_are_shown_as_text(client: Client) -> None:
    html = html_of(client, "/?%3Cscript%3Ealert(1)%3C/script%3E=1", status=400)
    assert "<script>" not in html
    html = html_of(client, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in html


def test_chosen_filters_can_be_dropped_one_by_one(client: Client) -> None:
    make_commitment(topics=[make_topic("space"), make_topic("sport")])
    links = links_of(html_of(client, "/?topic=space&topic=sport"))
    assert "?topic=sport" in links
    assert "?topic=space" in links


def test_form_shows_what_the_address_says(client: Client) -> None:
    make_commitment(title="Launch", topics=[make_topic("space")], place="Baikonur")
    html = html_of(client, "/?topic=space&q=Launch&from=2026-01-01&role=promised_by")
    assert '<input type="checkbox" name="topic" value="space" checked>' in html
    assert '<input type="search" name="q" value="Launch" maxlength="200">' in html
    assert '<input type="date" name="from" value="2026-01-01">' in html
    assert '<input type="hidden" name="role" value="promised_by">' in html


@pytest.mark.parametrize(
    ("address", "language", "others"),
    [
        ("/?topic=space", "en", ["/?topic=space", "/ru/?topic=space", "/kk/?topic=space"]),
        ("/ru/?topic=space", "ru", ["/?topic=space", "/ru/?topic=space", "/kk/?topic=space"]),
        ("/kk/", "kk", ["/", "/ru/", "/kk/"]),
    ],
)
def test_page_says_its_language_and_links_to_itself_in_the_others(
    client: Client, address: str, language: str, others: list[str]
) -> None:
    make_commitment(topics=[make_topic("space")])
    html = html_of(client, address)
    assert f'<html lang="{language}">' in html
    assert [link for link in links_of(html) if link in others][-3:] != []
    for code, path in zip(("en", "ru", "kk"), others, strict=True):
        assert f'<link rel="alternate" hreflang="{code}" href="{settings.SITE_URL}{path}">' in html
        assert f'<a href="{path}" lang="{code}" hreflang="{code}"' in html
    default = f'<link rel="alternate" hreflang="x-default" href="{settings.SITE_URL}{others[0]}">'
    assert default in html
    assert f'hreflang="{language}" aria-current="true"' in html


def test_titles_and_days_are_in_the_language_of_the_page(client: Client) -> None:
    make_commitment(title="Games", window="2025", translations={"ru": {"title": "Игры"}})
    html = html_of(client, "/ru/")
    assert "Игры" in html
    assert "1 января 2026 года" in html
    assert "2026 жылғы 1 қаңтардан" in html_of(client, "/kk/")


def test_numbers_of_the_drawing_have_points_in_every_language(client: Client) -> None:
    make_commitment(window="2024-05-07/2025-03-02")
    drawing = html_of(client, "/ru/").partition('<svg class="sheet')[2].partition("</figure>")[0]
    positions = [part.partition('"')[0] for part in drawing.split(' x="')[1:]]
    assert any("." in position for position in positions)
    assert not any("," in position for position in positions)


def test_proposal_is_not_called_a_promise(client: Client) -> None:
    make_commitment(strength=Strength.PROPOSAL)
    assert "proposed, not promised" in text_of(html_of(client))


def test_desk_of_one_says_so(client: Client, settings: Settings) -> None:
    sentence = "one person may both judge a commitment and approve the verdict"
    assert sentence not in text_of(html_of(client))
    settings.REQUIRE_SECOND_PERSON = False
    assert sentence in text_of(html_of(client))


@pytest.mark.parametrize("query", ["", "?topic=space"])
def test_number_of_queries_does_not_depend_on_the_number_of_items(
    client: Client, query: str
) -> None:
    topic, parties = make_topic("space"), [(make_party(), PartyRole.PROMISED_BY)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            html_of(client, f"/{query}")
        return len(captured)

    make_commitment(topics=[topic], parties=parties)
    one = queries()
    for _ in range(2):
        make_commitment(topics=[topic], parties=parties, source=make_source())
    assert queries() == one
    assert one <= 12


def test_page_has_no_inline_script_and_no_inline_style(client: Client) -> None:
    make_commitment()
    html = html_of(client)
    assert "<script>" not in html
    assert html.count("<script ") == html.count('.js" defer></script>')
    assert "style=" not in html
    assert "<style" not in html
    assert client.get("/")["Content-Security-Policy"]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_day_turns_at_the_place_of_the_commitment(client: Client) -> None:
    make_commitment(title="Launch", window="2026-11-23", time_zone="Asia/Almaty")
    with time_machine.travel("2026-11-23T18:59:59Z", tick=False):
        assert "Last possible day: 23 November 2026, today" in text_of(html_of(client))
    with time_machine.travel("2026-11-23T19:00:00Z", tick=False):
        assert "Overdue since 24 November 2026, 1 day" in text_of(html_of(client))


def test_today_is_named(client: Client) -> None:
    make_commitment()
    assert "As of 24 November 2026." in text_of(html_of(client))
    assert date(2026, 11, 24) == NOW.date()
