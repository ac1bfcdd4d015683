"""Citations, status changes, date moves and reported values in lists of their own."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.publication import retract_commitment
from commitments.actions.status import StatusMove, change_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import PartyRole, Status
from commitments.models import Citation, Commitment, Target
from commitments.public_ids import public_id_of
from commitments.window import Window
from tests.builders import (
    NOW,
    SAID_AT,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db

PATHS = ("citations", "status-changes", "date-moves", "values")
SECRET = "xylophone"


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def brief(commitment: Commitment) -> dict[str, str]:
    url = f"http://localhost:8000/api/v1/commitments/{commitment.public_id}/"
    return {"id": commitment.public_id, "url": url, "title": commitment.title}


def test_rows_are_those_of_the_detail_with_their_commitment(client: Client) -> None:
    made = make_full(make_editor(), of_each=2)
    detail = client.get(f"/api/v1/commitments/{made.public_id}/").json()
    whose = f"/?id={made.public_id}&ordering=recorded_at"
    for path, told in (
        ("status-changes", detail["status_changes"]),
        ("date-moves", detail["date_moves"]),
    ):
        assert rows(client, path + whose) == [one | {"commitment": brief(made)} for one in told]
    assert rows(client, "values" + whose) == [
        one | {"commitment": brief(made), "measure": "trade", "unit": "USD"}
        for one in detail["target"]["values"]
    ]
    cited = rows(client, "citations" + whose)
    assert [one.pop("recorded_at") for one in cited] == ["2024-11-27T12:00:00Z"] * 3
    assert [one.pop("commitment") for one in cited] == [brief(made)] * 3
    assert cited == sorted(
        detail["citations"], key=lambda one: [row["id"] for row in cited].index(one["id"])
    )


def test_the_latest_stands_first_and_pages_are_the_whole(client: Client) -> None:
    editor = make_editor()
    make_full(editor, of_each=2)
    make_full(editor, of_each=1)
    for path in PATHS:
        whole = rows(client, f"{path}/")
        assert [one["recorded_at"] for one in whole] == sorted(
            (one["recorded_at"] for one in whole), reverse=True
        )
        assert rows(client, f"{path}/?ordering=recorded_at") == whole[::-1]
        seen, address = [], f"/api/v1/{path}/?page_size=1"
        while address:
            body = client.get(address).json()
            seen += body["results"]
            address = body["next"]
        assert seen == whole, path


def test_a_cursor_names_a_row_by_its_public_id(client: Client) -> None:
    make_commitment()
    make_commitment()
    following = client.get("/api/v1/citations/?page_size=1").json()["next"]
    assert client.get(following).json()["results"][0]["id"] == public_id_of(
        Citation.objects.order_by("pk")[0].pk
    )


def test_the_filters_are_those_of_commitments(client: Client) -> None:
    editor = make_editor()
    wanted, other = make_full(editor), make_full(editor)
    party, topic = wanted.parties.all()[0].key, wanted.topics.all()[0].key
    for path in PATHS:
        for query in (f"party={party}", f"topic={topic}", f"id={wanted.public_id}"):
            ids = {one["commitment"]["id"] for one in rows(client, f"{path}/?{query}")}
            assert ids == {wanted.public_id}, path
        both = f"{path}/?q=commitment&moved_after=2024-01-01&status=in_progress"
        ids = {one["commitment"]["id"] for one in rows(client, both)}
        assert ids == {wanted.public_id, other.public_id}, path


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("x=1", "x"),
        ("kind=x", "kind"),
        ("ordering=latest", "ordering"),
    ],
)
def test_what_is_unknown_is_an_error(client: Client, path: str, query: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/{path}/?{query}")
    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]


def make_secret() -> Commitment:
    """A draft with a row of each kind, and the secret word in all of them."""
    editor = make_editor()
    speaker = make_party(f"{SECRET}-speaker", name=SECRET)
    made = make_commitment(
        title=SECRET,
        published=False,
        parties=[(make_party(SECRET, name=SECRET), PartyRole.PROMISED_BY)],
        topics=[make_topic(SECRET)],
        source=make_source(title=SECRET),
    )
    citation = make_citation(made, quote=SECRET, locator=SECRET, said_by=speaker)
    target = set_target(
        target=Target(commitment=made, measure=SECRET, unit=SECRET, goal=Decimal(1)),
        actor=None,
        now=NOW,
    )
    report_value(
        target=target,
        value=Decimal(1),
        period=Window.parse("2026"),
        source=make_source(title=SECRET),
        actor=editor,
        now=NOW,
    )
    change_status(
        commitment=made,
        move=StatusMove(
            to_status=Status.IN_PROGRESS,
            effective=Window.parse("2026"),
            reason=SECRET,
            citations=(citation,),
        ),
        actor=editor,
        now=NOW,
    )
    return made


def test_nothing_of_a_draft_is_told(client: Client) -> None:
    make_full(make_editor())
    before = {path: client.get(f"/api/v1/{path}/") for path in (*PATHS, "statistics")}
    make_secret()
    for path, told in before.items():
        assert client.get(f"/api/v1/{path}/").content == told.content, path
        assert client.get(f"/api/v1/{path}/")["ETag"] == told["ETag"], path
        assert SECRET.encode() not in b"".join(as_csv(client, f"{path}/")), path


def as_csv(client: Client, path: str) -> list[bytes]:
    answer: Any = client.get(f"/api/v1/{path}?format=csv")
    return list(answer.streaming_content) if answer.status_code == 200 else []


def test_what_was_taken_back_is_gone(client: Client) -> None:
    made = make_full(make_editor())
    for path in PATHS:
        told = rows(client, f"{path}/?id={made.public_id}")
        assert {one["commitment"]["id"] for one in told} == {made.public_id}, path
    retract_commitment(commitment=made, actor=make_approver(), now=NOW, reason="wrong")
    for path in PATHS:
        assert rows(client, f"{path}/?id={made.public_id}") == [], path


def test_a_successor_that_is_a_draft_is_not_named(client: Client) -> None:
    made, successor = make_commitment(), make_commitment()
    change_status(
        commitment=made,
        move=StatusMove(
            to_status=Status.SUPERSEDED,
            effective=Window.parse(""),
            successor=successor,
            citations=(make_citation(made),),
        ),
        actor=make_editor(),
        now=NOW + timedelta(hours=1),
    )
    assert rows(client, "status-changes/")[0]["successor"] == successor.public_id
    Commitment.objects.filter(pk=successor.pk).update(publication="draft")
    assert rows(client, "status-changes/")[0]["successor"] is None


LISTS = [
    *(f"{path}/" for path in PATHS),
    "citations/?expand=commitment,parties,sources",
    "status-changes/?expand=commitment",
    "date-moves/?expand=commitment",
    "values/?expand=commitment,sources",
    "statistics/",
    "statistics/?by=party",
    "statistics/?by=source",
    "statistics/?by=topic",
]


def test_a_list_takes_as_many_queries_for_one_row_as_for_three(client: Client) -> None:
    editor = make_editor()
    counts: list[dict[str, int]] = []
    for number in (1, 2, 3):
        make_full(editor, of_each=number)
        counts.append({})
        for path in LISTS:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/api/v1/{path}").status_code == 200
            counts[-1][path] = len(queries)
    assert counts == [counts[0]] * 3


def test_an_unchanged_list_is_304_until_something_changes(client: Client) -> None:
    editor = make_editor()
    make_full(editor)
    tags = {path: client.get(f"/api/v1/{path}/")["ETag"] for path in (*PATHS, "statistics")}
    for path, tag in tags.items():
        for _time in range(3):
            answer = client.get(f"/api/v1/{path}/", headers={"If-None-Match": tag})
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    make_full(editor)
    for path, tag in tags.items():
        answer = client.get(f"/api/v1/{path}/", headers={"If-None-Match": tag})
        assert (answer.status_code, answer["ETag"] == tag) == (200, False), path


def test_rows_of_the_same_instant_are_told_apart(client: Client) -> None:
    made = make_commitment(now=SAID_AT)
    for _time in range(4):
        make_citation(made)
    pages, address = [], "/api/v1/citations/?page_size=2"
    while address:
        body = client.get(address).json()
        pages.append([one["id"] for one in body["results"]])
        address = body["next"]
    expected = [public_id_of(one.pk) for one in Citation.objects.order_by("-pk")]
    assert [one for page in pages for one in page] == expected


@pytest.mark.parametrize("key", ["1", "", "22222221", None, 1, ["22222222"]])
def test_a_cursor_that_names_no_row_is_refused(client: Client, key: object) -> None:
    content = ["-created_at,-pk", False, ["2026-11-24T09:00:00+00:00", key]]
    cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    answer = client.get("/api/v1/citations/", {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
