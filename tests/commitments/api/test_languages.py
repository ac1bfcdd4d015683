"""The language of an answer, and who may read it."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import Commitment
from tests.builders import make_admin, make_commitment
from tests.commitments.api.keys import bearer, make_key

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/api/v1/commitments/"


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "en"),
        ("", "ru", "ru"),
        ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("", "kk;q=0.5, ru;q=0.6", "ru"),
        ("", "de, kk;q=0.1", "kk"),
        ("", "de", "en"),
        ("", "*", "en"),
        ("", ";;;q=,é", "en"),
        ("language=kk", "ru", "kk"),
        ("language=", "ru", "ru"),
    ],
)
def test_the_parameter_decides_and_else_the_header(
    client: Client, query: str, header: str, language: str
) -> None:
    make_commitment(window="2026")
    answer = client.get(f"{LIST}?{query}", headers={"Accept-Language": header})
    words = {"en": "2026", "ru": "2026 год", "kk": "2026 жыл"}
    assert answer["Content-Language"] == language
    assert answer.json()["results"][0]["window"]["words"] == words[language]
    assert "Accept-Language" in answer["Vary"]


def test_a_cookie_decides_nothing(client: Client) -> None:
    client.cookies["django_language"] = "ru"
    assert client.get(LIST)["Content-Language"] == "en"


def test_an_unknown_language_is_refused_and_the_known_are_listed(client: Client) -> None:
    answer = client.get(f"{LIST}?language=de")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "parameter": "language",
            "code": "unknown_language",
            "detail": "“de” is not known here. Known: en, ru, kk.",
        }
    ]


@pytest.mark.parametrize("path", [LIST, "/api/v1/batch/"])
def test_a_write_in_an_unknown_language_is_refused_as_well(client: Client, path: str) -> None:
    body = {"kind": "event", "title": "Talks in Astana"}
    answer = client.post(
        f"{path}?language=de",
        body
        if path == LIST
        else {"operations": [{"operation": "create_commitment", "data": body}]},
        content_type="application/json",
        headers=bearer(make_key(make_admin())),
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_language")
    assert not Commitment.objects.filter(title=body["title"]).exists()


def test_a_page_of_any_origin_may_read(client: Client) -> None:
    answer = client.get(LIST, headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Expose-Headers"] == (
        "ETag, Link, Location, Content-Language, Retry-After, RateLimit, RateLimit-Policy, "
        "Idempotency-Replayed, WWW-Authenticate"
    )
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_may_ask_beforehand(client: Client) -> None:
    answer = client.options(
        LIST,
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, POST, HEAD, OPTIONS"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


def test_who_is_logged_in_gets_the_same(client: Client, admin_client: Client) -> None:
    make_commitment()
    make_commitment(published=False)
    assert admin_client.get(LIST).content == client.get(LIST).content
    assert "Cookie" not in admin_client.get(LIST)["Vary"]
    assert not client.get(LIST).cookies
