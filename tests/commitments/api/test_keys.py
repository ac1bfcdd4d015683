"""Keys: who they are, what they may, and that a bad one is never nobody."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.api_keys import revoke_key
from commitments.api import authentication
from commitments.models import ApiKey, User
from tests.builders import NOW, make_admin, make_approver, make_commitment, make_editor, make_user
from tests.commitments.api.keys import bearer, make_key
from tests.commitments.api.probe import TOPICS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.commitments.api.probe"),
    pytest.mark.once,
]

LIST = "/api/v1/commitments/"


def refused(answer: Any, code: str) -> None:
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["code"] == code
    assert answer["WWW-Authenticate"] == 'Bearer realm="commitments", error="invalid_token"'
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_key_acts_for_its_user(client: Client) -> None:
    user = make_editor("ada")
    answer = client.post(
        TOPICS, {"key": "space"}, content_type="application/json", headers=bearer(make_key(user))
    )
    assert answer.status_code == 201
    assert ApiKey.objects.get().user == user


@pytest.mark.parametrize("path", [LIST, TOPICS, "/api/v1/", "/api/v1/docs/", "/api/v1/schema/"])
@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer a.b", "Bearer a\x00.b", "Bearer ключ", f"Bearer {'a' * 9000}.b"],
)
def test_an_unknown_key_is_refused_even_where_nobody_needs_one(
    client: Client, path: str, header: str
) -> None:
    refused(client.get(path, headers={"Authorization": header}), "key_unknown")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token abc"])
def test_another_header_is_refused_with_the_right_one(client: Client, header: str) -> None:
    answer = client.get(LIST, headers={"Authorization": header})
    refused(answer, "authorization_invalid")
    assert answer.json()["detail"] == "Write the header as “Authorization: Bearer KEY”."


def test_the_prefix_of_a_key_is_not_the_key(client: Client) -> None:
    prefix, _dot, secret = make_key().partition(".")
    for wrong in (prefix, f"{prefix}.", f"{prefix}.{secret[:-1]}", f"{prefix}.{secret}a"):
        refused(client.get(LIST, headers=bearer(wrong)), "key_unknown")
    assert client.get(LIST, headers=bearer(f"{prefix}.{secret}")).status_code == 200


def test_a_revoked_key_is_refused(client: Client) -> None:
    plain = make_key()
    revoke_key(key=ApiKey.objects.get(), actor=None)
    refused(client.get(LIST, headers=bearer(plain)), "key_revoked")


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 401), (1, 401)])
def test_a_key_ends_at_its_instant(client: Client, seconds: int, status: int) -> None:
    end = NOW + timedelta(days=1)
    plain = make_key(expiry_date=end)
    with time_machine.travel(end + timedelta(seconds=seconds), tick=False):
        answer = client.get(LIST, headers=bearer(plain))
    assert answer.status_code == status
    if status == 401:
        refused(answer, "key_expired")


def test_a_closed_account_closes_its_keys(client: Client) -> None:
    plain = make_key(make_editor("ada"))
    User.objects.update(is_active=False)
    refused(client.get(LIST, headers=bearer(plain)), "account_closed")


def test_who_shows_nothing_is_told_what_to_show(client: Client) -> None:
    answer = client.post(TOPICS, {"key": "space"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="commitments"'
    assert answer.json()["detail"] == "Send a key with the scope “write”."


def test_a_scope_that_is_missing_is_named(client: Client) -> None:
    plain = make_key(scopes=["read"])
    answer = client.post(
        TOPICS, {"key": "space"}, content_type="application/json", headers=bearer(plain)
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert answer["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="write"'


# The matrix: what a request on a published commitment and on a draft answers, by role and scopes.

ROLES = {
    "nobody's": make_user,
    "viewer": lambda: make_user(permissions=["view_commitment"]),
    "editor": make_editor,
    "approver": make_approver,
    "administrator": make_admin,
}
SETS = [
    ("read",),
    ("write",),
    ("approve",),
    ("read", "write"),
    ("read", "approve"),
    ("write", "approve"),
    ("read", "write", "approve"),
]
NEEDED = {"get": "read", "patch": "write", "post": "approve"}
# Who may: `get` is public for what is published; the rest is as `commitments/roles.py` says.
MAY_SEE_DRAFTS = {"viewer", "editor", "approver", "administrator"}
MAY = {
    "get": set(ROLES),
    "patch": {"editor", "approver", "administrator"},
    "post": {"approver", "administrator"},
}


def expected(role: str, scopes: tuple[str, ...], method: str, *, draft: bool) -> int:
    if NEEDED[method] not in scopes:
        return 403
    if draft and role not in MAY_SEE_DRAFTS:
        return 404
    if role not in MAY[method]:
        return 403
    if method == "post" and not draft:
        return 409  # it is published already
    return 200


@pytest.mark.parametrize("scopes", SETS, ids=" ".join)
@pytest.mark.parametrize("role", ROLES)
def test_a_key_may_what_both_its_scopes_and_its_user_may(
    client: Client, role: str, scopes: tuple[str, ...]
) -> None:
    plain = make_key(ROLES[role](), scopes=scopes)
    for draft in (False, True):
        for method in NEEDED:
            row = make_commitment(published=not draft)
            answer = client.generic(
                method.upper(),
                f"/api/v1/probe/{row.public_id}/",
                b'{"title": "Another title"}',
                content_type="application/json",
                headers=bearer(plain) | {"If-Match": "*"},
            )
            assert answer.status_code == expected(role, scopes, method, draft=draft), (
                method,
                draft,
                answer.content,
            )


@pytest.mark.parametrize("scopes", SETS, ids=" ".join)
def test_a_draft_looks_like_nothing_to_who_may_not_see_it(
    client: Client, scopes: tuple[str, ...]
) -> None:
    draft = make_commitment(published=False)
    headers = bearer(make_key(make_user(), scopes=scopes)) | {"If-Match": "*"}
    for method in NEEDED:
        ask = getattr(client, method)
        there = ask(f"/api/v1/probe/{draft.public_id}/", headers=headers)
        nothing = ask("/api/v1/probe/zzzzzzzzzzzz/", headers=headers)
        assert (there.status_code, there.content) == (nothing.status_code, nothing.content)


def test_a_key_loses_what_its_user_loses(client: Client) -> None:
    user = make_editor()
    row, headers = make_commitment(), bearer(make_key(user)) | {"If-Match": "*"}

    def patch() -> int:
        path = f"/api/v1/probe/{row.public_id}/"
        body = {"title": "Another title"}
        answer = client.patch(path, body, content_type="application/json", headers=headers)
        return answer.status_code

    assert patch() == 200
    user.user_permissions.clear()
    user.groups.clear()
    assert patch() == 403


# The session of the desk


@pytest.fixture
def browser() -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor("ada"))
    return client


def test_a_session_writes_with_its_token_only(browser: Client) -> None:
    body = {"key": "space"}
    answer = browser.post(TOPICS, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "csrf_failed"
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    answer = browser.post(
        TOPICS, body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 201


def test_a_key_needs_no_token_even_beside_a_session(browser: Client) -> None:
    answer = browser.post(
        TOPICS, {"key": "space"}, content_type="application/json", headers=bearer(make_key())
    )
    assert answer.status_code == 201


def test_without_a_session_no_answer_depends_on_cookies(client: Client, browser: Client) -> None:
    for path in ("/api/v1/topics/", LIST, "/api/v1/"):
        assert "Cookie" not in client.get(path)["Vary"]
    assert "Cookie" in browser.get("/api/v1/probe/topics/")["Vary"]
    assert browser.get("/api/v1/probe/topics/")["Cache-Control"] == "private, no-cache"


# What a cache may keep


def test_an_answer_to_a_key_is_not_for_others(client: Client) -> None:
    plain, nobody = make_key(), client.get(LIST)
    known = client.get(LIST, headers=bearer(plain))
    assert nobody["Cache-Control"] == "public, no-cache"
    assert known["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(nobody["Vary"].split(", "))
    assert known["ETag"] == nobody["ETag"]


# Last used


def test_the_last_use_is_noted_once_a_minute(client: Client) -> None:
    plain = make_key()
    for seconds, noted in [(0, 0), (1, 0), (59, 0), (60, 60), (61, 60)]:
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            assert client.get(LIST, headers=bearer(plain)).status_code == 200
        assert ApiKey.objects.get().last_used_at == NOW + timedelta(seconds=noted)


def test_a_refused_key_was_not_used(client: Client) -> None:
    plain = make_key()
    revoke_key(key=ApiKey.objects.get(), actor=None)
    client.get(LIST, headers=bearer(plain))
    assert ApiKey.objects.get().last_used_at is None


def test_a_database_that_cannot_be_written_to_can_be_read(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("database is locked")

    plain = make_key()
    monkeypatch.setattr(authentication, "note_use", fail)
    assert client.get(LIST, headers=bearer(plain)).status_code == 200
    assert plain not in caplog.text
    assert "could not be noted" in caplog.text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_key_costs_one_query(client: Client, rows: int) -> None:
    plain = make_key()
    client.get(LIST, headers=bearer(plain))  # notes the use
    for _ in range(rows):
        make_commitment()
    with CaptureQueriesContext(connection) as without:
        client.get(LIST)
    with CaptureQueriesContext(connection) as with_key:
        client.get(LIST, headers=bearer(plain))
    assert len(with_key) == len(without) + 1


# Secrets


def test_no_secret_comes_into_a_log_or_an_answer(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plain = make_key(scopes=["read"])
    hashed = ApiKey.objects.get().hashed_key
    answers = [
        client.get(LIST, headers=bearer(plain)),
        client.post(TOPICS, headers=bearer(plain)),
        client.get(LIST, headers=bearer(plain + "x")),
        client.get("/api/v2/", headers=bearer(plain)),
    ]
    client.raise_request_exception = False
    answers.append(client.get("/api/v1/probe/broken/", headers=bearer(plain)))
    revoke_key(key=ApiKey.objects.get(), actor=None)
    answers.append(client.get(LIST, headers=bearer(plain)))
    assert [answer.status_code for answer in answers] == [200, 403, 401, 404, 500, 401]
    secret = plain.partition(".")[2]
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for text in [caplog.text, logged, *(answer.content.decode() for answer in answers)]:
        assert secret not in text
        assert hashed not in text


def test_the_key_itself_is_nowhere_in_the_database() -> None:
    plain = make_key()
    row = ApiKey.objects.values().get()
    assert plain.partition(".")[2] not in repr(row)
    assert row["prefix"] == plain.partition(".")[0]
