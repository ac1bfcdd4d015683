"""How many queries an answer takes: the same for one row as for many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.enums import PartyRole
from tests.builders import make_commitment, make_editor, make_party, make_source, make_topic
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db


def count(client: Client, path: str, *, rows: int | None = None) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    if rows is not None:
        assert len(answer.json()["results"]) == rows
    return len(queries)


LISTS = {
    # Two for the rows (with a date, without one), and topics, parties, citations.
    "commitments/": 4,
    "commitments/?ordering=title": 4,
    "commitments/?ordering=-changed_at&language=ru": 4,
    "commitments/?schedule=upcoming&schedule=open&q=commitment&from=2000-01-01": 4,
    "parties/": 1,
    "topics/": 1,
    "sources/": 1,
}


def test_a_list_takes_as_many_queries_for_one_row_as_for_three(client: Client) -> None:
    def counted() -> dict[str, int]:
        found = {}
        for path in LISTS:
            cache.clear()
            found[path] = count(client, f"/api/v1/{path}")
        return found

    editor = make_editor()
    make_full(editor)
    one = counted()
    make_full(editor, of_each=2)
    make_full(editor, of_each=3)
    assert (one, counted()) == (LISTS, LISTS)


def test_each_filter_by_name_takes_one_query_more(client: Client) -> None:
    party, topic, source = make_party("kz"), make_topic("space"), make_source()
    query = f"party=kz&topic=space&source={source.public_id}"
    for rows in (1, 2, 3):
        make_commitment(parties=[(party, PartyRole.PROMISED_BY)], topics=[topic], source=source)
        assert count(client, f"/api/v1/commitments/?{query}", rows=rows) == 4 + 3


def test_a_detail_takes_as_many_queries_whatever_hangs_on_it(client: Client) -> None:
    editor = make_editor()
    counts = [
        count(client, f"/api/v1/commitments/{make_full(editor, of_each=number).public_id}/")
        for number in (1, 2, 3)
    ]
    assert counts == [10, 10, 10]


@pytest.mark.parametrize("page", ["first", "middle", "last"])
def test_a_deep_page_takes_no_more_queries_than_the_first(client: Client, page: str) -> None:
    for window in ("2025", "2026", "2027", "", ""):
        make_commitment(window=window)
    address = "/api/v1/commitments/?page_size=2"
    for _step in range({"first": 0, "middle": 1, "last": 2}[page]):
        address = client.get(address).json()["next"]
    expected = 4
    assert count(client, address) == expected


@pytest.mark.parametrize(
    "query", ["page_size=1000000", "page=-1", "page=1e9", "cursor=garbage", "q=%00", "x=1"]
)
def test_what_is_refused_by_its_form_takes_no_query_api07(
    client: Client, query: str, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(0):
        assert client.get(f"/api/v1/commitments/?{query}").status_code == 400
