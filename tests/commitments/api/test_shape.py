"""`fields` and `expand`: what is left out, what is put in, and errors that list what there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.publication import retract_commitment
from commitments.api.commitments import CommitmentList
from commitments.enums import PartyKind, PartyRole, Status
from tests.builders import (
    NOW,
    make_approver,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
    make_topic,
)
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db

LIST = "/api/v1/commitments/"


def rows(client: Client, query: str, path: str = LIST) -> list[dict[str, Any]]:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


# fields


def test_only_the_fields_that_are_asked_for_are_there(client: Client) -> None:
    made = make_commitment(parties=[(make_party("kz"), PartyRole.PROMISED_BY)], window="2026")
    assert rows(client, "fields=id,status.value,window.edtf,parties.party.key") == [
        {
            "id": made.public_id,
            "window": {"edtf": "2026"},
            "status": {"value": "announced"},
            "parties": [{"party": {"key": "kz"}}],
        }
    ]


def test_a_field_has_all_that_lies_within(client: Client) -> None:
    make_commitment()
    whole = rows(client, "")[0]
    assert rows(client, "fields=window,status") == [{name: whole[name] for name in FIELDS_OF_TIME}]
    assert rows(client, "fields=window.edtf,window") == [{"window": whole["window"]}]
    assert rows(client, "fields=window,window.edtf") == [{"window": whole["window"]}]


FIELDS_OF_TIME = ("window", "status")


@pytest.mark.parametrize(
    "query", ["fields=id&fields=title", "fields=title,id", "fields= id ,,title"]
)
def test_names_may_be_given_together_or_apart(client: Client, query: str) -> None:
    made = make_commitment(title="Alley")
    assert rows(client, query) == [{"id": made.public_id, "title": "Alley"}]


@pytest.mark.parametrize("query", ["fields=", "fields=,", "expand="])
def test_an_empty_one_is_none(client: Client, query: str) -> None:
    make_commitment()
    assert rows(client, query) == rows(client, "")


def test_a_detail_has_fields_too(client: Client) -> None:
    made = make_full(make_editor())
    path = f"{LIST}{made.public_id}/"
    whole = client.get(path).json()
    answer = client.get(f"{path}?fields=id,date_moves.kind,target.goal").json()
    assert answer == {
        "id": made.public_id,
        "date_moves": [{"kind": one["kind"]} for one in whole["date_moves"]],
        "target": {"goal": "3"},
    }


@pytest.mark.parametrize("path", ["parties/", "topics/", "sources/", "citations/", "date-moves/"])
def test_every_list_has_fields(client: Client, path: str) -> None:
    make_full(make_editor())
    name = {"parties/": "key", "topics/": "key", "sources/": "id"}.get(path, "commitment")
    assert {tuple(row) for row in rows(client, f"fields={name}", f"/api/v1/{path}")} == {(name,)}


def test_what_is_not_asked_for_is_not_fetched(client: Client) -> None:
    make_commitment()
    with CaptureQueriesContext(connection) as queries:
        rows(client, "fields=id,title")
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        (
            "fields=window.x",
            "unknown_field",
            "There is no field “window.x” here. Known: earliest, edtf, latest, words.",
        ),
        (
            "fields=topics.key.x",
            "unknown_field",
            "“topics.key.x” leads too deep: nothing lies within. Known: topics.key.",
        ),
        (
            "expand=x",
            "unknown_expansion",
            (
                "“x” cannot be expanded here. Known: date_moves, parent, parties, sources, "
                "status_changes, successor, target, topics."
            ),
        ),
    ],
)
def test_an_unknown_name_is_an_error_that_lists_the_known(
    client: Client, query: str, code: str, detail: str
) -> None:
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["errors"] == [
        {"parameter": query.partition("=")[0], "code": code, "detail": detail}
    ]


def test_what_has_to_be_expanded_is_no_field_before(client: Client) -> None:
    made = make_commitment()
    assert client.get(f"{LIST}?fields=target").status_code == 400
    assert rows(client, "fields=id,target&expand=target") == [
        {"id": made.public_id, "target": None}
    ]


# expand


def test_parties_topics_and_sources_are_shown_in_full(client: Client) -> None:
    kz = make_party("kz")
    person = make_party("person", kind=PartyKind.PERSON, body=kz)
    made = make_commitment(parties=[(person, PartyRole.PROMISED_BY)], topics=[make_topic("space")])
    source = made.citations.all()[0].source.public_id
    row = rows(client, "expand=parties,topics,sources")[0]
    assert row["parties"][0]["party"] == client.get("/api/v1/parties/person/").json()
    assert row["topics"] == [client.get("/api/v1/topics/space/").json()]
    assert row["citations"][0]["source"] == client.get(f"/api/v1/sources/{source}/").json()


def test_the_story_is_as_in_the_detail(client: Client) -> None:
    made = make_full(make_editor(), of_each=2)
    detail = client.get(f"{LIST}{made.public_id}/").json()
    row = rows(client, f"id={made.public_id}&expand=date_moves,status_changes,target")[0]
    for name in ("date_moves", "status_changes", "target"):
        assert row[name] == detail[name]


def test_parent_and_successor_are_as_in_the_list(client: Client) -> None:
    parent = make_commitment(title="parent")
    made = make_commitment_in(Status.SUPERSEDED, parent=parent)
    expanded = f"expand=parent&expand=successor&id={made.public_id}"
    row = rows(client, expanded)[0]
    assert made.successor is not None
    assert row["parent"] == rows(client, f"id={parent.public_id}")[0]
    assert row["successor"] == rows(client, f"id={made.successor.public_id}")[0]
    detail = client.get(f"{LIST}{made.public_id}/?expand=parent,successor").json()
    assert (detail["parent"], detail["successor"]) == (row["parent"], row["successor"])


def test_a_parent_that_is_not_public_is_null(client: Client) -> None:
    retracted = make_commitment(title="xylophone")
    for parent in (make_commitment(title="xylophone", published=False), retracted):
        made = make_commitment(parent=parent)
        if parent is retracted:
            retract_commitment(
                commitment=parent, actor=make_approver(), now=NOW, reason="xylophone"
            )
        for path in (
            f"{LIST}?id={made.public_id}&expand=parent",
            f"{LIST}{made.public_id}/?expand=parent",
        ):
            answer = client.get(path)
            assert "xylophone" not in answer.content.decode()
            body = answer.json()
            assert body.get("results", [body])[0]["parent"] is None


def test_an_earlier_day_has_no_links_of_today(client: Client) -> None:
    make_commitment()
    answer = client.get(f"{LIST}?as_of=2026-01-01&expand=parent")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_expansion")
    assert client.get(f"{LIST}?as_of=2026-01-01&expand=date_moves,parties").status_code == 200


def test_an_expansion_takes_as_many_queries_for_one_row_as_for_three(client: Client) -> None:
    expansions = [*CommitmentList.expandable, ",".join(CommitmentList.expandable)]
    editor = make_editor()
    counts: list[dict[str, int]] = []
    for number in (1, 2, 3):
        made = make_full(editor, of_each=number)
        successor = make_commitment_in(Status.SUPERSEDED, parent=made)
        counts.append({})
        for expand in expansions:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                rows(client, f"expand={expand}")
            counts[-1][expand] = len(queries)
        assert successor.parent_id is not None
    assert counts == [counts[0]] * 3
