"""A request that waits: it hears of the next change, holds nothing, and there are few of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from commitments.models import RecordHead
from tests.builders import make_commitment
from timeline.api import waiting
from timeline.record_reader import read_head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places(settings: Any) -> None:
    settings.LONG_POLLS = 2


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What the waiting would have slept; nobody really sleeps."""
    slept: list[float] = []
    monkeypatch.setattr("timeline.api.waiting.time.sleep", slept.append)
    return slept  # type: ignore[return-value]


def ask(query: str) -> dict[str, Any]:
    answer = Client().get(f"/api/v1/changes/?{query}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_who_need_not_wait_is_answered_at_once(naps: list[float]) -> None:
    make_commitment()
    assert ask("since=0&wait=30")["results"] != []
    assert naps == []


@pytest.mark.parametrize("seconds", [1, 3])
def test_who_waits_in_vain_is_answered_at_the_end(naps: list[float], seconds: int) -> None:
    make_commitment()
    head = read_head()
    assert ask(f"since={head}&wait={seconds}") == {"results": [], "next": head, "head": head}
    assert naps == [1] * seconds


def test_who_waits_hears_of_the_next_change(monkeypatch: pytest.MonkeyPatch) -> None:
    make_commitment()
    head = read_head()
    slept: list[float] = []

    def nap(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:  # nobody can see this one: go on waiting
            make_commitment(published=False)
        if len(slept) == 2:
            make_commitment(title="At last")

    monkeypatch.setattr("timeline.api.waiting.time.sleep", nap)
    found = ask(f"since={head}&wait=30")
    assert "published" in [one.get("kind") for one in found["results"]]
    assert len(slept) == 2
    assert found["next"] == found["head"] == read_head()


def test_nothing_is_held_while_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    make_commitment()
    held: list[bool] = []

    def nap(_seconds: float) -> None:
        held.append(connection.connection is not None and connection.vendor == "postgresql")

    monkeypatch.setattr("timeline.api.waiting.time.sleep", nap)
    ask(f"since={read_head()}&wait=2")
    assert held == [False, False]


def test_a_second_of_waiting_is_one_small_query(
    naps: list[float], django_assert_num_queries: Any
) -> None:
    make_commitment()
    with django_assert_num_queries(3):
        waiting.seconds_until_head_moves(read_head(), seconds=2)
    assert len(naps) == 2


@pytest.mark.parametrize("places", [0, 1, 2])
def test_no_more_wait_than_there_are_places(settings: Any, places: int) -> None:
    settings.LONG_POLLS = places
    make_commitment()
    head = read_head()
    took: list[float] = []

    def wait() -> None:
        begun = time.monotonic()
        ask(f"since={head}&wait=2")
        took.append(time.monotonic() - begun)
        connections.close_all()

    threads = [threading.Thread(target=wait) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([seconds for seconds in took if seconds >= 2]) == places
    assert waiting._waiting == 0
    assert RecordHead.objects.get().number == head
