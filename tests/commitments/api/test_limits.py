"""Limits: by key and by address, told in headers, and never in the way when the cache is."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from django.test import Client, RequestFactory

from commitments.api import limits
from commitments.api.limits import Breaker, client_address
from tests.builders import NOW, make_editor
from tests.commitments.api.keys import bearer, make_key
from tests.commitments.api.probe import TOPICS
from tests.config.loading import load_settings
from tests.services.ports import LOOPBACK

pytestmark = [pytest.mark.urls("tests.commitments.api.probe"), pytest.mark.once]

LIST = "/api/v1/commitments/"


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 3
    settings.API_KEY_PER_MINUTE = 5
    settings.API_WRITES_PER_MINUTE = 2
    monkeypatch.setattr(limits, "_breaker", Breaker())


def ask(client: Client, times: int, **request: Any) -> list[int]:
    return [client.get(LIST, **request).status_code for _ in range(times)]


@pytest.mark.django_db
def test_who_asks_too_much_has_to_wait(client: Client) -> None:
    assert ask(client, 3) == [200, 200, 200]
    answer = client.get(LIST)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["code"] == "throttled"
    assert answer["Retry-After"] == "60"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_every_answer_tells_where_one_stands(client: Client) -> None:
    told = [client.get(LIST) for _ in range(4)]
    assert {one["RateLimit-Policy"] for one in told} == {'"anonymous";q=3;w=60'}
    left = [one["RateLimit"] for one in told]
    assert left == [f'"anonymous";r={r};t=60' for r in (2, 1, 0, 0)]
    assert "RateLimit" in told[0]["Access-Control-Expose-Headers"].split(", ")


@pytest.mark.django_db
def test_an_unchanged_answer_counts_and_tells_as_well(client: Client) -> None:
    known = client.get(LIST)["ETag"]
    answer = client.get(LIST, headers={"If-None-Match": known})
    assert (answer.status_code, answer["RateLimit"]) == (304, '"anonymous";r=1;t=60')


@pytest.mark.parametrize(("second", "status"), [(19, 429), (20, 200), (21, 200)])
@pytest.mark.django_db
def test_a_minute_later_it_begins_anew(client: Client, second: int, status: int) -> None:
    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        ask(client, 3)
        assert client.get(LIST)["Retry-After"] == "20"
    with time_machine.travel(NOW + timedelta(seconds=40 + second), tick=False):
        assert client.get(LIST).status_code == status


@pytest.mark.django_db
def test_each_key_has_a_count_of_its_own(client: Client) -> None:
    editor = make_editor()
    first, second = (bearer(make_key(editor)) for _ in range(2))
    assert ask(client, 6, headers=first) == [200] * 5 + [429]
    assert ask(client, 1, headers=second) == [200]
    assert ask(client, 4) == [200] * 3 + [429]
    assert client.get(LIST, headers=second)["RateLimit-Policy"] == '"keys";q=5;w=60'


@pytest.mark.django_db
def test_writes_are_counted_by_themselves(client: Client) -> None:
    headers = bearer(make_key())
    codes = [
        client.post(TOPICS, {"key": key}, content_type="application/json", headers=headers)
        for key in "abc"
    ]
    assert [one.status_code for one in codes] == [201, 201, 429]
    assert codes[0]["RateLimit-Policy"] == '"writes";q=2;w=60'
    assert ask(client, 5, headers=headers) == [200] * 5


@pytest.mark.django_db
def test_guessing_keys_counts_by_address(client: Client) -> None:
    codes = [client.get(LIST, headers=bearer(f"guess{n}.x")).status_code for n in range(4)]
    assert codes == [401, 401, 401, 429]


@pytest.mark.django_db
def test_asking_beforehand_does_not_count(client: Client) -> None:
    assert [client.options(LIST).status_code for _ in range(5)] == [200] * 5
    assert client.get(LIST)["RateLimit"] == '"anonymous";r=2;t=60'


@pytest.mark.django_db
def test_no_limit_means_no_headers(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    assert ask(client, 10) == [200] * 10
    assert "RateLimit" not in client.get(LIST).headers


# Addresses


@pytest.mark.django_db
def test_a_forged_header_does_not_get_round_the_limit_api10(client: Client, settings: Any) -> None:
    settings.API_ANONYMOUS_PER_MINUTE, settings.NUM_PROXIES = 200, 1
    codes = [
        client.get(
            "/api/v1/problems/", headers={"X-Forwarded-For": f"10.0.{n}.1, 198.51.100.7"}
        ).status_code
        for n in range(201)
    ]
    assert codes == [200] * 200 + [429]
    other = client.get("/api/v1/problems/", headers={"X-Forwarded-For": "198.51.100.8"})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),  # nobody of ours has written it
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),  # it came past one of them
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, ", "192.0.2.1"),
    ],
)
def test_the_address_is_found_behind_our_proxies(
    settings: Any, rf: RequestFactory, proxies: int, forwarded: str, address: str
) -> None:
    settings.NUM_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == address


@pytest.mark.parametrize("text", ["", "unix:", "203.0.113.9:4711", "a" * 5000, "\udc80"])
def test_what_is_no_address_is_told_apart_all_the_same(rf: RequestFactory, text: str) -> None:
    told = client_address(rf.get("/", REMOTE_ADDR=text))
    assert len(told) == 32
    assert told != client_address(rf.get("/", REMOTE_ADDR=text + "x"))


# When the cache fails


class Broken(BaseCache):
    asked = 0

    def incr(self, *_args: Any, **_kwargs: Any) -> int:
        Broken.asked += 1
        raise ConnectionError("The cache is away")


@pytest.mark.django_db
def test_a_broken_cache_lets_everybody_pass_and_is_left_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Broken.asked = 0
    monkeypatch.setattr(limits, "caches", {"limits": Broken({})})
    assert ask(client, 10) == [200] * 10
    assert Broken.asked == 1
    told = [one.message for one in caplog.records if one.name == limits.__name__]
    assert told == ["The cache does not count; requests pass without a limit"]


@pytest.mark.django_db
def test_a_cache_that_is_back_counts_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(limits, "caches", {"limits": Broken({})})
        ask(client, 1)
    clock = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: clock + limits.LEFT_ALONE)
    assert ask(client, 4) == [200, 200, 200, 429]


@pytest.mark.django_db
@pytest.mark.once
def test_a_redis_that_does_not_answer_keeps_nobody_waiting(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:  # it accepts, and says nothing
        url = f"redis://{LOOPBACK}:{silent.getsockname()[1]}/0"
        chosen: Any = load_settings(tmp_path, REDIS_URL=url)["CACHES"]
        cache = RedisCache(url, chosen["limits"])
        monkeypatch.setattr(limits, "caches", {"limits": cache})
        began = time.perf_counter()
        assert ask(client, 10) == [200] * 10
    assert time.perf_counter() - began < 1


@pytest.fixture
def redis_cache(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisCache]:
    cache = RedisCache(redis_url, {"OPTIONS": {"socket_timeout": 0.25}})
    monkeypatch.setattr(limits, "caches", {"limits": cache})
    cache.clear()
    yield cache
    cache.clear()


@pytest.mark.django_db
@pytest.mark.once
def test_processes_count_together_where_redis_is(
    client: Client, redis_cache: RedisCache, redis_url: str
) -> None:
    assert ask(client, 2) == [200, 200]
    minute = int(NOW.timestamp()) // limits.WINDOW
    other = RedisCache(redis_url, {})  # another process
    assert other.incr(f"api-limit:anonymous:127.0.0.1:{minute}") == 3
    assert ask(client, 1) == [429]


def test_the_cache_of_the_limits_is_the_one_that_all_share() -> None:
    assert set(caches.settings) == {"default", "limits"}
