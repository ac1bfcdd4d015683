"""The picture as a file: well-formed, whole without the site, the same until something changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client, override_settings
from lxml import etree

from benchmarks.made_up import make_commitments
from commitments.enums import PartyRole
from tests.builders import NOW, make_commitment, make_party, make_source, make_topic

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def file_of(client: Client, address: str) -> etree._Element:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "image/svg+xml"
    return etree.fromstring(response.content)


def words_of(root: etree._Element) -> list[str]:
    """All that is written on it, without what only shows on phones."""
    return ["".join(map(str, text.itertext())) for text in root.iter(f"{SVG}text")]


def test_file_says_what_it_shows_of_which_day_and_where_it_is_from(client: Client) -> None:
    topics = [make_topic("space")]
    make_commitment(title='Launch & "orbit" <1>', window="2025", topics=topics)
    make_commitment(title="Games", window="2026")
    root = file_of(client, "/picture.svg?topic=space&group=topic")
    words = words_of(root)
    assert words[:2] == [
        "What was promised, and by when",
        "As of 24 November 2026. · Topic: Space",
    ]
    assert any(text.startswith('Launch & "orbit" <1>') for text in words)
    assert not any(text.startswith("Games") for text in words)
    assert words[-1] == "Source: http://localhost:8000/?topic=space"
    with override_settings(RECORD_LICENCE="CC BY 4.0"):
        client.cookies["sessionid"] = "of nobody"  # so that no kept file is given
        assert words_of(file_of(client, "/picture.svg"))[-1] == "CC BY 4.0"


def test_file_needs_nothing_beside_itself_and_its_links_lead_to_the_site(client: Client) -> None:
    commitment = make_commitment(title="Launch", window="2025")
    root = file_of(client, "/picture.svg")
    assert len(root.findall(f"{SVG}style")) == 1
    links = [one.get("href") for one in root.iter(f"{SVG}a")]
    assert f"http://localhost:8000/c/{commitment.public_id}/" in links
    assert {urlsplit(link).netloc for link in links} == {"localhost:8000"}
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    used = {one.get("href") for one in root.iter(f"{SVG}use")}
    assert used
    assert used <= {f"#{one}" for one in ids}


@pytest.mark.parametrize("query", ["", "?group=topic", "?group=status&zoom=year&at=1990"])
@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_file_of_many_and_of_none_in_view_is_well_formed(
    client: Client, prefix: str, query: str
) -> None:
    make_commitments(60)
    root = file_of(client, f"{prefix}/picture.svg{query}")
    assert root.get("height") == root.get("viewBox", "").split()[3]
    patterns = list(root.iter(f"{SVG}pattern"))
    assert len(patterns) == 3


@pytest.mark.parametrize("address", ["/parties/kz/", "/topics/space/", "/sources/{source}/"])
def test_party_topic_and_source_have_a_file_of_their_own(client: Client, address: str) -> None:
    source = make_source(title="Statements", date=date(2026, 1, 1))
    topics = [make_topic("space")]
    parties = [(make_party("kz", name="Kazakhstan"), PartyRole.PROMISED_BY)]
    make_commitment(title="Launch", window="2025", source=source, topics=topics, parties=parties)
    make_commitment(title="Games", window="2026")
    page = address.format(source=source.public_id)
    html = client.get(f"{page}?q=launch&group=status&page=1").content.decode()
    assert f'<a download href="{page}picture.svg?q=launch&amp;group=status">' in html
    response = client.get(f"{page}picture.svg?q=launch&group=status")
    words = words_of(etree.fromstring(response.content))
    assert words[0] in {"Kazakhstan", "Space", "Statements"}
    assert not any("Games" in text for text in words)
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert response["Content-Disposition"].endswith('-2026-11-24.svg"')


def test_rows_of_the_picture_are_linked_as_csv(client: Client) -> None:
    topics = [make_topic("space")]
    make_commitment(title="Launch", window="2025", topics=topics, now=NOW)
    make_commitment(title="Games", window="2026", now=NOW)
    for page in ("/?topic=space&group=topic&as_of=2026-11-24", "/topics/space/?as_of=2026-11-24"):
        html = client.get(page).content.decode()
        link = html[html.index('<a href="/api/v1/commitments/?') :].split('"')[1]
        rows = client.get(link.replace("&amp;", "&"))
        assert rows.status_code == 200
        text = b"".join(rows) if rows.streaming else rows.content
        assert b"Launch" in text
        assert b"Games" not in text


def test_file_is_the_same_until_something_changes(client: Client) -> None:
    make_commitment(window="2026")
    first = client.get("/picture.svg")
    again = client.get("/picture.svg", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    make_commitment(window="2027")
    changed = client.get("/picture.svg", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/picture.svg", 404),  # nothing has a date
        ("/picture.svg?zoom=week", 400),
        ("/picture.svg?topic=nothing", 400),
        ("/topics/nothing/picture.svg", 404),
        ("/parties/kz/picture.svg?as_of=2020-01-01", 404),
    ],
)
def test_file_of_what_is_not_there_is_refused(client: Client, address: str, status: int) -> None:
    make_commitment(window="", parties=[(make_party("kz"), PartyRole.PROMISED_BY)])
    assert client.get(address).status_code == status


def test_drafts_are_not_in_the_file(client: Client) -> None:
    make_commitment(title="Secret", window="2026", published=False)
    make_commitment(title="Launch", window="2026")
    assert b"Secret" not in client.get("/picture.svg").content
