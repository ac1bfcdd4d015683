"""Bodies: what is no JSON is refused, with the place where it stops being any."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commitments.models import Topic
from tests.commitments.api.keys import bearer, make_key
from tests.commitments.api.probe import TOPICS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.commitments.api.probe"),
    pytest.mark.once,
]


def post(client: Client, body: bytes, content_type: str = "application/json", **more: str) -> Any:
    headers = bearer(make_key()) | more
    answer = client.generic("POST", TOPICS, body, content_type=content_type, headers=headers)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert Topic.objects.count() == 0
    return answer


@pytest.mark.parametrize(
    ("body", "line", "column", "reason"),
    [
        (b"{", 1, 2, "Expecting property name enclosed in double quotes"),
        (b'{"key": "a",\n "name": }', 2, 10, "Expecting value"),
        (b'{"key": "a"} x', 1, 14, "Extra data"),
        (b"nonsense", 1, 1, "Expecting value"),
        (b'{"key": "a\nb"}', 1, 11, "Invalid control character at"),
        ("{\n“key”: 1}".encode(), 2, 1, "Expecting property name enclosed in double quotes"),
        (b'{"key":\n"\xff"}', 2, 2, "This is not UTF-8."),
        (b"\xff", 1, 1, "This is not UTF-8."),
        ('{"key": "a"}'.encode("utf-16"), 1, 1, "This is not UTF-8."),
    ],
)
@pytest.mark.parametrize("repeatable", [False, True])
def test_json_that_is_wrong_is_refused_by_line_and_column(
    client: Client, body: bytes, line: int, column: int, reason: str, *, repeatable: bool
) -> None:
    answer = post(client, body, **({"Idempotency-Key": "a"} if repeatable else {}))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "malformed_json")
    assert (told["line"], told["column"]) == (line, column)
    assert told["type"].endswith("/problems/malformed_request/")
    assert reason in told["detail"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"key": NaN}', "“NaN” is no number of JSON."),
        (b'{"key": -Infinity}', "“-Infinity” is no number of JSON."),
        (b'{"key": "a", "name": "b", "key": "c"}', "“key” stands twice in one object."),
        (b"[" * 100_000, "It is nested too deeply."),
        (b"1" * 10_000, "4300"),
    ],
)
def test_what_programs_read_differently_is_refused(
    client: Client, body: bytes, reason: str
) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert reason in answer.json()["detail"]
    assert "line" not in answer.json()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"],
)
def test_another_format_is_refused(client: Client, content_type: str) -> None:
    answer = post(client, b"key=a", content_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_charset_beside_the_format_does_not_matter(client: Client) -> None:
    answer = post(client, b'{"key": "a"}', "application/json; charset=utf-8")
    assert answer.status_code == 201


@pytest.mark.parametrize(("more", "status"), [(-1, 201), (0, 201), (1, 413)])
@pytest.mark.parametrize("repeatable", [False, True])
def test_a_body_has_an_end(
    client: Client, settings: Any, more: int, status: int, *, repeatable: bool
) -> None:
    body = b'{"key": "a"' + b" " * 100 + b"}"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body) - more
    answer = post(client, body, **({"Idempotency-Key": "a"} if repeatable else {}))
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["code"] == "too_large"
