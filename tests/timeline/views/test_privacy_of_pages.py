"""Nothing of an unpublished commitment is on any public page, in any language."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.actions.publication import retract_commitment, submit_for_review
from commitments.enums import PartyRole
from commitments.models import Commitment
from tests.builders import (
    NOW,
    make_approver,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

SECRETS = (
    "Zephyr title",
    "Zephyr summary",
    "Zephyr note",
    "Zephyr wording",
    "Zephyr place",
    "Zephyr party",
    "Zephyr topic",
    "Zephyr source",
    "zephyr",
)


def make_secret(publication: str) -> Commitment:
    commitment = make_commitment(
        title="Zephyr title",
        summary="Zephyr summary",
        note="Zephyr note",
        wording="Zephyr wording",
        place="Zephyr place",
        window="2025",
        parties=[(make_party("zephyr-party", name="Zephyr party"), PartyRole.PROMISED_BY)],
        topics=[make_topic("zephyr-topic", name="Zephyr topic")],
        source=make_source(title="Zephyr source"),
        published=publication == "retracted",
    )
    if publication == "in_review":
        submit_for_review(commitment=commitment, actor=make_editor(), now=NOW)
    if publication == "retracted":
        retract_commitment(
            commitment=commitment, reason="Zephyr reason", actor=make_approver(), now=NOW
        )
    return commitment


@pytest.mark.parametrize("publication", ["draft", "in_review", "retracted"])
@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_no_page_tells_of_what_is_not_published(
    client: Client, prefix: str, publication: str
) -> None:
    secret = make_secret(publication)
    shown = make_commitment(title="Shown", parent=secret)
    addresses = [
        "/",
        "/?q=e",
        "/?schedule=overdue",
        "/?status=announced",
        f"/c/{shown.public_id}/",
        f"/c/{secret.public_id}/",
        f"/c/{secret.public_id}/?as_of=2026-11-24",
        f"/c/{secret.public_id}/embed/",
        f"/c/{shown.public_id}/?as_of=2026-11-24",
        f"/c/{shown.public_id}/embed/",
        "/?as_of=2026-11-24",
        "/?as_of=2026-11-24&as_of_time=effective",
        "/parties/",
        "/topics/",
        "/sources/",
        "/changes/",
        "/corrections/",
        f"/corrections/?as_of={NOW.date()}",
    ]
    for address in addresses:
        body = client.get(f"{prefix}{address}").content.decode()
        found = [word for word in (*SECRETS, "Zephyr reason") if word.lower() in body.lower()]
        assert found == [], address


@pytest.mark.parametrize("publication", ["draft", "in_review", "retracted"])
def test_what_only_an_unpublished_one_names_has_no_page(client: Client, publication: str) -> None:
    secret = make_secret(publication)
    source = secret.citations.get().source
    for address in (
        "/parties/zephyr-party/",
        "/topics/zephyr-topic/",
        f"/sources/{source.public_id}/",
        f"/c/{secret.public_id}/badge.svg",
        f"/c/{secret.public_id}/card.png",
    ):
        response = client.get(address)
        assert response.status_code == 404, address
        for word in ("Zephyr title", "Zephyr party", "Zephyr topic", "Zephyr source"):
            assert word not in response.content.decode()


@pytest.mark.parametrize("publication", ["draft", "in_review", "retracted"])
def test_unpublished_ones_are_not_counted(client: Client, publication: str) -> None:
    make_secret(publication)
    body = client.get("/").content.decode()
    assert "0 public commitments" in body
    assert 'name="topic"' not in body
    assert 'name="party"' not in body
