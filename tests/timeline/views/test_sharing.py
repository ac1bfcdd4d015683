"""A commitment on other sites: frame, badge and the picture of a shared link."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from PIL import Image

from tests.builders import NOW, make_commitment
from tests.timeline.views.page_reading import text_of
from timeline.presentation import share_cards
from timeline.presentation.share_cards import CardWords, draw_card

pytestmark = pytest.mark.django_db

WORDS = CardWords("overdue", "Kind", "Title", "Overdue since then", "Somebody", "site")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_frame_may_stand_on_any_site_and_sets_no_cookie(client: Client) -> None:
    commitment = make_commitment(title="Launch", window="2025")
    response = client.get(f"/c/{commitment.public_id}/embed/")
    assert response.status_code == 200
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies
    words = text_of(response.content.decode())
    assert "Launch Overdue since 1 January 2026, 328 days" in words
    page = client.get(f"/c/{commitment.public_id}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("prefix", "word"), [("", "overdue"), ("/ru", "срок прошёл")])
def test_badge_says_where_it_stands(client: Client, prefix: str, word: str) -> None:
    commitment = make_commitment(title="<Launch & more>", window="2025")
    response = client.get(f"{prefix}/c/{commitment.public_id}/badge.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"].startswith("public, max-age=")
    assert not response.cookies
    drawing = ElementTree.fromstring(response.content)
    texts = ["".join(one.itertext()) for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[1] == word
    assert drawing.get("aria-label") == f"<Launch & more>: {word}"


def test_card_is_a_png_of_its_size_and_made_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    commitment = make_commitment(title="Launch", window="2025")
    response = client.get(f"/c/{commitment.public_id}/card.png")
    assert response["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(response.content))
    assert picture.size == (1200, 630)
    assert len(response.content) < 60_000
    monkeypatch.setattr("timeline.views.pages_sharing.draw_card", None)
    assert client.get(f"/c/{commitment.public_id}/card.png").content == response.content


def test_page_names_its_card_and_how_to_cite_it(client: Client) -> None:
    commitment = make_commitment(title="Launch")
    html = client.get(f"/ru/c/{commitment.public_id}/").content.decode()
    address = f"{settings.SITE_URL}/ru/c/{commitment.public_id}"
    assert f'<meta property="og:image" content="{address}/card.png">' in html
    assert "&lt;iframe src=" in html
    assert "<iframe" not in html
    cited = client.get(f"/c/{commitment.public_id}/?as_of=2026-03-01").content.decode()
    permanent = f"{settings.SITE_URL}/c/{commitment.public_id}/?as_of=2026-03-01"
    assert f"“Launch”, revision {commitment.revision}, as of 1 March 2026. {permanent}" in text_of(
        cited
    )


@pytest.mark.parametrize(
    "title",
    [
        "Short",
        "A title of very many words " * 12,
        "Donaudampfschifffahrt" * 15,
        "Қазақстанның әлеуметтік-экономикалық дамуының ұлттық жоспары",
        "",
    ],
)
def test_card_holds_any_title(title: str) -> None:
    words = CardWords("delivered", "Kind", title, "Delivered", "Somebody " * 40, "site")
    assert draw_card(words) == draw_card(words)
    font, lines = share_cards._title(title, 1040)
    assert all(font.getlength(line) <= 1040 for line in lines)
    assert len(lines) * font.size * 1.22 <= 300


def test_letters_of_kazakh_are_in_the_font() -> None:
    font = share_cards._font(40)
    missing = bytes(font.getmask("\uffff"))
    for letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІёЁ—“”«»₸":
        assert bytes(font.getmask(letter)) != missing, letter
