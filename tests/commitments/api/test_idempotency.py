"""Idempotency-Key: what was sent twice is done once, and has the same answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLResolver, get_resolver

from commitments.actions import idempotency as claims
from commitments.actions.idempotency import claim_request
from commitments.api import idempotency
from commitments.models import IdempotentRequest, Topic
from tests.builders import NOW, make_commitment, make_editor
from tests.commitments.api.keys import bearer, make_key
from tests.commitments.api.probe import TOPICS
from tests.commitments.concurrency import at_once

pytestmark = pytest.mark.urls("tests.commitments.api.probe")

KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'
Send = Callable[..., Any]


@pytest.fixture
def send(client: Client) -> Send:
    """A function that posts a topic with a key of the editor, and with Idempotency-Key."""
    secret = make_key(make_editor("ada"))
    names = itertools.count(1)

    def post(body: Any = None, *, key: str = KEY, path: str = TOPICS, **headers: str) -> Any:
        content = {"key": f"topic-{next(names)}"} if body is None else body
        return client.post(
            path,
            content,
            content_type="application/json",
            headers=bearer(secret) | {"Idempotency-Key": key} | headers,
        )

    return post


def same(first: Any, second: Any) -> None:
    """The same status, headers that matter and bytes; only the repeat says that it is one."""
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for name in ("Content-Type", "Location", "ETag", "Content-Language"):
        assert second[name] == first[name]
    assert "Idempotency-Replayed" not in first.headers
    assert second["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_a_repeat_has_the_same_answer_and_makes_nothing(send: Send) -> None:
    first = send({"key": "space", "name": "Ғарыш"})
    assert first.status_code == 201
    assert first.json() == {"key": "space", "n": 1}
    Topic.objects.create(key="other", name="Other")
    same(first, send({"key": "space", "name": "Ғарыш"}))
    assert Topic.objects.filter(key="space").count() == 1


@pytest.mark.django_db
def test_a_repeat_is_in_the_language_of_the_first(send: Send) -> None:
    first = send({"key": "space"}, **{"Accept-Language": "ru"})
    assert first["Content-Language"] == "ru"
    same(first, send({"key": "space"}, **{"Accept-Language": "kk"}))


@pytest.mark.django_db
def test_without_the_header_nothing_is_kept(client: Client) -> None:
    headers = bearer(make_key())
    answer = client.post(TOPICS, {"key": "a"}, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    assert IdempotentRequest.objects.count() == 0


@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.django_db
def test_an_answer_is_kept_for_24_hours(send: Send, seconds: int) -> None:
    send({"key": "space"})
    with time_machine.travel(NOW + timedelta(hours=24, seconds=seconds), tick=False):
        answer = send({"key": "space-2"})
    assert answer.status_code == (422 if seconds < 0 else 201)
    assert IdempotentRequest.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"body": {"key": "other"}},
        {"body": {"key": "space", "name": "Topic"}},
        {"path": f"{TOPICS}?language=ru"},
    ],
)
@pytest.mark.django_db
def test_a_key_of_another_request_is_refused_api06(send: Send, other: dict[str, Any]) -> None:
    send({"key": "space"})
    answer = send(**{"body": {"key": "space"}, **other})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Topic.objects.count() == 1


@pytest.mark.django_db
def test_a_key_at_another_address_is_refused(send: Send) -> None:
    row = make_commitment(published=False)
    send({"key": "space"})
    answer = send({"key": "space"}, path=f"/api/v1/probe/{row.public_id}/")
    assert answer.status_code == 422


@pytest.mark.django_db
def test_each_caller_has_keys_of_its_own(client: Client) -> None:
    editor = make_editor("ada")
    for name in ("a", "b"):  # two keys of one person are two programs
        answer = client.post(
            TOPICS,
            {"key": name},
            content_type="application/json",
            headers=bearer(make_key(editor)) | {"Idempotency-Key": KEY},
        )
        assert answer.status_code == 201
    assert Topic.objects.count() == 2


@pytest.mark.django_db
def test_while_the_first_runs_a_repeat_is_to_come_again(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nested(claim: Any, *args: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(idempotency, "_first", original)
            answers.append(send({"key": "space"}))
        return original(claim, *args)

    answers: list[Any] = []
    original = idempotency._first
    monkeypatch.setattr(idempotency, "_first", nested)
    assert send({"key": "space"}).status_code == 201
    assert (answers[0].status_code, answers[0].json()["code"]) == (409, "request_in_progress")
    assert answers[0]["Retry-After"] == "5"
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert Topic.objects.count() == 1


@pytest.mark.parametrize(
    "problem", [{"fail": True}, {"refuse": True}, {"name": ""}, {"name": "\x07"}]
)
@pytest.mark.django_db
def test_what_failed_has_written_nothing_and_may_be_tried_again(
    client: Client, send: Send, problem: dict[str, Any]
) -> None:
    client.raise_request_exception = False
    answer = send({"key": "space", **problem})
    assert answer.status_code in {400, 409, 500}
    assert (Topic.objects.count(), IdempotentRequest.objects.count()) == (0, 0)
    assert send({"key": "space"}).status_code == 201  # the same key, put right


@pytest.mark.django_db
def test_a_refused_caller_claims_nothing(client: Client) -> None:
    headers = bearer(make_key(scopes=["read"])) | {"Idempotency-Key": KEY}
    answer = client.post(TOPICS, {"key": "a"}, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert IdempotentRequest.objects.count() == 0


# A crash leaves a claim without an answer.


def crash(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send {"key": "space"}; the process is gone before it answers or gives anything back."""
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "give_back", lambda **_: None)
        patch.setattr(idempotency, "keep_answer", _die)
        with pytest.raises(KeyboardInterrupt):
            send({"key": "space"})
    assert (Topic.objects.count(), IdempotentRequest.objects.count()) == (0, 1)


def _die(**_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("seconds", "status"), [(0, 409), (59, 409), (60, 201), (61, 201)])
@pytest.mark.django_db
def test_a_crash_blocks_for_a_minute(
    send: Send, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    crash(send, monkeypatch)
    with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
        answer = send({"key": "space"})
        assert answer.status_code == status
        if status == 409:
            assert answer["Retry-After"] == str(min(60 - seconds, 5))
        else:
            same(answer, send({"key": "space"}))


@pytest.mark.django_db
def test_a_slow_first_attempt_writes_nothing_when_a_second_has_taken_over(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*, claim: Any, answer: Any) -> None:
        row = IdempotentRequest.objects.get()
        later = NOW + claims.LEASE
        claim_request(
            caller=row.caller, key=row.key, fingerprint=row.fingerprint, now=later
        )  # the second attempt
        keep(claim=claim, answer=answer)

    keep = claims.keep_answer
    monkeypatch.setattr(idempotency, "keep_answer", slow)
    answer = send({"key": "space"})
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert Topic.objects.count() == 0


# Many at once


@pytest.mark.django_db(transaction=True)
def test_five_at_once_make_one() -> None:
    headers = bearer(make_key(make_editor("ada"))) | {"Idempotency-Key": KEY}

    def post() -> Any:
        return Client().post(
            TOPICS, {"key": "space"}, content_type="application/json", headers=headers
        )

    for _round in range(3):
        answers = at_once([post] * 5)
        codes = {getattr(one, "status_code", repr(one)) for one in answers}
        assert codes <= {201, 409}
        made = {bytes(one.content) for one in answers if getattr(one, "status_code", 0) == 201}  # type: ignore[union-attr]  # not the exceptions
        assert len(made) <= 1
        assert Topic.objects.count() == 1
    assert post().status_code == 201


@pytest.mark.django_db(transaction=True)
def test_five_at_once_with_keys_of_their_own_make_five() -> None:
    secret = make_key(make_editor("ada"))

    def post(name: str) -> Callable[[], Any]:
        headers = bearer(secret) | {"Idempotency-Key": name}
        return lambda: Client().post(
            TOPICS, {"key": name}, content_type="application/json", headers=headers
        )

    answers = at_once([post(name) for name in "abcde"])
    assert [getattr(one, "status_code", one) for one in answers] == [201] * 5
    assert Topic.objects.count() == 5


# The syntax of the key


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (KEY, KEY.strip('"')),
        (KEY.strip('"'), KEY.strip('"')),  # without quotes it is the same key
        ('"a b"', "a b"),
        (r'"a\"b\\c"', r'a"b\c'),
        ('"~!@#$%^&*()_+-=,.;:"', "~!@#$%^&*()_+-=,.;:"),
        ("a" * 255, "a" * 255),
        (f'"{"a" * 255}"', "a" * 255),
    ],
)
@pytest.mark.django_db
def test_a_key_is_a_string(send: Send, header: str, key: str) -> None:
    assert send({"key": "space"}, key=header).status_code == 201
    assert IdempotentRequest.objects.get().key == key


@pytest.mark.parametrize(
    "header",
    ["", '""', '"', '"a', 'a"', '"a"b"', "a b", r'"\a"', "ключ", "a" * 256, f'"{"a" * 256}"', "\t"],
)
@pytest.mark.django_db
def test_what_is_no_key_is_refused(send: Send, header: str) -> None:
    answer = send({"key": "space"}, key=header)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "header": "Idempotency-Key",
            "code": "idempotency_key_invalid",
            "detail": "Send 1 to 255 visible ASCII characters in quotes, such as a UUID.",
        }
    ]
    assert Topic.objects.count() == 0


# All of the API


def _views(resolver: URLResolver) -> list[Any]:
    found: list[Any] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found += _views(one)
        elif hasattr(one.callback, "cls"):
            found.append(one.callback.cls)
    return found


def test_every_post_of_the_api_may_be_repeated() -> None:
    views = [view for view in _views(get_resolver()) if hasattr(view, "post")]
    assert views
    assert [view for view in views if not getattr(view.post, "is_idempotent", False)] == []
