"""Which database each request asks, where public reads have a copy of it."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from commitments.actions.api_keys import issue_key
from commitments.models import Commitment
from config.replica import COPY, is_public
from tests.builders import NOW, make_admin, make_commitment, make_topic
from tests.config.loading import load_settings
from timeline.keeping import recall
from timeline.record_stamp import last_number

pytestmark = pytest.mark.django_db

PUBLIC_PATHS = [
    "/",
    "/ru/?topic=bridges",
    "/c/{one}/",
    "/parties/",
    "/topics/bridges/",
    "/changes/",
    "/picture/",
    "/feeds/commitments.ics",
    "/feeds/changes.atom",
    "/api/v1/commitments/",
    "/api/v1/commitments/{one}/",
    "/api/v1/changes/",
    "/api/v1/timeline/",
]
OTHER_PATHS = ["/admin/login/", "/subscribe/mail/", "/healthz/ready", "/dav/all/", "/mailbox/"]


@pytest.fixture
def asked(settings: Any) -> Iterator[set[str]]:
    """A second alias onto the test's own connection, and the aliases that reads have asked."""
    aliases: set[str] = set()

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if sql.lstrip(" \n(").upper().startswith(("SELECT", "WITH")):
            aliases.add(context["connection"].alias)
        else:  # that a feed was fetched is written down
            assert context["connection"].alias == "default"
        return execute(sql, params, many, context)

    original = connections["default"]
    original.ensure_connection()
    other = copy.copy(original)
    other.alias, other.execute_wrappers = COPY, []
    connections[COPY] = other
    settings.DATABASE_ROUTERS = ["config.replica.PublicReads"]
    with original.execute_wrapper(note), other.execute_wrapper(note):
        yield aliases
    settings.DATABASE_ROUTERS = []
    del connections[COPY]


@pytest.fixture
def one() -> Commitment:
    return make_commitment(title="A bridge", topics=[make_topic("bridges")])


def get(client: Client, path: str, one: Commitment, **more: Any) -> int:
    answer = client.get(path.format(one=one.public_id), **more)
    b"".join(answer) if answer.streaming else answer.content  # what streams is made only now
    return answer.status_code


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_what_everybody_may_see_is_read_from_the_copy(
    path: str, one: Commitment, asked: set[str], client: Client
) -> None:
    asked.clear()
    assert get(client, path, one) == 200
    assert asked == {COPY}


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_who_is_logged_in_reads_its_own_writes(
    path: str, one: Commitment, asked: set[str], client: Client
) -> None:
    client.force_login(make_admin())
    asked.clear()
    assert get(client, path, one) == 200
    assert asked == {"default"}


@pytest.mark.parametrize("path", [path for path in PUBLIC_PATHS if path.startswith("/api/")])
def test_a_key_reads_its_own_writes(
    path: str, one: Commitment, asked: set[str], client: Client
) -> None:
    _row, key = issue_key(user=make_admin(), name="x", scopes=["read"], actor=None, now=NOW)
    asked.clear()
    assert get(client, path, one, headers={"Authorization": f"Bearer {key}"}) == 200
    assert asked == {"default"}


@pytest.mark.parametrize("path", OTHER_PATHS)
def test_what_is_not_public_never_asks_the_copy(
    path: str, one: Commitment, asked: set[str], client: Client
) -> None:
    asked.clear()
    get(client, path, one)
    assert asked <= {"default"}


def test_a_write_and_what_follows_it_in_the_request_ask_the_database_itself(
    one: Commitment, asked: set[str], client: Client
) -> None:
    asked.clear()
    form = {"address": "ainur@example.org", "moments": "7", "language": "en"}
    assert client.post("/subscribe/mail/", form).status_code in {200, 400}
    assert client.post("/api/v1/commitments/", {}).status_code == 401
    with contextlib.suppress(Commitment.DoesNotExist):
        Commitment.objects.get(public_id="nothing")
    assert asked <= {"default"}


@pytest.mark.parametrize(
    ("method", "path", "public"),
    [
        ("get", "/", True),
        ("head", "/kk/", True),
        ("post", "/", False),
        ("propfind", "/", False),
        ("get", "/feeds/commitments.ics", True),
        ("get", "/feeds/abc/secret.ics", False),
        ("get", "/calendars/", False),
        ("get", "/ru/calendars/", False),
        ("get", "/admin/", False),
        ("get", "/subscriptions/manage/x/", False),
        ("get", "/something-new/", False),
        ("get", "/c/x/", True),
        ("get", "/cx/", False),
    ],
)
def test_only_known_addresses_are_public(
    method: str, path: str, public: bool, rf: RequestFactory
) -> None:
    assert is_public(rf.generic(method.upper(), path)) is public


def test_number_of_the_copy_is_not_that_of_the_database(
    one: Commitment, asked: set[str], client: Client, settings: Any
) -> None:
    """A copy that is behind must not fill what is kept under a number it has not reached."""
    settings.REDIS_URL = "redis://shared"  # the cache of the tests stands in for it
    number = last_number()
    assert recall("record-number-default") == (recall("record-generation"), number)
    assert recall(f"record-number-{COPY}") is None
    client.get("/feeds/commitments.ics")
    assert recall(f"record-number-{COPY}") == (recall("record-generation"), number)


@pytest.mark.once
def test_setting_adds_the_copy_and_its_router(tmp_path: Any) -> None:
    without = load_settings(tmp_path)
    assert (set(without["DATABASES"]), without.get("DATABASE_ROUTERS")) == ({"default"}, None)
    url = "postgres://reader:secret@copy.example.org/record"
    found = load_settings(tmp_path, READ_DATABASE_URL=url)
    assert found["DATABASES"][COPY]["HOST"] == "copy.example.org"
    assert found["DATABASE_ROUTERS"] == ["config.replica.PublicReads"]
