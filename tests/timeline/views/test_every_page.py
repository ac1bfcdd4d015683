"""Every public page in every language: headers, languages, size, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from commitments.enums import PartyRole
from tests.builders import NOW, make_commitment, make_party, make_source, make_topic
from timeline.urls.pages import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOADED = re.compile(
    r'<(?:script|img|iframe|link rel="(?:stylesheet|icon)")[^>]* (?:src|href)="([^"]+)"'
)
ELSEWHERE = {
    # Those have pages and tests of their own.
    "picture",
    "party_picture",
    "topic_picture",
    "source_picture",
    "subscribe_page",
    "my_feeds",
    "my_feed",
    "badge",
    "card",
    "picture_file",
    "party_picture_file",
    "topic_picture_file",
    "source_picture_file",
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pages() -> dict[str, str]:
    """Every page by the name of its address."""
    source = make_source(title="Statements", url="https://example.org/statements")
    commitment = make_commitment(
        title="Launch",
        window="2025",
        source=source,
        topics=[make_topic("space")],
        parties=[(make_party("kz"), PartyRole.PROMISED_BY)],
    )
    return {
        "home": "/",
        "commitment": f"/c/{commitment.public_id}/",
        "embed": f"/c/{commitment.public_id}/embed/",
        "sources": "/sources/",
        "source": f"/sources/{source.public_id}/",
        "parties": "/parties/",
        "party": "/parties/kz/",
        "topics": "/topics/",
        "topic": "/topics/space/",
        "changes": "/changes/",
        "corrections": "/corrections/",
        "methodology": "/methodology/",
    }


def test_every_page_is_walked(pages: dict[str, str]) -> None:
    names = {pattern.name for pattern in urlpatterns if hasattr(pattern, "name")}
    assert set(pages) == names - ELSEWHERE
    assert get_resolver().resolve(pages["party"]).url_name == "party"


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_page_is_whole_and_its_own(client: Client, pages: dict[str, str], language: str) -> None:
    prefix = "" if language == "en" else f"/{language}"
    for name, path in pages.items():
        response = client.get(f"{prefix}{path}")
        html = response.content.decode()
        assert response.status_code == 200, name
        assert f'<html lang="{language}">' in html
        assert response["Content-Language"] == language
        assert response["ETag"].startswith('"')
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies, name
        assert len(response.content) < 60_000, name
        assert "style=" not in html
        assert "<script>" not in html
        hosts = {urlsplit(address).netloc for address in LOADED.findall(html)}
        assert hosts <= {""}, name
        assert html.count("<h1") == 1, name


def test_page_says_where_it_is_in_the_other_languages(
    client: Client, pages: dict[str, str]
) -> None:
    for name in set(pages) - {"embed"}:
        html = client.get(pages[name]).content.decode()
        for code, prefix in (("en", ""), ("ru", "/ru"), ("kk", "/kk"), ("x-default", "")):
            address = f"{settings.SITE_URL}{prefix}{pages[name]}"
            assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in html, name


def test_same_page_is_not_sent_twice(client: Client, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        tag = client.get(path)["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), name


def test_every_page_shows_an_earlier_day_with_its_banner(
    client: Client, pages: dict[str, str]
) -> None:
    for name in ("home", "commitment", "source", "party", "topic", "corrections"):
        html = client.get(f"{pages[name]}?as_of=2026-03-01").content.decode()
        assert "You see the record as of 1 March 2026." in html, name
        assert f'href="{pages[name]}">Show it as it is today</a>' in html, name
