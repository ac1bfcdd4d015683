"""What the words of a date are understood as, asked while an editor types."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import make_citation, make_commitment, make_source, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/admin/commitments/commitment/read-back/"


def ask(desk: Client, text: str, **question: Any) -> Any:
    response = desk.get(URL, {"text": text, "time_zone": "Asia/Almaty", **question})
    return response.json()


def test_address_is_the_one_that_the_fields_ask() -> None:
    assert reverse("admin:commitments_commitment_read_back") == URL


@pytest.mark.parametrize(
    ("text", "edtf", "sentence"),
    [
        (
            "spring 2025",
            "2025-21",
            "1 March – 31 May 2025, overdue from 1 June 2025 (Asia/Almaty)",
        ),
        (
            "2025",
            "2025",
            "1 January 2025 – 31 December 2025, overdue from 1 January 2026 (Asia/Almaty)",
        ),
        (
            "9 May 2025",
            "2025-05-09",
            "9 May 2025, overdue from 10 May 2025 (Asia/Almaty)",
        ),
        ("", "", ""),
    ],
)
def test_words_are_read_back(desk: Client, text: str, edtf: str, sentence: str) -> None:
    answer = ask(desk, text)
    assert (answer["understood"], answer["edtf"], answer["sentence"]) == (True, edtf, sentence)


def test_relative_words_count_from_the_source(desk: Client) -> None:
    source = make_source(date=date(2024, 11, 27))
    assert ask(desk, "next year", source=source.pk)["edtf"] == "2025"
    assert ask(desk, "next year", said_on="2023-01-01")["edtf"] == "2024"
    cited = make_citation(make_commitment(), make_source(date=date(2021, 5, 1)))
    assert ask(desk, "next year", citation=cited.pk)["edtf"] == "2022"
    assert not ask(desk, "next year")["understood"]


def test_the_place_decides_about_seasons_and_the_day(desk: Client) -> None:
    assert ask(desk, "spring 2025", hemisphere="south")["edtf"] == "2025-29"
    commitment = make_commitment(time_zone="Europe/Moscow", hemisphere="south")
    answer = ask(desk, "spring 2025", commitment=commitment.pk)
    assert answer["sentence"].endswith("(Europe/Moscow)")
    assert answer["edtf"] == "2025-29"


def test_the_answer_is_in_the_editors_language_and_reads_the_sources(desk: Client) -> None:
    desk.cookies["django_language"] = "ru"
    answer = ask(desk, "весна 2025 года")
    assert answer["edtf"] == "2025-21"
    assert "31 мая 2025" in answer["sentence"]
    assert not ask(desk, "көктем 2025")["understood"]
    assert ask(desk, "2025 жылдың көктемі", language="kk")["edtf"] == "2025-21"


def test_a_miss_offers_the_nearest_phrases(desk: Client) -> None:
    answer = ask(desk, "sprng 2025")
    assert answer["understood"] is False
    assert answer["sentence"].startswith("sprng 2025 is not understood as a date")
    assert "spring 2025" in answer["nearest"]
    assert answer["nearest_label"] == "Understood would be:"


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"text": "x" * 201}, "text"),
        ({"said_on": "27.11.2024"}, "said_on"),
        ({"source": "one"}, "source"),
        ({"source": "1" * 19}, "source"),
        ({"commitment": "12345"}, "commitment"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"hemisphere": "east"}, "hemisphere"),
    ],
)
def test_a_wrong_question_names_its_field(
    desk: Client, question: dict[str, str], field: str
) -> None:
    response = desk.get(URL, {"text": "2025", **question})
    assert (response.status_code, response.json()["field"]) == (400, field)


def test_only_the_desk_is_answered(client: Client) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(make_user("reader"))
    assert client.get(URL).status_code == 302
    client.force_login(make_user("newcomer", is_staff=True))
    assert client.get(URL).status_code == 403


def test_nothing_can_be_sent_to_it(desk: Client) -> None:
    assert desk.post(URL, {"text": "2025"}).status_code == 405
