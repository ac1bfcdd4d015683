"""Who may: every route that writes x every method x every role and scope, as a table.

Whoever may not know of a draft gets 404 on it, on every method, and the same bytes as for what was
never there. All writes are dry runs, so that each finds the same record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from commitments.actions.status import propose_status
from commitments.actions.targets import set_target
from commitments.api.writing.urls import writing_patterns
from commitments.enums import Kind, PartyRole, Status
from commitments.models import Commitment, Target, User
from commitments.public_ids import public_id_of
from tests.builders import (
    NOW,
    complete_move,
    make_admin,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
    make_user,
)
from tests.commitments.api.callers import NEW, Caller, calls_for, draft, head

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ALL = ("read", "write", "approve")


def viewer() -> User:
    return make_user(permissions=["view_commitment"])


# Who: (a person, the scopes of the key). None is nobody at all.
CALLERS: dict[str, tuple[Callable[[], User] | None, tuple[str, ...]]] = {
    "anonymous": (None, ()),
    "no role": (make_user, ALL),
    "viewer": (viewer, ALL),
    "editor": (make_editor, ALL),
    "approver": (make_approver, ALL),
    "administrator": (make_admin, ALL),
    "editor, read": (make_editor, ("read",)),
    "editor, write": (make_editor, ("write",)),
    "editor, approve": (make_editor, ("approve",)),
    "approver, read": (make_approver, ("read",)),
    "approver, write": (make_approver, ("write",)),
    "approver, approve": (make_approver, ("approve",)),
}
MAY = {
    "read": {"viewer", "editor", "approver", "administrator"},
    "write": {"editor", "approver", "administrator"},
    "approve": {"approver", "administrator"},
}
SEE = MAY["read"]


@dataclass(frozen=True)
class Row:
    """A request, what it needs, and what whoever may gets on what is public and on a draft."""

    method: str
    path: str
    body: Any
    need: str
    public: int
    hidden: int


CITED = {"source": "SOURCE"}
TWO = [{"title": "It begins", "window": "2026"}, {"title": "It ends", "window": "2026"}]
ROWS = [
    Row("PATCH", "", {"title": "New"}, "write", 200, 200),
    Row("POST", "date-moves/", {"window": "2030", "citations": ["CITATION"]}, "write", 201, 201),
    Row(
        "POST",
        "status-changes/",
        {"to_status": "in_progress", "citations": ["CITATION"]},
        "write",
        201,
        201,
    ),
    Row("POST", "citations/", CITED, "write", 201, 201),
    Row("PATCH", "citations/CITATION/", {"locator": "p. 1"}, "write", 200, 200),
    Row("DELETE", "citations/CITATION/", None, "write", 200, 200),
    Row("POST", "evidence-checks/", {"day": "2026-11-24"}, "write", 201, 201),
    Row("PUT", "target/", {"measure": "m", "unit": "u", "goal": 1}, "write", 200, 200),
    Row("POST", "remove-target/", {"reason": "No figure."}, "write", 200, 200),
    Row("POST", "merge/", {"into": "OTHER", "reason": "The same."}, "approve", 200, 200),
    Row("POST", "split/", {"parts": TWO, "reason": "Two."}, "approve", 201, 201),
    Row("PUT", "anchor/", {**CITED, "amount": 1, "unit": "day"}, "write", 200, 200),
    Row("POST", "values/", {**CITED, "value": 1, "period": "2025"}, "write", 201, 201),
    Row("POST", "submit/", None, "write", 409, 200),
    Row("POST", "return-to-draft/", {"reason": "More."}, "write", 409, 409),
    Row("POST", "publish/", None, "approve", 409, 200),
    Row("POST", "proposals/1/approve/", None, "approve", 200, 200),
    Row("POST", "proposals/1/reject/", {"reason": "No."}, "approve", 200, 200),
]
# Made by somebody else, so that nobody here may take it back; retracting has two needs.
TAKE_BACK = Row("POST", "proposals/1/take-back/", None, "write", 403, 403)
RETRACT = Row("POST", "retract/", {"reason": "An error."}, "approve", 200, 200)
READS = ["proposals/", "proposals/1/"]
CREATES: list[tuple[str, Any]] = [
    ("commitments/", NEW),
    ("parties/", {"key": "new", "kind": "country", "name": "New"}),
    ("topics/", {"key": "new", "name": "New"}),
    ("sources/", {"title": "New", "kind": "article", "date": "2026-11-24"}),
]


def make_whole(*, published: bool) -> Commitment:
    """A commitment on which each of `ROWS` is possible."""
    made = make_commitment(window="2025", published=published)
    set_target(target=Target(commitment=made, measure="m", unit="u", goal=2), actor=None, now=NOW)
    proposer = make_editor()
    move = complete_move(made, Status.DELIVERED)
    propose_status(commitment=made, move=move, actor=proposer, now=NOW)
    return made


def ask(calls: Caller, made: Commitment, row: Row, *, nowhere: bool = False) -> Any:
    """The answer to `row` on `made`, or on an id that nobody has."""
    citation = public_id_of(make_citation_of(made))
    text = {
        "CITATION": citation,
        "SOURCE": made.citations.order_by("pk")[0].source.public_id,
        "OTHER": other_than(made).public_id,
    }
    path, body = row.path, row.body
    for name, value in text.items():
        path = path.replace(name, value)
        if isinstance(body, dict):
            body = {
                key: [value if one == name else one for one in given]
                if isinstance(given, list)
                else value
                if given == name
                else given
                for key, given in body.items()
            }
    public_id = "zzzzzzzz" if nowhere else made.public_id
    address = f"commitments/{public_id}/{path}?dry_run=true"
    return calls.send(row.method, address, body, if_match="*")


def other_than(made: Commitment) -> Commitment:
    """A published commitment to merge into; made once."""
    known = Commitment.objects.published().exclude(pk=made.pk).order_by("-pk")
    return known.first() or make_commitment()


def make_citation_of(made: Commitment) -> int:
    """The number of a citation on which nothing rests; made once."""
    free = made.citations.filter(role="confirms").first()
    return (free or make_citation(made, role="confirms")).pk


def expected(caller: str, row: Row, *, public: bool) -> int:
    role, _comma, _scope = caller.partition(",")
    scopes = CALLERS[caller][1]
    if not public and role not in SEE:
        return 404
    if caller == "anonymous":
        return 401
    if row.need not in scopes or role not in MAY[row.need]:
        return 403
    return row.public if public else row.hidden


@pytest.fixture(params=CALLERS)
def caller(request: pytest.FixtureRequest) -> tuple[str, Caller]:
    person, scopes = CALLERS[request.param]
    return request.param, Caller() if person is None else calls_for(person(), scopes=scopes)


def test_writes_on_commitments(caller: tuple[str, Caller]) -> None:
    name, calls = caller
    public, hidden = make_whole(published=True), make_whole(published=False)
    make_citation_of(public), make_citation_of(hidden), other_than(public)
    before = head()
    for row in [*ROWS, TAKE_BACK]:
        told = (row.method, row.path)
        assert (told, ask(calls, public, row).status_code) == (
            told,
            expected(name, row, public=True),
        )
        answer = ask(calls, hidden, row)
        assert (told, answer.status_code) == (told, expected(name, row, public=False))
        if answer.status_code == 404:
            assert answer.content == ask(calls, hidden, row, nowhere=True).content
    assert head() == before


def test_taking_back_what_was_public_needs_more_than_a_draft(caller: tuple[str, Caller]) -> None:
    name, calls = caller
    public, hidden = make_commitment(), draft()
    of_a_draft = Row(RETRACT.method, RETRACT.path, RETRACT.body, "write", 200, 200)
    assert ask(calls, hidden, of_a_draft).status_code == expected(name, of_a_draft, public=False)
    # It is a write as well: a key with nothing but the scope approve is not made for it.
    both = {"write", "approve"} <= set(CALLERS[name][1])
    role = name.partition(",")[0]
    allowed = both and role in MAY["approve"]
    answer = ask(calls, public, RETRACT)
    assert answer.status_code == (401 if name == "anonymous" else 200 if allowed else 403)


def test_parts_of_what_is_public_need_more_than_those_of_a_draft(
    caller: tuple[str, Caller],
) -> None:
    name, calls = caller
    role, scopes = name.partition(",")[0], set(CALLERS[name][1])
    rule = {"rule": "FREQ=YEARLY", "first": "2026-01-01", "last": "2026-12-31"}
    of_a_draft = Row("POST", "occurrences/", rule, "write", 201, 201)
    hidden = draft(kind=Kind.PROGRAMME)
    assert ask(calls, hidden, of_a_draft).status_code == expected(name, of_a_draft, public=False)
    allowed = {"write", "approve"} <= scopes and role in MAY["approve"]
    answer = ask(calls, make_commitment(kind=Kind.PROGRAMME), of_a_draft)
    assert answer.status_code == (401 if name == "anonymous" else 201 if allowed else 403)


def test_reads_of_the_desk(caller: tuple[str, Caller]) -> None:
    name, calls = caller
    role, scopes = name.partition(",")[0], CALLERS[name][1]
    public, hidden = make_whole(published=True), make_whole(published=False)
    for path in READS:
        answer = calls.get(f"commitments/{public.public_id}/{path}")
        allowed = role in SEE and "read" in scopes
        assert answer.status_code == (401 if name == "anonymous" else 200 if allowed else 403)
        answer = calls.get(f"commitments/{hidden.public_id}/{path}")
        assert answer.status_code == (404 if role not in SEE else 200 if allowed else 403)
    assert calls.get(f"commitments/{public.public_id}/").status_code == 200
    shown = calls.get(f"commitments/{hidden.public_id}/")
    assert shown.status_code == (200 if role in SEE else 404)
    listed = calls.get("commitments/").json()["results"]
    assert [one["id"] for one in listed] == [public.public_id]


def test_new_records(caller: tuple[str, Caller]) -> None:
    name, calls = caller
    role, scopes = name.partition(",")[0], CALLERS[name][1]
    allowed = "write" in scopes and role in MAY["write"]
    for path, body in CREATES:
        answer = calls.post(f"{path}?dry_run=true", body)
        assert answer.status_code == (401 if name == "anonymous" else 201 if allowed else 403)
    assert head() == 0


def test_corrections_of_parties_topics_and_sources(caller: tuple[str, Caller]) -> None:
    name, calls = caller
    role, scopes = name.partition(",")[0], CALLERS[name][1]
    allowed = "write" in scopes and role in MAY["write"]
    party, topic, source = make_party("kz"), make_topic("space"), make_source()
    make_commitment(parties=[(party, PartyRole.PROMISED_BY)], topics=[topic], source=source)
    make_party("hidden"), make_topic("hidden")
    hidden = make_source()
    for kind, public, secret, nowhere, body in (
        ("parties", "kz", "hidden", "nobody", {"name": "New"}),
        ("topics", "space", "hidden", "nothing", {"name": "New"}),
        ("sources", source.public_id, hidden.public_id, "zzzzzzzz", {"title": "New"}),
    ):
        answer = calls.patch(f"{kind}/{public}/?dry_run=true", body, if_match="*")
        assert answer.status_code == (401 if name == "anonymous" else 200 if allowed else 403)
        answer = calls.patch(f"{kind}/{secret}/?dry_run=true", body, if_match="*")
        assert answer.status_code == (404 if role not in SEE else 200 if allowed else 403)
        if answer.status_code == 404:
            other = calls.patch(f"{kind}/{nowhere}/?dry_run=true", body, if_match="*")
            assert answer.content == other.content
        assert calls.get(f"{kind}/{secret}/").status_code == (200 if role in SEE else 404)
        assert calls.get(f"{kind}/{public}/").status_code == 200


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_method_that_is_not_there_is_405_with_those_that_are(*, signed_in: bool) -> None:
    calls = calls_for(make_admin()) if signed_in else Caller()
    made = make_whole(published=True)
    values = {
        "public_id": made.public_id,
        "key": "kz",
        "citation": public_id_of(make_citation_of(made)),
        "number": "1",
    }
    for pattern in writing_patterns:
        path = str(pattern.pattern)
        for name, value in values.items():
            path = path.replace(f"<slug:{name}>", value).replace(f"<int:{name}>", value)
        view: Any = pattern.callback
        allowed = {
            method.upper()
            for method in ("get", "post", "put", "patch", "delete")
            if hasattr(view.view_class, method)
        }
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
            answer = calls.send(method, path)
            assert (path, method, answer.status_code) == (path, method, 405)
            told = {one.strip() for one in answer["Allow"].split(",")}
            assert told == allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())
        assert calls.send("OPTIONS", path).status_code == 200


def test_a_person_with_a_session_writes_with_the_token_of_it() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor())
    made = draft()
    assert client.get(f"/api/v1/commitments/{made.public_id}/").status_code == 200
    calls = Caller(client=client)
    answer = calls.patch(f"commitments/{made.public_id}/", {"title": "New"}, if_match="*")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    token = "x" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    answer = calls.patch(
        f"commitments/{made.public_id}/",
        {"title": "New"},
        if_match="*",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200


def test_what_the_desk_has_seen_of_a_draft_is_kept_for_nobody_else() -> None:
    client = Client()
    client.force_login(make_editor())
    path = f"/api/v1/commitments/{draft().public_id}/"
    for if_none_match in ('"other"', client.get(path)["ETag"], "*"):
        sent = {"If-None-Match": if_none_match}
        seen = client.get(path, headers=sent)
        assert seen.status_code == (200 if if_none_match == '"other"' else 304)
        assert Client().get(path, headers=sent).status_code == 404
        assert Client().get(path, headers={"If-None-Match": "*"}).status_code == 404
