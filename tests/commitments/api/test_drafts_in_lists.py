"""The list of drafts: for a key of the desk only; public answers stay as they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.publication import retract_commitment, submit_for_review
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_approver,
    make_commitment,
    make_editor,
    make_user,
)
from tests.commitments.api.callers import Caller, calls_for, problem
from tests.commitments.api.keys import bearer
from tests.commitments.api.test_privacy import SECRET, make_secret

pytestmark = pytest.mark.django_db

STATES = ("draft", "in_review", "retracted")


@pytest.fixture
def hidden() -> dict[str, Commitment]:
    """One commitment in each state that is not public, beside one that is."""
    return {state: make_secret_once(state) for state in STATES} | {"published": make_commitment()}


def make_secret_once(state: str) -> Commitment:
    if state == "draft":
        return make_secret(publication="draft")
    made = make_commitment(published=state == "retracted", title=f"{SECRET} {state}")
    if state == "in_review":
        submit_for_review(commitment=made, actor=make_editor(), now=NOW)
    else:
        retract_commitment(commitment=made, actor=make_approver(), now=NOW, reason=SECRET)
    return Commitment.objects.get(pk=made.pk)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_the_desk_finds_what_is_not_public_by_its_state(hidden: dict[str, Commitment]) -> None:
    calls = calls_for(make_editor(), scopes=["read"])
    for state, made in hidden.items():
        answer = calls.get(f"commitments/?publication={state}")
        assert ids(answer) == [made.public_id]
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Authorization" in answer["Vary"]
    assert ids(calls.get("commitments/")) == [hidden["published"].public_id]
    assert ids(calls.get("commitments/?publication=")) == [hidden["published"].public_id]


def test_the_filters_and_shapes_are_the_same(hidden: dict[str, Commitment]) -> None:
    calls, draft = calls_for(make_editor()), hidden["draft"]
    for query in (f"party={SECRET}-party", f"q={SECRET}", "kind=target", "from=2031-01-01"):
        assert ids(calls.get(f"commitments/?publication=draft&{query}")) == [draft.public_id]
    assert ids(calls.get("commitments/?publication=draft&kind=event")) == []
    (row,) = calls.get("commitments/?publication=draft&expand=target").json()["results"]
    assert (row["title"], row["published_at"]) == (f"{SECRET} title", None)
    table = calls.get("commitments/?publication=draft&format=csv&fields=id")
    assert b"".join(table).decode().split() == ["id", draft.public_id]
    assert table["Cache-Control"] == "private, no-cache"


def test_nobody_else_learns_anything(hidden: dict[str, Commitment]) -> None:
    nobody = Caller()
    viewless = calls_for(make_user())
    writes_only = calls_for(make_editor(), scopes=["write", "approve"])
    for query in (*STATES, *(f"{state}&q={SECRET}" for state in STATES), "draft&format=csv"):
        path = f"commitments/?publication={query}"
        for calls, status, code in (
            (nobody, 401, "not_authenticated"),
            (viewless, 403, "not_allowed"),
            (writes_only, 403, "scope_missing"),
        ):
            told = problem(calls.get(path), status, code)
            assert SECRET not in str(told)
    told = problem(nobody.get("commitments/?publication=secret"), 400, "invalid_parameter")
    assert "draft, in_review, published, retracted" in told["detail"]
    assert hidden["published"].public_id in str(
        nobody.get("commitments/?publication=published").json()
    )


def test_a_session_does_not_open_the_list(client: Client, hidden: dict[str, Commitment]) -> None:
    assert hidden
    client.force_login(make_editor())
    assert client.get("/api/v1/commitments/?publication=draft").status_code == 401


def test_public_lists_and_their_tags_are_the_same_bytes_as_before(client: Client) -> None:
    make_commitment(window="2025")
    key = calls_for(make_editor()).key
    paths = ["commitments/", "commitments/?publication=published", "statistics/", "parties/"]
    before = [client.get(f"/api/v1/{path}") for path in paths]
    drafts = "/api/v1/commitments/?publication=draft"
    empty = client.get(drafts, headers=bearer(key))
    make_secret(publication="draft")
    seen = client.get(drafts, headers=bearer(key))
    assert seen["ETag"] != empty["ETag"]
    for path, answer in zip(paths, before, strict=True):
        again = client.get(f"/api/v1/{path}")
        assert (again.content, again["ETag"]) == (answer.content, answer["ETag"])
        assert again["Cache-Control"] == "public, no-cache"
    # What the desk was told opens nothing to who has only the tag.
    for tag in (seen["ETag"], empty["ETag"], "*"):
        assert client.get(drafts, headers={"If-None-Match": tag}).status_code == 401
    table = client.get(f"{drafts}&format=csv", headers=bearer(key))
    repeat = client.get(f"{drafts}&format=csv", headers={"If-None-Match": table["ETag"]})
    assert repeat.status_code == 401


def test_other_lists_and_earlier_days_do_not_know_it(hidden: dict[str, Commitment]) -> None:
    assert hidden
    calls = calls_for(make_approver())
    for path in ("citations", "date-moves", "statistics", "timeline", "changes", "parties"):
        answer = calls.get(f"{path}/?publication=draft")
        assert problem(answer, 400, "unknown_parameter")["errors"][0]["parameter"] == "publication"
    answer = calls.get("commitments/?publication=draft&as_of=2026-01-01")
    assert problem(answer, 400, "invalid_parameter")["errors"][0]["parameter"] == "publication"
    feed = Client().get("/feeds/calendar.ics?publication=draft")
    assert SECRET not in feed.content.decode()


def test_pages_of_drafts_lead_on_and_take_as_many_queries_for_one_row_as_for_three() -> None:
    calls = calls_for(make_editor())
    calls.get("commitments/")
    counts: list[int] = []
    made: list[str] = []
    for number in (1, 3):
        while len(made) < number:
            made.append(make_commitment(published=False, window=f"203{len(made)}").public_id)
        with CaptureQueriesContext(connection) as queries:
            assert ids(calls.get("commitments/?publication=draft")) == made
        counts.append(len(queries))
    assert counts[0] == counts[1]
    first = calls.get("commitments/?publication=draft&page_size=2").json()
    assert [*(row["id"] for row in first["results"]), *ids(calls.get(first["next"]))] == made
    assert Caller().get(first["next"]).status_code == 401
