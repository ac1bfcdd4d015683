"""Pages by cursor: no row lost, none doubled, each list in its order on every database."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from commitments.api.keyset import LONGEST_CURSOR, Cursor, cut_page
from commitments.enums import PartyRole
from commitments.exceptions import InvalidInput
from commitments.filters import ORDERINGS, select_commitments
from commitments.models import Commitment
from commitments.ordering import expressions
from tests.builders import NOW, SAID_AT, make_commitment, make_party, make_source, make_topic

pytestmark = pytest.mark.django_db

LIST = "/api/v1/commitments/"
WINDOWS = ("2026", "", "2025", "2025", "2026-03/..", "", "../2024", "2025")


def make_rows() -> None:
    for place, window in enumerate(WINDOWS):
        make_commitment(
            title=f"title {place % 3}", window=window, now=SAID_AT + timedelta(hours=place % 3)
        )


def walk(client: Client, address: str, relation: str) -> list[list[str]]:
    """The ids page by page along `relation`, from `address` on."""
    pages: list[list[str]] = []
    while address:
        answer = client.get(address).json()
        pages.append([row["id"] for row in answer["results"]])
        address = answer[relation]
    return pages


def last_page(client: Client, address: str) -> str:
    while following := client.get(address).json()["next"]:
        address = following
    return address


@pytest.mark.parametrize("ordering", list(ORDERINGS))
def test_pages_there_and_back_are_the_whole_list(client: Client, ordering: str) -> None:
    make_rows()
    ordered = Commitment.objects.order_by(*expressions(ORDERINGS[ordering]))
    expected = list(ordered.values_list("public_id", flat=True))
    for size in (1, 3, len(WINDOWS) - 1, len(WINDOWS), len(WINDOWS) + 1):
        first = f"{LIST}?ordering={ordering}&page_size={size}"
        there = walk(client, first, "next")
        assert [len(page) for page in there[:-1]] == [size] * (len(there) - 1)
        assert [one for page in there for one in page] == expected
        back = walk(client, last_page(client, first), "previous")
        assert [one for page in reversed(back) for one in page] == expected


def test_a_page_that_holds_all_has_no_neighbours(client: Client) -> None:
    make_rows()
    answer = client.get(f"{LIST}?page_size={len(WINDOWS)}")
    assert (answer.json()["next"], answer.json()["previous"]) == (None, None)
    assert "Link" not in answer.headers


def test_an_empty_list_is_one_empty_page(client: Client) -> None:
    assert client.get(LIST).json() == {"results": [], "next": None, "previous": None}


def test_neighbours_are_in_the_link_header_too(client: Client) -> None:
    make_rows()
    second = client.get(client.get(f"{LIST}?page_size=2").json()["next"])
    body = second.json()
    assert second.headers["Link"] == (
        f'<{body["next"]}>; rel="next", <{body["previous"]}>; rel="prev"'
    )
    assert body["next"].startswith(f"{settings.SITE_URL}{LIST}?page_size=2&cursor=")


def test_the_filter_goes_along_from_page_to_page(client: Client) -> None:
    make_rows()
    pages = walk(client, f"{LIST}?page_size=1&q=title+1&language=ru&from=2000-01-01", "next")
    assert [len(page) for page in pages] == [1, 1]


def test_rows_that_come_in_between_neither_double_nor_hide_others(client: Client) -> None:
    for window in ("2025", "2026", "2027", "2028"):
        make_commitment(window=window)
    before = list(Commitment.objects.order_by("latest").values_list("public_id", flat=True))
    first = client.get(f"{LIST}?page_size=2").json()
    make_commitment(window="2024")
    make_commitment(window="2026-06")
    later = make_commitment(window="2027-06")
    rest = walk(client, first["next"], "next")
    seen = [row["id"] for row in first["results"]] + [one for page in rest for one in page]
    assert seen == [*before[:2], later.public_id, *before[2:]]


def test_a_row_that_is_gone_is_still_a_place(client: Client) -> None:
    rows = [make_commitment(window=window) for window in ("2025", "2026", "2027")]
    following = client.get(f"{LIST}?page_size=2").json()["next"]
    Commitment.objects.filter(pk=rows[1].pk).update(publication="draft")
    assert walk(client, following, "next") == [[rows[2].public_id]]


def test_parties_topics_and_sources_are_paged_in_their_order(client: Client) -> None:
    keys = ["a", "b", "c"]
    sources = [make_source(date=NOW.date() - timedelta(days=days)) for days in (2, 0, 1)]
    for key, source in zip(keys, sources, strict=True):
        make_commitment(
            parties=[(make_party(key), PartyRole.PROMISED_BY)],
            topics=[make_topic(key)],
            source=source,
        )
    expected = {
        "parties": ("key", keys),
        "topics": ("key", keys),
        "sources": ("id", [sources[place].public_id for place in (1, 2, 0)]),
    }
    for name, (field, values) in expected.items():
        first = client.get(f"/api/v1/{name}/?page_size=2").json()
        second = client.get(first["next"]).json()
        assert [row[field] for row in first["results"] + second["results"]] == values
        assert client.get(second["previous"]).json()["results"] == first["results"]


# The size of a page


@pytest.mark.parametrize("size", ["0", "101", "-1", "1e9", "1000000", "a", "1.0", "٣", "9" * 199])
def test_a_size_that_is_not_1_to_100_is_refused(client: Client, size: str) -> None:
    answer = client.get(LIST, {"page_size": size})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "parameter": "page_size",
            "code": "invalid_page_size",
            "detail": "Ask for a whole number of rows from 1 to 100.",
        }
    ]


def test_the_smallest_and_the_largest_size_are_given(client: Client) -> None:
    make_rows()
    assert len(client.get(LIST, {"page_size": "1"}).json()["results"]) == 1
    assert len(client.get(LIST, {"page_size": "100"}).json()["results"]) == len(WINDOWS)


def test_without_a_size_a_page_has_fifty_rows(client: Client) -> None:
    party = make_party()
    source = make_source()
    for _place in range(51):
        make_commitment(parties=[(party, PartyRole.PROMISED_BY)], source=source)
    first = client.get(LIST).json()
    assert len(first["results"]) == 50
    assert len(client.get(first["next"]).json()["results"]) == 1


# Cursors that nobody gave out


def packed(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


LATEST = "last_day,public_id"
GARBAGE = [
    "x",
    "é",
    "=",
    "====",
    "a b",
    "AAAA",
    "a" * LONGEST_CURSOR,
    "a" * (LONGEST_CURSOR + 1),
    packed("x"),
    packed(1),
    packed({}),
    packed([]),
    packed([LATEST, False]),
    packed([LATEST, False, []]),
    packed([LATEST, False, ["2026-12-31"]]),
    packed([LATEST, False, ["2026-12-31", None]]),
    packed([LATEST, False, [None, "a"]]),
    packed([LATEST, False, ["2026-12-31", "a", "b"]]),
    packed([LATEST, False, ["2026-12-32", "a"]]),
    packed([LATEST, False, [20261231, "a"]]),
    packed([LATEST, False, [["2026-12-31"], "a"]]),
    packed([LATEST, False, ["2026-12-31", "a\x00"]]),
    packed([LATEST, False, ["2026-12-31", "\ud800"]]),
    packed([LATEST, False, "ab"]),
    packed([LATEST, 1, ["2026-12-31", "a"]]),
    packed([LATEST, None, ["2026-12-31", "a"]]),
    packed(["-latest,public_id", False, ["2026-12-31", "a"]]),
    packed([None, False, ["2026-12-31", "a"]]),
    base64.urlsafe_b64encode(b"[" * 1400).decode().rstrip("="),
    base64.urlsafe_b64encode(b"9" * 1400).decode().rstrip("="),
    base64.urlsafe_b64encode(b"\xff\xfe").decode().rstrip("="),
]


@pytest.mark.parametrize("cursor", GARBAGE)
def test_a_cursor_that_nobody_gave_out_is_refused_without_a_query(
    client: Client, cursor: str
) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(LIST, {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
    assert len(queries) == 0


def test_two_cursors_are_refused(client: Client) -> None:
    answer = client.get(LIST, {"cursor": ["", ""]})
    assert answer.json()["errors"] == [
        {
            "parameter": "cursor",
            "code": "unreadable_parameter",
            "detail": "Give one value, not several.",
        }
    ]


@pytest.mark.parametrize(
    "instant",
    ["2026-11-24", "2026-11-24T09:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "now"],
)
def test_an_instant_that_is_none_is_refused(client: Client, instant: str) -> None:
    cursor = packed(["changed_at,public_id", False, [instant, "a"]])
    answer = client.get(LIST, {"cursor": cursor, "ordering": "changed_at"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_a_forged_cursor_shows_nothing_but_another_page(client: Client) -> None:
    make_commitment(title="draft", published=False)
    cursor = packed([LATEST, False, ["0001-01-01", ""]])
    assert client.get(LIST, {"cursor": cursor}).json()["results"] == []


columns = {
    "latest": st.dates(),
    "title": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    "changed_at": st.datetimes(timezones=st.just(NOW.tzinfo)),
}


@pytest.mark.parametrize("name", list(columns))
@given(data=st.data())
@hypothesis_settings(deadline=None)
def test_a_cursor_is_read_as_it_was_written(name: str, data: st.DataObject) -> None:
    order = ORDERINGS[name]
    cursor = Cursor((data.draw(columns[name]), "abc"), backwards=data.draw(st.booleans()))
    assert Cursor.decode(cursor.encode(order), order, Commitment) == cursor


@pytest.mark.parametrize("character", ["a", "я", "😀", '"', "\\"])
def test_the_longest_title_fits_into_a_cursor(character: str) -> None:
    cursor = Cursor((character * 300, "abcdefgh"), backwards=True)
    order = ORDERINGS["-title"]
    assert Cursor.decode(cursor.encode(order), order, Commitment) == cursor


@given(text=st.text(max_size=50) | st.binary(max_size=60).map(lambda one: one.decode("latin-1")))
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    rows = select_commitments(QueryDict(""), queryset=Commitment.objects.published(), now=NOW)
    refused = False
    try:
        cursor = Cursor.decode(text, ORDERINGS["latest"], Commitment)
        cut_page(rows, ORDERINGS["latest"], cursor=cursor, size=1)
    except InvalidInput as error:
        refused = error.specific_code == "invalid_cursor"
    assert refused
