"""The timeline: what is due, what was said and what changed, as one list in the order of time."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import retract_commitment
from commitments.exceptions import InvalidInput
from commitments.in_time import Place
from commitments.models import Commitment
from tests.builders import NOW, make_admin, make_commitment, make_source
from timeline.api.timeline import decode, encode

PATH = "/api/v1/timeline/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def ask(client: Client, query: str = "") -> Any:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def places(client: Client, query: str = "") -> list[tuple[str, str]]:
    return [(one["type"], one["day"]) for one in ask(client, query)["results"]]


def walk(client: Client, query: str) -> list[dict[str, Any]]:
    """All items, page by page."""
    path, found = f"{PATH}?{query}", []
    while path:
        answer = client.get(path)
        page = answer.json()
        found += page["results"]
        path = (page["next"] or "").removeprefix(settings.SITE_URL)
        assert ("Link" in answer) == bool(path)
    return found


def test_the_three_stand_in_one_order(client: Client) -> None:
    source = make_source(date=date(2024, 11, 27))
    made = make_commitment(window="2025-03", source=source)
    correct_commitment(
        commitment=made,
        fields={"place": "Aktau"},
        actor=make_admin(),
        now=datetime(2025, 3, 31, 23, 59, tzinfo=UTC),
    )
    expected = [
        ("statement", "2024-11-27"),
        ("change", "2024-11-27"),
        ("window", "2025-03-31"),
        ("change", "2025-03-31"),
    ]
    assert places(client) == expected
    assert places(client, "ordering=-time") == expected[::-1]


def test_each_says_what_it_is_about(client: Client) -> None:
    source = make_source(title="A talk", url="https://example.org/", publisher="Akorda")
    made = make_commitment(title="The alley", window="2025-21", source=source)
    statement, change, window = ask(client)["results"]
    about = {
        "id": made.public_id,
        "url": f"{settings.SITE_URL}/api/v1/commitments/{made.public_id}/",
        "title": "The alley",
    }
    number = made.revisions.latest("number").number
    assert change == {
        "type": "change",
        "day": "2024-11-27",
        "commitment": about,
        "window": None,
        "change": {
            "number": number,
            "kind": "published",
            "label": "published",
            "revision": made.revision,
            "recorded_at": "2024-11-27T12:00:00Z",
        },
        "source": None,
    }
    assert (window["commitment"], window["window"]["words"]) == (about, "spring 2025")
    assert statement["source"] == {
        "id": source.public_id,
        "url": f"{settings.SITE_URL}/api/v1/sources/{source.public_id}/",
        "title": "A talk",
        "kind": "transcript",
        "publisher": "Akorda",
        "web_url": "https://example.org/",
    }


def test_texts_are_in_the_language_that_was_asked_for(client: Client) -> None:
    make_commitment(translations={"ru": {"title": "Аллея"}}, window="2025-21")
    change = ask(client, "type=change&language=ru")["results"][0]
    assert change["commitment"]["title"] == "Аллея"
    assert change["change"]["label"] == "опубликовано"
    window = ask(client, "type=window&language=ru")["results"][0]
    assert window["window"]["words"] == "весна 2025 года"


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("type=window", {"window"}),
        ("type=window&type=statement", {"window", "statement"}),
        ("type=", {"window", "statement", "change"}),
    ],
)
def test_types_can_be_chosen(client: Client, query: str, types: set[str]) -> None:
    make_commitment()
    assert {one for one, _day in places(client, query)} == types


@pytest.mark.parametrize("window", ["", "2026/.."])
def test_what_has_no_last_day_is_not_due_on_any(client: Client, window: str) -> None:
    make_commitment(window=window)
    assert places(client, "type=window") == []


def test_the_filter_selects_commitments_with_what_belongs_to_them(client: Client) -> None:
    make_commitment(kind="event", source=make_source(title="Of the event"))
    make_commitment(kind="target", source=make_source(title="Of the target"))
    found = ask(client, "kind=event")["results"]
    assert [one["source"]["title"] for one in found if one["source"]] == ["Of the event"]
    assert len(found) == 3
    assert len(ask(client, "schedule=due_soon&kind=event")["results"]) in {0, 3}


def test_nothing_that_is_not_public_has_a_place(client: Client) -> None:
    made = make_commitment(title="Hushed-up", source=make_source(title="Hushed-up"))
    make_commitment(title="Hushed-up", published=False, source=make_source(title="Hushed-up"))
    retract_commitment(commitment=made, actor=make_admin(), now=NOW, reason="Hushed-up")
    assert ask(client) == {"results": [], "next": None}


def test_what_was_done_to_a_draft_has_no_place_after_it_is_public(client: Client) -> None:
    make_commitment()
    kinds = [one["change"]["kind"] for one in ask(client, "type=change")["results"]]
    assert kinds == ["published"]


@pytest.mark.parametrize("ordering", ["time", "-time"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_leave_nothing_out_and_repeat_nothing(
    client: Client, ordering: str, size: int
) -> None:
    source = make_source(date=date(2026, 3, 31))
    for window in ("2026-03", "2026-03-31", "2026-04"):
        made = make_commitment(window=window, source=source, now=datetime(2026, 3, 31, tzinfo=UTC))
        for day in (30, 31):
            correct_commitment(
                commitment=Commitment.objects.get(pk=made.pk),
                fields={"place": f"On day {day}"},
                actor=make_admin(),
                now=datetime(2026, 3, day, 12, tzinfo=UTC),
            )
    whole = ask(client, f"ordering={ordering}&page_size=100")["results"]
    assert len(whole) == 3 + 1 + 9
    assert walk(client, f"ordering={ordering}&page_size={size}") == whole


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("starting=2025-03-30", ["2025-03-31", "2025-04-30"]),
        ("starting=2025-03-31", ["2025-03-31", "2025-04-30"]),
        ("starting=2025-04-01", ["2025-04-30"]),
        ("starting=2025-04-01&ordering=-time", ["2025-03-31"]),
        ("starting=2025-03-31&ordering=-time", ["2025-03-31"]),
        ("starting=2025-03-30&ordering=-time", []),
        ("starting=9999-12-31&ordering=-time", ["2025-04-30", "2025-03-31"]),
        ("starting=0001-01-01", ["2025-03-31", "2025-04-30"]),
    ],
)
def test_it_begins_on_the_day_that_was_asked_for(
    client: Client, query: str, expected: list[str]
) -> None:
    make_commitment(window="2025-03")
    make_commitment(window="2025-04")
    assert [day for _type, day in places(client, f"type=window&{query}")] == expected
    changes = places(client, f"type=change&{query}")
    assert len(changes) == (2 if ("-time" in query or "0001" in query) else 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=x", "type"),
        ("ordering=title", "ordering"),
        ("starting=x", "starting"),
        ("cursor=x", "cursor"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("colour=red", "colour"),
        ("kind=x", "kind"),
    ],
)
def test_what_cannot_be_answered_is_an_error_that_names_it(
    client: Client, query: str, field: str
) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == field


@given(st.dates(), st.sampled_from([0, 1]), st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True))
def test_a_cursor_is_read_as_it_was_written(day: date, rank: int, key: str) -> None:
    place = Place(day, rank, key)
    assert decode(encode(place)) == place


@given(
    st.one_of(
        st.text(max_size=40),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=4),
        ).map(lambda one: base64.urlsafe_b64encode(json.dumps(one).encode()).decode()),
    ).filter(bool)
)
def test_any_other_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        decode(text)


def test_unchanged_is_304(client: Client) -> None:
    make_commitment()
    tag = client.get(PATH)["ETag"]
    assert client.get(PATH, headers={"if-none-match": tag}).status_code == 304


def test_the_queries_do_not_grow_with_the_rows(client: Client) -> None:
    counts = []
    for more in (1, 2):
        for _number in range(more):
            make_commitment()
        with CaptureQueriesContext(connection) as captured:
            found = ask(client)["results"]
        assert len(found) >= 3
        counts.append(len(captured))
    assert counts == [3, 3]
