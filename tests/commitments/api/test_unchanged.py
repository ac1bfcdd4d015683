"""304 by a tag that is known: at once, never for what has changed, never for who shows a key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.commitments import correct_commitment
from tests.builders import NOW, make_commitment, make_editor

pytestmark = pytest.mark.django_db

LIST = "/api/v1/commitments/"


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def ask(client: Client, path: str, tag: str, **headers: str) -> Any:
    return client.get(path, headers={"If-None-Match": tag, **headers})


def known_tag(client: Client, path: str = LIST) -> str:
    """The tag at `path`, asked for often enough to be known without the answer."""
    tag = client.get(path)["ETag"]
    assert ask(client, path, tag).status_code == 304
    return tag


@pytest.mark.parametrize("path", [LIST, f"{LIST}?fields=id", "/api/v1/parties/"])
def test_a_known_tag_takes_one_query(client: Client, path: str) -> None:
    make_commitment()
    whole = client.get(path)
    tag = known_tag(client, path)
    for method in (client.get, client.head):
        with CaptureQueriesContext(connection) as queries:
            answer = method(path, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content, len(queries)) == (304, b"", 1)
        for name in ("ETag", "Vary", "Cache-Control", "Content-Language"):
            assert answer[name] == whole[name]
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_detail_is_known_too(client: Client) -> None:
    path = f"{LIST}{make_commitment().public_id}/"
    tag = known_tag(client, path)
    with CaptureQueriesContext(connection) as queries:
        assert ask(client, path, tag)["ETag"] == tag
    assert len(queries) == 1


def test_another_tag_gets_the_answer(client: Client) -> None:
    make_commitment()
    known_tag(client)
    assert ask(client, LIST, '"other"').status_code == 200


def test_a_change_is_seen_at_once(client: Client) -> None:
    made = make_commitment()
    tag = known_tag(client)
    correct_commitment(commitment=made, fields={"title": "Another"}, actor=make_editor(), now=NOW)
    assert ask(client, LIST, tag).status_code == 200


def test_a_draft_changes_nothing(client: Client) -> None:
    make_commitment()
    tag = known_tag(client)
    make_commitment(published=False)
    assert ask(client, LIST, tag).status_code == 304


def test_a_day_that_ends_is_seen(client: Client) -> None:
    make_commitment(window="2026-11-24", time_zone="Asia/Almaty")
    tag = known_tag(client)
    for later, status in ((timedelta(hours=9, minutes=59), 304), (timedelta(hours=10), 200)):
        with time_machine.travel(NOW + later, tick=False):
            assert ask(client, LIST, tag).status_code == status


def test_languages_formats_and_addresses_are_kept_apart(client: Client) -> None:
    make_commitment(translations={"ru": {"title": "Аллея"}})
    tag = known_tag(client)
    assert ask(client, f"{LIST}?page_size=1&language=ru", tag).status_code == 200
    assert ask(client, LIST, tag, **{"Accept-Language": "ru"}).status_code == 200
    assert ask(client, LIST, tag, Accept="text/csv").status_code == 200


def test_who_shows_a_key_has_to_have_a_good_one(client: Client) -> None:
    make_commitment()
    tag = known_tag(client)
    assert ask(client, LIST, tag, Authorization="Bearer wrong").status_code == 401


def test_it_counts_against_the_limit(client: Client, settings: Any) -> None:
    make_commitment()
    tag = known_tag(client)
    settings.API_ANONYMOUS_PER_MINUTE = 3
    cache.clear()
    statuses = [ask(client, LIST, tag).status_code for _time in range(5)]
    assert statuses == [304, 304, 304, 429, 429]


def test_without_a_cache_answers_are_made_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_commitment()
    tag = known_tag(client)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "get", broken)
    monkeypatch.setattr(cache, "set", broken)
    assert ask(client, LIST, tag).status_code == 304
    assert ask(client, LIST, '"other"').status_code == 200


def test_an_error_is_never_kept(client: Client) -> None:
    for _time in range(2):
        answer = ask(client, f"{LIST}?x=1", "*")
        assert (answer.status_code, "ETag" in answer.headers) == (400, False)
