"""Which titles the database hands out to be compared: few of many, none that matters missing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from commitments.admin.similar_titles import similar_to
from commitments.models import Commitment
from commitments.querysets.similar_titles import MOST_COMPARED, NEAREST
from tests.builders import at_once, make_commitment

pytestmark = pytest.mark.django_db

TITLES = (
    "First launch from Baiterek",
    "The first launch from the Baiterek complex",
    "Launch of a newspaper",
    "Opening of the alley of friendship",
    "3rd Games of the Future",
    "80th anniversary of Victory: celebrations in Moscow",
    "Строительство моста через Урал",
)
TYPED = (
    "first LAUNCH from Baiterek",
    "launch from Baiterek, the first one",
    "Opening of the friendship alley",
    "открытие Аллеи дружбы",
    "строительство моста через урал",
    "Games of the Future",
    "Something else entirely",
)


def found(title: str) -> list[str]:
    return [one.commitment.title for one in similar_to(title)]


@pytest.fixture
@at_once()
def record() -> None:
    for title in TITLES:
        russian = {"ru": {"title": "Открытие аллеи дружбы"}} if "alley" in title else {}
        make_commitment(title=title, translations=russian)
    for number in range(30):
        make_commitment(title=f"Another thing, number {number}")


def test_both_ways_find_the_same(record: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what counts as alike at 0.6; on SQLite both are the plain one."""
    own_way = {typed: found(typed) for typed in TYPED}
    monkeypatch.setattr(type(Commitment.objects.all()), "_has_trigrams", lambda _self: False)
    assert {typed: found(typed) for typed in TYPED} == own_way


def test_slip_in_every_word_is_found_where_there_are_trigrams(record: None) -> None:
    slips = found("Frist lanuch fron Baitrek")
    has_trigrams = connection.vendor == "postgresql"
    assert slips == (list(TITLES[:2]) if has_trigrams else [])


def test_database_hands_out_few_of_many_in_one_query(django_assert_num_queries: Any) -> None:
    for _number in range(NEAREST + 3):
        make_commitment(title="The same bridge")
    with django_assert_num_queries(1):
        rows = list(Commitment.objects.perhaps_titled("The same bridge", words=["ridge"]))
    most = NEAREST if connection.vendor == "postgresql" else MOST_COMPARED
    assert NEAREST <= len(rows) <= most + NEAREST
    with django_assert_num_queries(1):
        similar_to("The same bridge")


@pytest.mark.parametrize("newest", [1, 3])
def test_plain_way_looks_through_the_newest_only(
    monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(type(Commitment.objects.all()), "_has_trigrams", lambda _self: False)
    monkeypatch.setattr("commitments.querysets.similar_titles.NEWEST", newest)
    for _number in range(newest + 1):
        make_commitment(title="The same bridge")
    assert len(similar_to("The same bridge")) == newest


def test_nearest_titles_come_from_the_index() -> None:
    """PostgreSQL takes no index for a handful of rows: here it is asked not to read all of them."""
    rows = Commitment.objects.perhaps_titled("A bridge", words=["ridge"])
    if connection.vendor != "postgresql":
        assert rows.query.high_mark == MOST_COMPARED
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows.explain()
    assert "Index Scan using commitment_title_trigrams" in plan
    assert "Index Scan using commitment_translations_trigrams" in plan
