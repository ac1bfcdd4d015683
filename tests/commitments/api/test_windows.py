"""Reading the words of a date over HTTP: the answers of `manage.py read_date`."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.once

PATH = "/api/v1/windows/"


def test_a_phrase_is_read_as_a_window_in_three_languages(client: Client) -> None:
    answer = client.get(PATH, {"text": "spring 2025", "said_on": "2024-11-27", "language": "en"})
    assert answer.status_code == 200
    assert answer.json() == {
        "edtf": "2025-21",
        "earliest": "2025-03-01",
        "latest": "2025-05-31",
        "words": {"en": "spring 2025", "ru": "весна 2025 года", "kk": "2025 жылдың көктемі"},
    }


@pytest.mark.parametrize(
    ("text", "language"),
    [("next year", "en"), ("весной 2025 года", "ru"), ("келесі жылы", "kk"), ("2026-04/..", "en")],
)
def test_the_command_says_the_same(client: Client, text: str, language: str) -> None:
    out = io.StringIO()
    call_command("read_date", text, said_on="2024-11-27", language=language, stdout=out)
    answer = client.get(PATH, {"text": text, "said_on": "2024-11-27", "language": language})
    assert answer.json() == json.loads(out.getvalue())


def test_next_year_counts_from_the_day_of_the_source(client: Client) -> None:
    found = [
        client.get(PATH, {"text": "next year", "said_on": day}).json()["edtf"]
        for day in ("2024-11-27", "2030-01-01")
    ]
    assert found == ["2025", "2031"]


def test_a_season_follows_the_hemisphere(client: Client) -> None:
    query = {"text": "spring 2025", "hemisphere": "south"}
    assert client.get(PATH, query).json()["earliest"] == "2025-09-01"


def test_what_is_not_understood_is_refused_with_the_nearest(client: Client) -> None:
    answer = client.get(PATH, {"text": "springg 2025"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "phrase_unknown")
    assert body["nearest"][0] == "spring 2025"
    assert body["type"].endswith("/api/v1/problems/window_invalid/")


def test_next_year_of_no_stated_source_is_refused(client: Client) -> None:
    assert client.get(PATH, {"text": "next year"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "item"),
    [
        ({}, {"parameter": "text", "code": "required"}),
        ({"text": ""}, {"parameter": "text", "code": "required"}),
        (
            {"text": "2025", "said_on": "27.11.2024"},
            {"parameter": "said_on", "code": "invalid_parameter"},
        ),
        (
            {"text": "2025", "language": "de"},
            {"parameter": "language", "code": "invalid_parameter"},
        ),
        (
            {"text": "2025", "hemisphere": "west"},
            {"parameter": "hemisphere", "code": "invalid_parameter"},
        ),
        ({"text": "a\x00"}, {"parameter": "text", "code": "unreadable_parameter"}),
        ({"text": "a" * 201}, {"parameter": "text", "code": "unreadable_parameter"}),
        ({"text": ["2025", "2026"]}, {"parameter": "text", "code": "unreadable_parameter"}),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    client: Client, query: dict[str, Any], item: dict[str, str]
) -> None:
    answer = client.get(PATH, query)
    assert answer.status_code == 400
    (told,) = answer.json()["errors"]
    assert {name: told[name] for name in ("parameter", "code")} == item


def test_the_sentence_is_in_the_readers_language_whatever_the_words_are(client: Client) -> None:
    answer = client.get(
        PATH, {"text": "springg", "language": "en"}, headers={"Accept-Language": "ru"}
    )
    assert answer["Content-Language"] == "ru"
