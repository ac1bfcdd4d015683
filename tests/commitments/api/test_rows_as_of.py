"""Rows and figures as of an earlier day: those that the commitments of that day have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.dates import move_date
from commitments.enums import CitationRole
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import make_citation, make_commitment, make_editor, make_source
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db

API = "/api/v1/"
STORY: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "citations": lambda told: told["citations"],
    "status-changes": lambda told: told["status_changes"],
    "date-moves": lambda told: told["date_moves"],
    "values": lambda told: told["target"]["values"],
}
BESIDE = ("commitment", "recorded_at", "measure", "unit")
DAYS = ("2024-11-26", "2024-11-27", "2025-12-31", "2026-10-31", "2026-11-01", "2026-11-24")


def told(client: Client, path: str) -> Any:
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def without(rows: list[dict[str, Any]]) -> list[str]:
    """The rows as text in an order of their own, without what only one of the two shapes has."""
    return sorted(
        str(sorted((name, value) for name, value in row.items() if name not in BESIDE))
        for row in rows
    )


@pytest.mark.parametrize("axis", ["known", "effective"])
def test_the_rows_of_a_day_are_those_of_its_detail(client: Client, axis: str) -> None:
    made = make_full(make_editor(), of_each=2)
    lengths: dict[str, list[int]] = {path: [] for path in STORY}
    for day in DAYS:
        query = f"as_of={day}&as_of_time={axis}"
        detail = client.get(f"{API}commitments/{made.public_id}/?{query}")
        for path, part_of in STORY.items():
            rows = told(client, f"{path}/?id={made.public_id}&{query}")["results"]
            lengths[path].append(len(rows))
            if detail.status_code == 404:
                assert rows == []
            else:
                assert without(rows) == without(part_of(detail.json()))
    for path, found in lengths.items():
        assert found[0] < found[-1], f"the days tell something apart: {path}"


def test_the_filters_choose_by_what_held_on_that_day(client: Client) -> None:
    made = make_commitment(window="2025", now=datetime(2025, 2, 1, tzinfo=UTC))
    move_date(
        commitment=made,
        window=Window.parse("2027"),
        citations=[make_citation(made, role=CitationRole.MOVES)],
        actor=make_editor(),
        now=datetime(2026, 6, 10, tzinfo=UTC),
    )
    for day, to, expected in (
        ("2026-06-09", "2025-12-31", 1),
        ("2026-06-10", "2025-12-31", 0),
        ("2026-06-10", "2027-12-31", 1),
    ):
        query = f"as_of={day}&from=2025-01-01&to={to}"
        assert len(told(client, f"status-changes/?{query}")["results"]) == expected


@pytest.mark.parametrize("path", STORY)
def test_what_is_no_earlier_day_or_of_today_is_refused_by_name(client: Client, path: str) -> None:
    for query, parameter in (
        ("as_of=2100-01-01", "as_of"),
        ("as_of=x", "as_of"),
        ("as_of_time=x", "as_of_time"),
        ("as_of=2025-01-01&expand=commitment", "expand"),
    ):
        answer = client.get(f"{API}{path}/?{query}")
        assert answer.status_code == 400
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_rows_of_a_day_take_as_many_queries_for_one_as_for_three(client: Client) -> None:
    counts: list[dict[str, int]] = []
    for of_each in (1, 3):
        make_full(make_editor(), of_each=of_each)
        counts.append({})
        for path in STORY:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert len(told(client, f"{path}/?as_of=2026-11-24")["results"]) >= of_each
            counts[-1][path] = len(queries)
    assert counts[0] == counts[1]


def test_nothing_of_what_was_no_record_then_or_is_none_now_is_told(client: Client) -> None:
    draft = make_commitment(published=False, source=make_source(title="Secret"))
    make_citation(draft)
    for path in STORY:
        for axis in ("known", "effective"):
            query = f"as_of=2026-11-24&as_of_time={axis}"
            assert told(client, f"{path}/?{query}")["results"] == []


# Figures


def test_figures_of_a_day_are_those_of_what_was_known_on_it(client: Client) -> None:
    made = make_commitment(window="2025", now=datetime(2025, 2, 1, tzinfo=UTC))
    move_date(
        commitment=made,
        window=Window.parse("2027"),
        effective=Window.of_day(date(2025, 3, 1)),
        citations=[make_citation(made, role=CitationRole.MOVES)],
        actor=make_editor(),
        now=datetime(2026, 6, 10, tzinfo=UTC),
    )

    def figures(query: str) -> tuple[int, int, int, int]:
        total = told(client, f"statistics/?{query}")["total"]
        return total["promises"], total["overdue"], total["moves"], total["slip_days"]

    assert figures("") == (1, 0, 1, 730)
    assert figures("as_of=2025-01-31") == (0, 0, 0, 0)
    assert figures("as_of=2026-06-09") == (1, 1, 0, 0)
    assert figures("as_of=2026-06-10") == (1, 0, 1, 730)
    assert figures("as_of=2026-06-09&as_of_time=effective") == (1, 0, 1, 730)
    assert figures("as_of=2026-06-09&kind=event") == (0, 0, 0, 0)


def test_groups_of_an_earlier_day_are_an_error_that_says_so(client: Client) -> None:
    answer = client.get(f"{API}statistics/?as_of=2025-01-01&by=party")
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["by"]


def test_figures_of_a_day_take_as_many_queries_for_one_as_for_three(client: Client) -> None:
    counts = []
    for number in (1, 3):
        while Commitment.objects.count() < number:
            make_commitment()
        with CaptureQueriesContext(connection) as queries:
            assert told(client, "statistics/?as_of=2026-01-01")["total"]["promises"] == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["timeline", "changes", "parties", "topics", "sources"])
def test_where_there_is_no_earlier_day_the_error_names_what_is_known(
    client: Client, path: str
) -> None:
    answer = client.get(f"{API}{path}/?as_of=2025-01-01")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["parameter"], error["code"]) == (
        400,
        "as_of",
        "unknown_parameter",
    )
    assert "Known: " in error["detail"]
