"""Parties and topics: their keys stay, their chains end."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from commitments.actions.parties import save_party, save_topic
from commitments.enums import PartyKind
from commitments.exceptions import CircleError, InvalidInput, NotAllowed
from commitments.models import Party, Revision, Topic, User
from tests.builders import NOW, make_party, make_topic
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def save(party: Party) -> Party:
    return save_party(party=party, actor=None, now=NOW)


@pytest.mark.parametrize("length", [1, 2, 3, 10])
def test_no_party_contains_itself(length: int) -> None:
    chain = [make_party() for _number in range(length)]
    for lower, upper in itertools.pairwise(chain):
        lower.body = upper
        save(lower)
    chain[-1].body = chain[0]
    before = whole_record()
    with pytest.raises(CircleError) as caught:
        save(chain[-1])
    assert (caught.value.specific_code, caught.value.field) == ("circle", "body")
    assert caught.value.message == (
        f"{chain[-1].name} would be part of itself; choose another body."
    )
    assert changed_tables(before) == set()


def test_a_circle_shows_behind_an_object_that_is_older_than_the_link() -> None:
    first, second = make_party(), make_party()
    stale = Party.objects.select_related("body").get(pk=second.pk)
    second.body = first
    save(second)
    first.body = stale
    with pytest.raises(CircleError):
        save(first)


def test_a_correction_is_logged_and_the_key_stays() -> None:
    party, topic = make_party("kz"), make_topic("space")
    party.name, party.translations = "Қазақстан", {"en": {"name": "Kazakhstan"}}
    save(party)
    row = Revision.objects.latest("number")
    assert (row.record_type, row.record_id, row.kind) == ("party", "kz", "corrected")
    assert row.changes == {
        "name": ["Kz", "Қазақстан"],
        "translations": [{}, {"en": {"name": "Kazakhstan"}}],
    }
    party.key, topic.key = "kaz", "cosmos"
    for act in (
        lambda: save(party),
        lambda: save_topic(topic=topic, actor=None, now=NOW),
    ):
        with pytest.raises(InvalidInput) as caught:
            act()
        assert caught.value.field == "key"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "no spaces"),
        ("key", "\ud83d"),
        ("key", ""),
        ("name", "\u2066x"),
        ("name", "x" * 201),
        ("office", "a\nb"),
        ("kind", "god"),
        ("country_code", "kz"),
        ("country_code", "KZ\n"),
        ("country_code", "KAZ"),
        ("translations", {"ru": {"title": 1}}),
        ("translations", []),
    ],
)
def test_what_the_record_cannot_hold_is_refused_with_its_field(field: str, value: Any) -> None:
    fields = {"key": "kz", "kind": PartyKind.COUNTRY, "name": "Kazakhstan", field: value}
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        save(Party(**fields))
    assert caught.value.field == field
    assert changed_tables(before) == set()


def test_a_key_is_taken_once() -> None:
    make_party("kz")
    make_topic("space")
    with pytest.raises(InvalidInput) as caught:
        save(Party(key="kz", kind=PartyKind.COUNTRY, name="Another"))
    assert caught.value.field == "key"
    with pytest.raises(InvalidInput) as caught:
        save_topic(topic=Topic(key="space", name="Another"), actor=None, now=NOW)
    assert caught.value.field == "key"


def test_only_who_may_write_them_does(nobody: User, editor: User) -> None:
    party, topic = make_party(), make_topic()
    party.name = topic.name = "Another"
    before = whole_record()
    for act in (
        lambda: save_party(party=party, actor=nobody, now=NOW),
        lambda: save_topic(topic=topic, actor=nobody, now=NOW),
        lambda: save_topic(topic=Topic(key="new", name="New"), actor=nobody, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert changed_tables(before) == set()
    assert save_party(party=party, actor=editor, now=NOW).name == "Another"
    assert save_topic(topic=topic, actor=editor, now=NOW).name == "Another"
