"""The API as of an earlier day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commitments.actions.dates import move_date
from commitments.enums import CitationRole
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import make_citation, make_commitment, make_editor

pytestmark = pytest.mark.django_db

LIST = "/api/v1/commitments/"


@pytest.fixture
def moved() -> Commitment:
    """Recorded on 1 February 2025; on 10 June 2025 its window moves on."""
    commitment = make_commitment(window="2025-21", now=datetime(2025, 2, 1, tzinfo=UTC))
    move_date(
        commitment=commitment,
        window=Window.parse("2026-21"),
        effective=Window.parse("2025-05-20"),
        citations=[make_citation(commitment, role=CitationRole.MOVES)],
        actor=make_editor(),
        now=datetime(2025, 6, 10, tzinfo=UTC),
    )
    return commitment


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        ("as_of=2025-01-31", []),
        ("as_of=2025-06-09", ["2025-21"]),
        ("as_of=2025-06-10", ["2026-21"]),
        ("as_of=2025-05-19&as_of_time=effective", ["2025-21"]),
        ("as_of=2025-05-20&as_of_time=effective", ["2026-21"]),
        ("as_of=2025-06-09&schedule=overdue", ["2025-21"]),
        ("", ["2026-21"]),
    ],
)
def test_list_is_as_of_the_day(
    client: Client, moved: Commitment, query: str, windows: list[str]
) -> None:
    rows = client.get(f"{LIST}?{query}").json()["results"]
    assert [row["window"]["edtf"] for row in rows] == windows


def test_detail_is_as_of_the_day_with_the_story_so_far(client: Client, moved: Commitment) -> None:
    address = f"{LIST}{moved.public_id}/"
    before = client.get(f"{address}?as_of=2025-06-09").json()
    after = client.get(f"{address}?as_of=2025-06-10").json()
    assert (before["window"]["edtf"], after["window"]["edtf"]) == ("2025-21", "2026-21")
    assert (before["date_moves"], len(after["date_moves"])) == ([], 1)
    assert before["revision"] < after["revision"]
    assert before["schedule"] == "overdue"


def test_detail_of_a_day_before_the_record_is_not_there(client: Client, moved: Commitment) -> None:
    answer = client.get(f"{LIST}{moved.public_id}/?as_of=2025-01-31")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("as_of=2100-01-01", "as_of"), ("as_of=x", "as_of"), ("as_of_time=x", "as_of_time")],
)
def test_what_is_no_earlier_day_is_refused_by_name(
    client: Client, query: str, parameter: str
) -> None:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_pages_lead_on_within_the_day(client: Client) -> None:
    now = datetime(2025, 2, 1, tzinfo=UTC)
    made = [make_commitment(window=f"202{number}", now=now).public_id for number in range(5, 8)]
    first = client.get(f"{LIST}?as_of=2025-03-01&page_size=2").json()
    second = client.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == made
    assert second["next"] is None


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(
    client: Client, how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(how_many):
        make_commitment(now=datetime(2025, 2, 1, tzinfo=UTC))
    with django_assert_num_queries(7):
        client.get(f"{LIST}?as_of=2025-03-01")
