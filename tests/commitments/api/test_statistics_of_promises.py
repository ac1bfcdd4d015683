"""The figures of the scoreboard over the API: what they are, for whom, and what they count."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.enums import PartyRole, Status, Strength
from commitments.models import Commitment
from commitments.statistics import statistics_of
from tests.builders import NOW, make_commitment, make_commitment_in, make_party, make_topic

pytestmark = pytest.mark.django_db

PATH = "/api/v1/statistics/"


def test_the_figures_are_those_of_the_scoreboard(client: Client) -> None:
    make_commitment(window="2024")
    make_commitment(window="")
    make_commitment(strength=Strength.PROPOSAL)
    make_commitment_in(Status.DELIVERED, window="2026")
    make_commitment_in(Status.NOT_DELIVERED, window="2025")
    answer = client.get(PATH).json()
    expected = statistics_of(Commitment.objects.published(), now=NOW)
    figures = answer["total"]
    assert figures == {name: getattr(expected, name) for name in figures}
    assert (figures["promises"], figures["overdue"], figures["undated"]) == (4, 1, 1)
    assert figures["share_on_time"] == pytest.approx(1 / 3)
    assert (answer["by"], answer["groups"]) == (None, [])


def test_groups_have_figures_and_addresses_of_their_own(client: Client) -> None:
    kz, ru = make_party("kz", translations={"ru": {"name": "Казахстан"}}), make_party("ru")
    make_commitment(parties=[(kz, PartyRole.PROMISED_BY), (ru, PartyRole.COUNTERPART)])
    make_commitment(parties=[(kz, PartyRole.PROMISED_BY)], window="2024")
    answer = client.get(f"{PATH}?by=party&language=ru").json()
    told = {one["key"]: one for one in answer["groups"]}
    assert [one["key"] for one in answer["groups"]] == ["kz", "ru"]
    assert told["kz"]["name"] == "Казахстан"
    assert told["kz"]["url"] == "http://localhost:8000/api/v1/parties/kz/"
    assert told["kz"]["commitments_url"] == "http://localhost:8000/api/v1/commitments/?party=kz"
    assert (told["kz"]["figures"]["promises"], told["kz"]["figures"]["overdue"]) == (2, 1)
    assert (told["ru"]["figures"]["promises"], told["ru"]["figures"]["overdue"]) == (1, 0)
    assert told["ru"]["figures"]["share_on_time"] is None


def test_the_filters_choose_what_is_counted(client: Client) -> None:
    make_commitment(topics=[make_topic("space")])
    make_commitment()
    assert client.get(PATH).json()["total"]["promises"] == 2
    assert client.get(f"{PATH}?topic=space").json()["total"]["promises"] == 1


def test_the_criteria_are_told_in_the_language_of_the_answer(client: Client) -> None:
    assert client.get(PATH).json()["criteria"]["kept"] == "Delivered early or on time."


@pytest.mark.parametrize(("query", "name"), [("by=x", "by"), ("ordering=title", "ordering")])
def test_what_is_unknown_is_an_error(client: Client, query: str, name: str) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json()["errors"]] == [name]
