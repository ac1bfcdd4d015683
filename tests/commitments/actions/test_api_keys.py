"""Keys are issued once, used seldom noted, and revoked for good."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments.actions.api_keys import issue_key, note_use, revoke_key
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import ApiKey, User
from tests.builders import NOW, make_admin, make_editor

pytestmark = pytest.mark.django_db


def issue(user: User | None = None, **fields: Any) -> tuple[ApiKey, str]:
    owner = user or make_editor()
    return issue_key(
        **{
            "user": owner,
            "name": "Import",
            "scopes": ["read"],
            "actor": owner,
            "now": NOW,
            **fields,
        }
    )


def test_a_key_is_found_by_its_plain_text_only() -> None:
    row, plain = issue()
    assert ApiKey.objects.found_by(plain) == row
    for wrong in ("", ".", plain[:-1], plain + "a", row.prefix, f"{row.prefix}.{row.hashed_key}"):
        assert ApiKey.objects.found_by(wrong) is None


def test_a_key_is_long_and_none_is_like_another() -> None:
    keys = {issue()[1] for _ in range(3)}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {41}


def test_scopes_are_kept_in_their_order() -> None:
    row, _plain = issue(scopes=["approve", "read", "read"])
    row.refresh_from_db()
    assert row.scopes == "read approve"
    assert row.scope_set == frozenset({"read", "approve"})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["delete"]}, "scopes"),
        ({"scopes": ["read", "Read"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a" * 51}, "name"),
        ({"expiry_date": NOW}, "expiry_date"),
        ({"expiry_date": NOW - timedelta(seconds=1)}, "expiry_date"),
    ],
)
def test_what_no_key_can_have_is_refused_by_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        issue(**fields)
    assert caught.value.field == field
    assert ApiKey.objects.count() == 0


def test_a_closed_account_gets_no_key() -> None:
    user = make_editor()
    user.is_active = False
    with pytest.raises(InvalidInput) as caught:
        issue(user, actor=make_admin())
    assert caught.value.field == "user"


def test_nobody_issues_or_revokes_for_others_but_an_administrator() -> None:
    ada, bob, root = make_editor("ada"), make_editor("bob"), make_admin("root")
    with pytest.raises(NotAllowed):
        issue(ada, actor=bob)
    row, _plain = issue(ada, actor=root)
    with pytest.raises(NotAllowed):
        revoke_key(key=row, actor=bob)
    assert not ApiKey.objects.get().revoked
    assert revoke_key(key=row, actor=root).revoked
    assert ApiKey.objects.get().revoked


def test_revoking_is_for_good() -> None:
    row, _plain = issue()
    revoked = revoke_key(key=row, actor=row.user)
    assert revoke_key(key=row, actor=row.user) == revoked
    kept = ApiKey.objects.get()
    kept.revoked = False
    with pytest.raises(ValidationError):
        kept.save()


def test_issuing_and_revoking_stand_in_the_log_without_the_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    row, plain = issue()
    revoke_key(key=row, actor=None)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        f"Key {row.prefix} (read) was issued for user {row.user_id}",
        f"Key {row.prefix} was revoked",
    ]
    assert plain not in caplog.text


@pytest.mark.parametrize(("seconds", "written"), [(59, False), (60, True), (61, True)])
def test_a_use_is_noted_once_a_minute(*, seconds: int, written: bool) -> None:
    row, _plain = issue()
    assert note_use(key=row, now=NOW) is True
    kept = ApiKey.objects.get()
    assert note_use(key=kept, now=NOW + timedelta(seconds=seconds)) is written


def test_two_processes_note_one_use_between_them() -> None:
    row, _plain = issue()  # both have read it as never used
    assert [note_use(key=row, now=NOW) for _ in range(2)] == [True, False]


def test_a_use_that_need_not_be_noted_asks_nothing() -> None:
    row, _plain = issue()
    row.last_used_at = NOW
    with CaptureQueriesContext(connection) as queries:
        note_use(key=row, now=NOW)
    assert len(queries) == 0


@pytest.mark.parametrize(
    "scopes", ["", "delete", "write read", "read  write", "READ", "read,write"]
)
def test_the_database_knows_the_scopes(scopes: str) -> None:
    issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.update(scopes=scopes)
