"""How many queries a write takes: the same, whatever hangs on the commitment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from commitments.public_ids import public_id_of
from tests.builders import make_editor, make_party, make_source, make_topic
from tests.commitments.api.callers import NEW, calls_for, path_of, tag
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db


def count(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code < 300, answer.json()
    return len(queries)


def correct(calls: Any, made: Commitment) -> Callable[[], Any]:
    if_match = tag(made)
    return lambda: calls.patch(path_of(made), {"title": "New"}, if_match=if_match)


def test_a_correction_takes_as_many_queries_whatever_hangs_on_it() -> None:
    editor = make_editor()
    calls = calls_for(editor)
    calls.get("commitments/")  # it notes that the key is used
    counts = [count(correct(calls, make_full(editor, of_each=number))) for number in (1, 1, 3)]
    # Half of them write and keep the versions for `as_of`; the rest is the answer.
    assert counts == [41, 41, 41]


@pytest.mark.parametrize(
    ("method", "rest", "body", "expected"),
    [
        ("POST", "citations/", {"source": "talks"}, 39),
        ("POST", "evidence-checks/", {"day": "2026-11-24"}, 36),
        ("PUT", "anchor/", {"source": "talks", "amount": 1, "unit": "day"}, 44),
        ("POST", "values/", {"source": "talks", "value": 1, "period": "2025"}, 40),
    ],
)
def test_what_is_added_takes_as_many_queries_whatever_hangs_on_it(
    method: str, rest: str, body: dict[str, Any], expected: int
) -> None:
    editor = make_editor()
    calls = calls_for(editor)
    make_source(key="talks")
    calls.get("commitments/")

    def add(made: Commitment) -> Callable[[], Any]:
        if_match = tag(made)
        return lambda: calls.send(method, path_of(made, rest), body, if_match=if_match)

    counts = [count(add(make_full(editor, of_each=number))) for number in (1, 3)]
    assert counts == [expected, expected]


def test_a_new_commitment_takes_one_lookup_for_all_its_topics_and_parties() -> None:
    calls = calls_for(make_editor())
    calls.post("commitments/", NEW)  # the first of all begins the log
    for number in range(3):
        make_topic(f"t{number}")
        make_party(f"p{number}")

    def create(parts: int) -> Callable[[], Any]:
        body = {
            **NEW,
            "topics": [f"t{number}" for number in range(parts)],
            "parties": [{"party": f"p{number}"} for number in range(parts)],
        }
        return lambda: calls.post("commitments/", body)

    one, three = count(create(1)), count(create(3))
    assert (one, three) == (39, 39)


def test_the_list_of_proposals_takes_as_many_queries_for_one_as_for_three() -> None:
    calls = calls_for(make_editor())
    made = make_full(make_editor())
    source = make_source(kind="official_record")
    counts = []
    for number in (1, 2, 3):
        cited = public_id_of(made.citations.order_by("pk")[0].pk)
        body = {"to_status": "withdrawn", "citations": [cited], "reason": str(source.pk)}
        answer = calls.post(path_of(made, "status-changes/"), body, if_match=tag(made))
        assert answer.status_code == 202
        counts.append(count(lambda: calls.get(path_of(made, "proposals/"))))
        listed = calls.get(path_of(made, "proposals/")).json()["results"]
        assert len(listed) == number
        calls.post(path_of(made, f"proposals/{number}/take-back/"), if_match=tag(made))
    assert counts == [6, 6, 6]
