"""Many writers at once: one of those who have read the same wins, the others are told."""

from __future__ import annotations

import functools
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from commitments.models import Commitment, Party, Revision, StatusChange
from tests.builders import make_approver, make_commitment, make_editor, make_party
from tests.commitments.api.callers import Caller, calls_for, head, path_of, tag
from tests.commitments.api.keys import make_key
from tests.commitments.api.test_write_statuses import proposed
from tests.commitments.concurrency import at_once
from tests.commitments.record_state import assert_chain_is_whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _room_for_many(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Here it is not about the pool of connections, nor about limits."""
    settings.API_WRITES_PER_MINUTE = settings.API_KEY_PER_MINUTE = 0
    pool = getattr(connection, "pool", None)
    if pool is not None:
        monkeypatch.setattr(pool, "timeout", 300.0)


def how_many() -> int:
    """200 tries, as 25 rounds of 8; SQLite has one line for all, so fewer."""
    return 25 if connection.vendor == "postgresql" else 3


def test_of_writers_with_the_same_version_one_wins() -> None:
    made = make_commitment()
    key = make_key(make_editor())
    rounds, writers = how_many(), 8
    for number in range(rounds):
        read = tag(made)
        acts = [
            functools.partial(
                Caller(key).patch,
                path_of(made),
                {"title": f"Title {number}-{writer}"},
                if_match=read,
            )
            for writer in range(writers)
        ]
        answers: list[Any] = at_once(acts)
        assert Counter(one.status_code for one in answers) == {200: 1, 412: writers - 1}
        (won,) = (one for one in answers if one.status_code == 200)
        made.refresh_from_db()
        assert won.json()["title"] == made.title
    assert Revision.objects.filter(commitment=made, kind="corrected").count() == rounds
    assert_chain_is_whole()


def test_of_two_who_correct_a_party_one_wins() -> None:
    make_party("kz")
    key = make_key(make_editor())
    acts = [
        functools.partial(Caller(key).patch, "parties/kz/", {"name": name}, if_match='"1"')
        for name in ("A", "B", "C", "D")
    ]
    answers: list[Any] = at_once(acts)
    assert Counter(one.status_code for one in answers) == {200: 1, 412: 3}
    (won,) = (one for one in answers if one.status_code == 200)
    assert Party.objects.get(key="kz").name == won.json()["name"]


def test_a_verdict_is_decided_once() -> None:
    made = make_commitment(window="2025")
    where = proposed(calls_for(make_editor()), made)
    read = tag(made)
    acts = [
        functools.partial(calls_for(make_approver()).post, f"{where}approve/", if_match=read)
        for _writer in range(4)
    ]
    answers: list[Any] = at_once(acts)
    codes = Counter(one.status_code for one in answers)
    assert codes == {200: 1, 412: 3}
    assert StatusChange.objects.filter(commitment=made, to_status="delivered").count() == 1


def test_batches_over_the_same_records_never_wait_for_each_other() -> None:
    """Each takes the same records in another order; with one lock none can block another."""
    made = [make_commitment() for _ in range(3)]
    key = make_key(make_editor())

    def batch(order: list[Commitment], title: str) -> Any:
        rows = [
            {
                "operation": "correct",
                "on": one.public_id,
                "revision": one.revision,
                "data": {"title": title},
            }
            for one in order
        ]
        return Caller(key).post("batch/", {"mode": "all", "operations": rows})

    acts = [
        functools.partial(batch, made[turn:] + made[:turn], f"Title {turn}") for turn in range(3)
    ]
    before = head()
    answers: list[Any] = at_once(acts)
    assert Counter(one.status_code for one in answers) == {200: 1, 400: 2}
    titles = set(Commitment.objects.values_list("title", flat=True))
    assert (len(titles), head()) == (1, before + 3)
    assert_chain_is_whole()


def test_parallel_posts_with_one_idempotency_key_make_one_object() -> None:
    key = make_key(make_editor())
    body = {"title": "The 20th forum", "kind": "event", "window": "2026"}
    sent = {"Idempotency-Key": '"one"'}
    acts = [
        functools.partial(Caller(key).post, "commitments/", body, headers=sent) for _ in range(5)
    ]
    answers: list[Any] = at_once(acts)
    assert {one.status_code for one in answers} <= {201, 409}
    assert Commitment.objects.count() == 1
