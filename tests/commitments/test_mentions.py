"""What a set of commitments names: the rule of what is public."""

from __future__ import annotations

from decimal import Decimal

import pytest

from commitments.actions.targets import report_value, set_target
from commitments.enums import PartyKind, PartyRole
from commitments.mentions import parties_named_by, sources_named_by, topics_named_by
from commitments.models import Commitment, Target
from commitments.window import Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


def public_parties() -> list[str]:
    found = parties_named_by(Commitment.objects.published()).order_by("key")
    return list(found.values_list("key", flat=True))


def test_a_party_that_takes_part_or_speaks_is_named() -> None:
    made = make_commitment(parties=[(make_party("kz"), PartyRole.COUNTERPART)])
    make_citation(made, said_by=make_party("speaker"))
    make_party("nobody")
    assert public_parties() == ["kz", "speaker"]


def test_what_a_named_party_belongs_to_is_named_two_steps_up() -> None:
    world = make_party("world")
    country = make_party("country", body=world)
    ministry = make_party("ministry", kind=PartyKind.ORGANISATION, body=country)
    minister = make_party("minister", kind=PartyKind.PERSON, body=ministry)
    make_commitment(parties=[(minister, PartyRole.PROMISED_BY)])
    assert public_parties() == ["country", "minister", "ministry"]


def test_members_of_a_named_party_are_not_named() -> None:
    country = make_party("country")
    make_party("minister", kind=PartyKind.PERSON, body=country)
    make_commitment(parties=[(country, PartyRole.PROMISED_BY)])
    assert public_parties() == ["country"]


def test_topics_are_those_of_the_commitments() -> None:
    make_commitment(topics=[make_topic("space")])
    make_commitment(topics=[make_topic("secret")], published=False)
    make_topic("unused")
    found = topics_named_by(Commitment.objects.published())
    assert [topic.key for topic in found] == ["space"]


def test_sources_are_cited_or_have_reported_a_value() -> None:
    cited, reporting, secret = make_source(), make_source(), make_source()
    make_source()
    made = make_commitment(source=cited)
    make_commitment(source=secret, published=False)
    target = set_target(
        target=Target(commitment=made, measure="trade", unit="USD", goal=Decimal(30)),
        actor=None,
        now=NOW,
    )
    report_value(
        target=target,
        value=Decimal(28),
        period=Window.parse("2025"),
        source=reporting,
        actor=make_editor(),
        now=NOW,
    )
    found = sources_named_by(Commitment.objects.published())
    assert {source.pk for source in found} == {cited.pk, reporting.pk}


def test_what_is_named_often_is_found_once() -> None:
    kz, source, topic = make_party("kz"), make_source(), make_topic("space")
    for _again in range(3):
        made = make_commitment(
            parties=[(kz, role) for role in PartyRole], source=source, topics=[topic]
        )
        make_citation(made, source=source, said_by=kz)
    published = Commitment.objects.published()
    assert parties_named_by(published).count() == 1
    assert sources_named_by(published).count() == 1
    assert topics_named_by(published).count() == 1
