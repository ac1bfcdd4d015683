"""Keys at the desk: shown once, one's own, and revoked for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework_api_key.models import APIKey as KeyOfNobody

from commitments.models import ApiKey, User
from tests.builders import NOW, make_user
from tests.commitments.admin.pages import errors_in
from tests.commitments.api.keys import bearer, make_key

pytestmark = pytest.mark.django_db

LIST = "/admin/commitments/apikey/"
ADD = f"{LIST}add/"


def issue(desk: Client, **changes: Any) -> Any:
    fields = {"name": "Import", "allowed": ["read", "write"], "last_day": "", **changes}
    return desk.post(ADD, fields)


def test_a_new_key_is_shown_once_and_works(desk: Client, editor: User) -> None:
    answer = issue(desk)
    plain = answer.context["plain"]
    assert answer.status_code == 200
    assert plain in answer.content.decode()
    assert "no-store" in answer["Cache-Control"].split(", ")
    row = ApiKey.objects.get()
    assert (row.name, row.user, row.scopes) == ("Import", editor, "read write")
    assert (row.expiry_date, row.last_used_at, row.revoked) == (None, None, False)
    known = Client().get("/api/v1/commitments/", headers=bearer(plain))
    assert known.status_code == 200


def test_no_page_shows_a_key_or_its_hash_again(desk: Client) -> None:
    plain = issue(desk).context["plain"]
    row = ApiKey.objects.get()
    secret = plain.partition(".")[2]
    paths = [LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/history/", f"{LIST}{row.pk}/revoke/"]
    for path in [*paths, "/admin/"]:
        page = desk.get(path).content.decode()
        assert row.hashed_key not in page
        assert secret not in page
    cookies = "".join(str(cookie) for cookie in desk.cookies.values())
    assert secret not in cookies
    assert secret not in str(dict(desk.session))


def test_the_list_tells_when_a_key_was_last_used(desk: Client) -> None:
    plain = issue(desk).context["plain"]
    with time_machine.travel(datetime(2026, 11, 25, 10, 30, tzinfo=UTC), tick=False):
        Client().get("/api/v1/commitments/", headers=bearer(plain))
    page = desk.get(LIST).content.decode()
    assert "Nov. 25, 2026, 10:30 a.m." in page
    assert plain.partition(".")[0] in page


def test_the_last_day_is_included(desk: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        issue(desk, last_day="2026-12-31")
    assert ApiKey.objects.get().expiry_date == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"allowed": []}, "allowed"),
        ({"allowed": ["delete"]}, "allowed"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
    ],
)
def test_what_is_missing_stands_beside_its_field(
    desk: Client, changes: dict[str, Any], field: str
) -> None:
    answer = issue(desk, **changes)
    assert list(errors_in(answer)) == [field]
    assert ApiKey.objects.count() == 0


def test_nobody_issues_a_key_for_somebody_else_but_an_administrator(
    desk: Client, editor: User, administrators_desk: Client
) -> None:
    other = make_user("other")
    issue(desk, user=other.pk)
    assert ApiKey.objects.get().user == editor
    issue(administrators_desk, user=other.pk, name="For another")
    assert ApiKey.objects.get(name="For another").user == other


def test_everybody_sees_own_keys_and_an_administrator_all(
    desk: Client, editor: User, approver: User, administrators_desk: Client
) -> None:
    make_key(editor)
    make_key(approver)
    mine, other = ApiKey.objects.get(user=editor), ApiKey.objects.get(user=approver)
    for browser, seen in [(desk, {mine}), (administrators_desk, {mine, other})]:
        assert set(browser.get(LIST).context["cl"].queryset) == seen
        for key in (mine, other):
            there = 200 if key in seen else 302  # Django leads away from what is not there
            assert browser.get(f"{LIST}{key.pk}/change/").status_code == there
            pressed = browser.get(f"{LIST}{key.pk}/revoke/").status_code
            assert pressed == (200 if key in seen else 404)
    assert desk.post(f"{LIST}{other.pk}/revoke/").status_code == 404
    other.refresh_from_db()
    assert not other.revoked


def test_a_key_is_revoked_by_a_press(desk: Client, editor: User) -> None:
    plain = make_key(editor)
    key = ApiKey.objects.get()
    assert b"cannot be taken back" in desk.get(f"{LIST}{key.pk}/revoke/").content
    assert not ApiKey.objects.get().revoked  # looking changes nothing
    answer = desk.post(f"{LIST}{key.pk}/revoke/")
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{key.pk}/change/")
    refused = Client().get("/api/v1/commitments/", headers=bearer(plain))
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")
    page = desk.get(f"{LIST}{key.pk}/change/").content.decode()
    assert "revoke/" not in page


def test_whoever_may_not_read_the_record_has_no_keys() -> None:
    stranger = Client()
    stranger.force_login(make_user(is_staff=True))
    for path in (LIST, ADD):
        assert stranger.get(path).status_code == 403
    assert issue(stranger).status_code == 403


def test_a_key_is_neither_changed_nor_deleted(desk: Client, editor: User) -> None:
    make_key(editor)
    path = f"{LIST}{ApiKey.objects.get().pk}"
    assert desk.post(f"{path}/change/", {"name": "Other"}).status_code == 403
    assert desk.post(f"{path}/delete/").status_code == 403
    assert ApiKey.objects.get().name == "Tests"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_for_one_key_as_for_many(
    administrators_desk: Client, rows: int
) -> None:
    for _ in range(rows):
        make_key()
    administrators_desk.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        answer = administrators_desk.get(LIST)
    assert len(answer.context["cl"].result_list) == rows
    about_keys = [one for one in queries if "commitments_apikey" in one["sql"]]
    assert len(about_keys) == 2  # the count and the rows, with their users


def test_keys_of_nobody_have_no_page() -> None:
    assert not admin.site.is_registered(KeyOfNobody)
