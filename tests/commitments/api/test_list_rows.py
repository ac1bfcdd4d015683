"""The list that is written by hand says what the serializer says that the schema comes from."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.test import Client
from django.utils import translation

from commitments.api.relations import list_relations
from commitments.api.renderers import json_bytes
from commitments.api.serializers.commitments import CommitmentSerializer
from commitments.enums import CitationRole, PartyKind, PartyRole, Status
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.api.full_record import make_full

pytestmark = pytest.mark.django_db

RU = {"ru": {"title": "Аллея", "summary": "Деревья", "name": "Казахстан"}}


def make_all_sorts() -> None:
    """Commitments with every field filled, and with every field empty."""
    kz = make_party("kz", translations={"ru": {"name": "Казахстан"}, "kk": {"name": ""}})
    topic = make_topic("a", translations={"ru": {"name": "Лес"}})
    source = make_source(
        translations={"ru": {"title": "Беседы"}}, publisher="P", url="https://example.org"
    )
    made = make_commitment(
        title="Alley",
        summary="Trees",
        note="A note",
        wording="in spring",
        window="2025-21",
        hemisphere="south",
        place="Astana",
        time_zone="Asia/Almaty",
        translations={"ru": {"title": "Аллея"}},
        parties=[(kz, PartyRole.PROMISED_BY), (make_party("ru"), PartyRole.COUNTERPART)],
        topics=[topic, make_topic("b")],
        source=source,
    )
    speaker = make_party(kind=PartyKind.PERSON, office="President", body=kz)
    make_citation(made, role=CitationRole.CONFIRMS, quote="We shall.", said_by=speaker)
    make_commitment(window="", parties=[(kz, PartyRole.RESPONSIBLE)])
    make_commitment(window="2024/..")
    for status in (Status.DELIVERED, Status.STALLED, Status.NOT_DELIVERED, Status.SUPERSEDED):
        make_commitment_in(status)
    make_full(make_editor(), of_each=3)


def by_the_serializer(language: str) -> object:
    rows = list(Commitment.objects.published().order_by("last_day", "public_id"))
    prefetch_related_objects(rows, *list_relations())
    context = {"language": language, "now": NOW, "expand": frozenset()}
    with translation.override(language):
        written = CommitmentSerializer(rows, many=True, context=context).data
        return json.loads(json_bytes(written))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_list_says_what_the_serializer_says(client: Client, language: str) -> None:
    make_all_sorts()
    told = client.get(f"/api/v1/commitments/?language={language}").json()["results"]
    assert told == by_the_serializer(language)


def test_the_fields_stand_in_the_same_order(client: Client) -> None:
    make_all_sorts()
    told = client.get("/api/v1/commitments/").json()["results"]
    assert json.dumps(told) == json.dumps(by_the_serializer("en"))


def test_an_empty_list_asks_for_no_relations(client: Client) -> None:
    assert client.get("/api/v1/commitments/").json()["results"] == []
