"""Parties, topics and sources at the desk; and the log, which nobody writes."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from commitments.enums import ChangeKind
from commitments.models import Party, Revision, Source, Topic, User
from tests.builders import make_citation, make_commitment, make_party, make_source
from tests.commitments.admin.pages import as_read, errors_in

pytestmark = pytest.mark.django_db


def party_fields(**changes: str) -> dict[str, str]:
    """What a browser sends for a new party."""
    fields = {"kind": "country", "name": "Kazakhstan", "key": "kz", "office": "", "body": ""}
    return {**fields, "country_code": "KZ", **changes}


def source_fields(**changes: str) -> dict[str, str]:
    """What a browser sends for a new source."""
    fields = {"title": "Talks", "kind": "transcript", "date": "2024-11-27", "language": "en"}
    empty = dict.fromkeys(("publisher", "place", "url", "archive_url", "text"), "")
    return {**fields, **empty, **changes}


def test_party_is_recorded_and_corrected_in_the_log(desk: Client, editor: User) -> None:
    desk.post(
        reverse("admin:commitments_party_add"), party_fields(translations_ru_name="Казахстан")
    )
    party = Party.objects.get()
    assert (party.key, party.translations) == ("kz", {"ru": {"name": "Казахстан"}})
    change = reverse("admin:commitments_party_change", args=[party.pk])
    sent = party_fields(name="Republic of Kazakhstan", key="other")
    desk.post(change, {**sent, **as_read(party)})
    party.refresh_from_db()
    assert (party.key, party.name) == ("kz", "Republic of Kazakhstan")
    rows = Revision.objects.filter(record_id="kz").order_by("number")
    assert [(row.kind, row.actor) for row in rows] == [
        (ChangeKind.CREATED, editor),
        (ChangeKind.CORRECTED, editor),
    ]


def test_circle_of_bodies_is_said_beside_the_body(desk: Client) -> None:
    whole = make_party("whole")
    part = make_party("part", body=whole)
    change = reverse("admin:commitments_party_change", args=[whole.pk])
    response = desk.post(change, {**party_fields(key="whole", body=str(part.pk)), **as_read(whole)})
    assert list(errors_in(response)) == ["body"]
    whole.refresh_from_db()
    assert whole.body is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"country_code": "kz"}, "country_code"), ({"kind": ""}, "kind"), ({"key": ""}, "key")],
)
def test_wrong_party_is_said_beside_its_field(
    desk: Client, changes: dict[str, str], field: str
) -> None:
    response = desk.post(reverse("admin:commitments_party_add"), party_fields(**changes))
    assert list(errors_in(response)) == [field]
    assert not Party.objects.exists()


def test_topic_is_recorded(desk: Client) -> None:
    sent = {"name": "Space", "key": "space", "translations_kk_name": "Ғарыш"}
    desk.post(reverse("admin:commitments_topic_add"), sent)
    assert Topic.objects.get().translations == {"kk": {"name": "Ғарыш"}}


def test_source_is_recorded_with_the_hash_of_its_text(desk: Client) -> None:
    sent = source_fields(text="One.\r\nTwo.", url="https://example.org/talks")
    desk.post(reverse("admin:commitments_source_add"), sent)
    source = Source.objects.get()
    digest = hashlib.sha256(b"One.\nTwo.").hexdigest()
    assert (source.text, source.text_sha256) == ("One.\nTwo.", digest)
    page = desk.get(reverse("admin:commitments_source_change", args=[source.pk]))
    assert digest in page.content.decode()


def test_text_that_loses_a_quote_is_refused_beside_it(desk: Client) -> None:
    source = make_source(title="Talks", text="We open it in spring.")
    make_citation(make_commitment(), source, quote="in spring")
    change = reverse("admin:commitments_source_change", args=[source.pk])
    response = desk.post(change, {**source_fields(text="We open it."), **as_read(source)})
    assert list(errors_in(response)) == ["text"]
    source.refresh_from_db()
    assert source.text == "We open it in spring."


def test_address_of_a_source_must_be_one(desk: Client) -> None:
    sent = source_fields(url="javascript:alert(1)")
    response = desk.post(reverse("admin:commitments_source_add"), sent)
    assert list(errors_in(response)) == ["url"]


def test_log_is_read_and_never_written(administrators_desk: Client) -> None:
    make_commitment(title="A bridge")
    row = Revision.objects.filter(kind=ChangeKind.PUBLISHED).get()
    page = administrators_desk.get(reverse("admin:commitments_revision_change", args=[row.number]))
    assert [(one.label, one.old, one.new) for one in page.context["changes"]] == [
        ("Publication", "draft", "published")
    ]
    assert row.digest in page.content.decode()
    for name in ("add", "change", "delete"):
        arguments = [] if name == "add" else [row.number]
        address = reverse(f"admin:commitments_revision_{name}", args=arguments)
        assert administrators_desk.post(address, {"reason": "x"}).status_code == 403


def test_whole_history_of_a_commitment_is_one_click_away(desk: Client) -> None:
    commitment = make_commitment()
    make_commitment()
    page = desk.get(reverse("admin:commitments_commitment_change", args=[commitment.pk]))
    listed = desk.get(page.context["whole_history"]).context["cl"].result_list
    assert {row.commitment for row in listed} == {commitment}
    assert len(listed) == commitment.revisions.count()
