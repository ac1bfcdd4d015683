"""The picture in time on the page: its links, its table, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.made_up import make_commitments
from commitments.actions.dates import move_date
from commitments.enums import PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_party,
    make_source,
    make_topic,
)
from timeline.layout.placing import MOST_BARS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def picture_of(client: Client, query: str = "", prefix: str = "", status: int = 200) -> str:
    response = client.get(f"{prefix}/picture/{query}")
    assert response.status_code == status
    return response.content.decode()


def table_of(html: str) -> list[list[str]]:
    """The cells of the table, row by row."""
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<.*?>", "", cell)).strip() for cell in row] for row in cells]


def piles_of(html: str) -> list[tuple[str, int]]:
    """The address and the number of every pile."""
    found = re.findall(
        r'<a class="item pile" href="(.*?)".*?<text class="number".*?>(.*?)</text>', html, re.DOTALL
    )
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


def test_table_says_the_same_as_the_picture(client: Client) -> None:
    make_commitment(title="Launch", window="2025", status=Status.IN_PROGRESS)
    make_commitment(title="Visit", window="2024-11-27", status=Status.DELIVERED)
    make_commitment(title="Trade", window="")
    html = picture_of(client)
    assert table_of(html) == [
        ["Visit", "27 November 2024", "delivered"],
        ["Launch", "2025", "overdue"],
    ]
    assert html.count('class="item lane look-overdue"') == 3  # wide, middle and narrow


def test_moved_one_has_its_first_date_and_an_arrow(client: Client) -> None:
    commitment = make_commitment(title="Launch", window="2025")
    citation = make_citation(commitment)
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        actor=make_approver(),
        citations=[citation],
        now=timezone.now(),
    )
    html = picture_of(client)
    assert table_of(html) == [["Launch", "2026", "open now", "2025"]]
    assert html.count('class="arrow" x1=') == 3
    assert "first promised for 2025" in html


def test_statement_is_a_point_that_leads_to_what_was_said_in_it(client: Client) -> None:
    source = make_source(title="Talks in Astana", date=date(2025, 11, 27))
    make_commitment(title="Launch", window="2026", source=source)
    make_commitment(title="Games", window="2024")
    html = picture_of(client)
    assert f"?source={source.public_id}" in html
    assert "Talks in Astana\n27 November 2025" in html


def test_groups_are_topics_parties_or_where_each_stands(client: Client) -> None:
    space, sport = make_topic("space"), make_topic("sport")
    kazakhstan = [(make_party("kz", name="Kazakhstan"), PartyRole.PROMISED_BY)]
    mongolia = [(make_party("mn", name="Mongolia"), PartyRole.RESPONSIBLE)]
    make_commitment(title="Launch", window="2025", topics=[space], parties=kazakhstan)
    make_commitment(title="Games", window="2026", topics=[space, sport], parties=mongolia)
    by_topic = table_of(picture_of(client, "?group=topic"))
    assert [row[:2] for row in by_topic] == [
        ["Space", "Launch"],
        ["Space", "Games"],
        ["Sport", "Games"],
    ]
    by_party = table_of(picture_of(client, "?group=party"))
    assert [row[:2] for row in by_party] == [["Kazakhstan", "Launch"], ["Mongolia", "Games"]]
    by_role = table_of(picture_of(client, "?group=party&role=promised_by"))
    assert [row[0] for row in by_role] == ["Kazakhstan"]
    by_status = table_of(picture_of(client, "?group=status"))
    assert [row[:2] for row in by_status] == [["Overdue", "Launch"], ["Open now", "Games"]]


def test_groups_are_only_those_that_the_filter_leaves(client: Client) -> None:
    make_commitment(window="2026", topics=[make_topic("space"), make_topic("sport")])
    rows = table_of(picture_of(client, "?group=topic&topic=space"))
    assert [row[0] for row in rows] == ["Space"]


def test_closer_look_shows_what_is_there_then_and_leads_on(client: Client) -> None:
    make_commitment(title="Launch", window="2025")
    make_commitment(title="Games", window="2026")
    html = picture_of(client, "?zoom=year&at=2025&topic=&q=")
    assert [row[0] for row in table_of(html)] == ["Launch"]
    for address in (
        "zoom=year&amp;at=2024",
        "zoom=year&amp;at=2026",
        "zoom=quarter&amp;at=2025-07",
    ):
        assert f"?{address}#picture" in html or f"&amp;{address}#picture" in html


def test_empty_view_says_so(client: Client) -> None:
    make_commitment(window="2025")
    assert "Nothing has its time here." in picture_of(client, "?zoom=year&at=2020")


@pytest.mark.parametrize("query", ["?zoom=week", "?group=kind", "?at=2026", "?nope=1"])
def test_unknown_looks_are_refused_in_page_and_picture(client: Client, query: str) -> None:
    picture_of(client, query, status=400)
    assert client.get(f"/{query}").status_code == 400


def test_drafts_are_not_drawn(client: Client) -> None:
    make_commitment(title="Secret", window="2026", published=False)
    html = client.get("/").content.decode()
    assert "Secret" not in html
    assert "figure" not in html


@pytest.mark.parametrize("query", ["", "?group=topic", "?group=party", "?group=status"])
def test_every_pile_leads_to_just_as_many(client: Client, query: str) -> None:
    make_commitments(120)
    piles = piles_of(picture_of(client, query))
    assert len(piles) > 8
    for address, count in piles[::9]:
        total = client.get(address).context["total"]
        assert (address, total) == (address, count)


def test_piles_keep_the_filter_and_its_days(client: Client) -> None:
    make_commitments(300)
    query = "?from=2019-05-05&latest_before=2031-03-03&status=delivered&group=party"
    html = picture_of(client, query)
    for address, count in piles_of(html)[::12]:
        assert client.get(address).context["total"] == count


def test_later_and_earlier_ones_are_counted_and_listed(client: Client) -> None:
    make_commitments(120)
    html = picture_of(client, "?zoom=decade&at=2020")
    dated = Commitment.objects.dated().count()
    row = [int(re.sub(r"\D", "", cell) or 0) for cell in table_of(html)[0][1:]]
    assert sum(row) == dated
    earlier = unescape(re.findall(r'href="([^"]*latest_before=2020-01-01[^"]*)"', html)[0])
    assert client.get(earlier).context["total"] == row[0]


def test_earlier_day_has_the_picture_of_that_day(client: Client) -> None:
    make_commitment(title="Launch", window="2025", topics=[make_topic("space")])
    make_commitment(title="Games", window="2026", now=NOW)
    for query in ("", "&group=topic", "&group=party"):
        html = picture_of(client, f"?as_of=2026-11-01{query}")
        assert "Launch" in html
        assert "Games" not in html
        assert "today, 1 November 2026" in html


@pytest.mark.parametrize(("prefix", "word"), [("/ru", "нояб."), ("/kk", "қар.")])
def test_axis_speaks_the_language_of_the_reader(client: Client, prefix: str, word: str) -> None:
    make_commitment(window="2026")
    assert f">{word}</text>" in picture_of(client, "?zoom=year&at=2026", prefix)


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [("", 2), ("?group=topic", 4), ("?group=party", 4)])
def test_picture_asks_a_fixed_number_of_times(
    client: Client, how_many: int, query: str, queries: int
) -> None:
    for number in range(how_many):
        parties = [(make_party(f"p{number}"), PartyRole.PROMISED_BY)]
        topics = [make_topic(f"t{number}")]
        commitment = make_commitment(window="2026", topics=topics, parties=parties)
        make_citation(commitment)
    picture_of(client, "?zoom=year")
    with CaptureQueriesContext(connection) as asked:
        picture_of(client, query)
    assert len(asked) - _of_the_stamp(asked) == queries


def _of_the_stamp(asked: CaptureQueriesContext) -> int:
    """How many of the queries only asked for the number of the record's last change."""
    return sum("recordhead" in query["sql"] for query in asked.captured_queries)


def test_answer_is_the_same_until_something_changes(client: Client) -> None:
    make_commitment(window="2026")
    first = client.get("/picture/")
    assert first["X-Robots-Tag"] == "noindex"
    again = client.get("/picture/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.once
def test_page_stays_small_with_a_thousand(client: Client) -> None:
    make_commitments(1_000)
    for query in ("", "?group=topic", "?group=party", "?zoom=year&group=status"):
        page = client.get(f"/kk/{query}").content
        assert len(page) < 160_000
        assert b"counted" in page


def test_page_of_as_many_bars_as_there_can_be_stays_small(client: Client) -> None:
    for number in range(MOST_BARS):
        make_commitment(title=f"Ұзақ атауы бар міндеттеме, нөмірі {number} " * 2, window="2026")
    assert len(client.get("/kk/").content) < 160_000


def test_stretch_of_months_is_looked_at(client: Client) -> None:
    make_commitment(title="Launch", window="2025")
    make_commitment(title="Games", window="2030")
    html = picture_of(client, "?zoom=2024-07..2026-06&group=topic")
    assert "Launch" in html
    assert "Games" not in html
    assert '<span class="view">Jul 2024–Jun 2026</span>' in html
    assert 'data-first="2024-07-01" data-end="2026-07-01" data-free="yes"' in html
    assert 'href="/?group=topic&amp;zoom=2022-07..2024-06#picture"' in html
    assert 'href="/?group=topic&amp;zoom=2026-07..2028-06#picture"' in html
    # Other groups keep the stretch.
    assert 'href="/?group=status&amp;zoom=2024-07..2026-06#picture"' in html


def test_few_months_are_told_in_weeks(client: Client) -> None:
    make_commitment(title="Launch", window="2026-11-24")
    html = picture_of(client, "?zoom=2026-11..2026-12")
    assert re.findall(r'<text class="period.*?>(.*?)</text>', html)[:8] == [
        *("1", "8", "15", "22", "1", "8", "15", "22")
    ]


@pytest.mark.parametrize("address", ["/parties/kz/", "/topics/space/", "/sources/{source}/"])
def test_party_topic_and_source_have_a_picture_of_their_own(client: Client, address: str) -> None:
    source = make_source(title="Statements")
    parties, topics = [(make_party("kz"), PartyRole.PROMISED_BY)], [make_topic("space")]
    make_commitment(title="Launch", window="2025", source=source, topics=topics, parties=parties)
    make_commitment(title="Games", window="2026")
    page = address.format(source=source.public_id)
    html = client.get(f"{page}?group=status&q=launch").content.decode()
    picture = html[html.index('<figure class="timeline"') :]
    picture = picture[: picture.index("</figure>")]
    assert [row[1] for row in table_of(picture)] == ["Launch"]
    # Its links stay on this page, and leave out the groups of what it is about.
    links = re.findall(r'href="([^"]*)#picture"', picture)
    assert all(link.startswith(f"{page}?q=launch") for link in links)
    assert f"{page}?q=launch&amp;group=party" in links or "parties" in page
    assert (f"{page}?q=launch&amp;group=topic" in links) is ("topics" not in page)
    # Alone it is the same.
    alone = client.get(f"{page}picture/?group=status&q=launch").content.decode()
    assert alone.strip() == f"{picture}</figure>"


def test_picture_about_nothing_is_not_found(client: Client) -> None:
    make_commitment(window="2025", topics=[make_topic("space")])
    assert client.get("/topics/nope/picture/").status_code == 404
    assert client.get("/topics/space/picture/").status_code == 200
    assert client.get("/topics/space/picture/?zoom=week").status_code == 400
