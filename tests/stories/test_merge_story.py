"""Two records turn out to be one: the address of each goes on to work."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.actions.links import merge_commitments
from commitments.models import Commitment
from tests.builders import NOW, make_approver, make_commitment

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> tuple[Commitment, Commitment, Commitment]:
    """The first was merged into the second, and later the second into the third."""
    first, second, third = (make_commitment() for _number in range(3))
    approver = make_approver()
    for duplicate, kept in ((first, second), (second, third)):
        merge_commitments(duplicate=duplicate, kept=kept, actor=approver, now=NOW, reason="Same")
    return first, second, third


@pytest.mark.parametrize("language", ["", "/ru", "/kk"])
def test_old_pages_lead_to_the_one_that_was_kept(
    client: Client, chain: tuple[Commitment, Commitment, Commitment], language: str
) -> None:
    first, second, third = chain
    for old in (first, second):
        response = client.get(f"{language}/c/{old.public_id}/")
        assert response.status_code == 301
        assert response["Location"] == f"{language}/c/{third.public_id}/"
    assert client.get(f"{language}/c/{third.public_id}/").status_code == 200


def test_old_answers_of_the_api_lead_there_too(
    client: Client, chain: tuple[Commitment, Commitment, Commitment]
) -> None:
    first, _second, third = chain
    response = client.get(f"/api/v1/commitments/{first.public_id}/?language=ru")
    assert response.status_code == 301
    assert response["Location"].endswith(f"/api/v1/commitments/{third.public_id}/?language=ru")
    rows = client.get("/api/v1/commitments/").json()["results"]
    assert [row["id"] for row in rows] == [third.public_id]


def test_calendars_are_told_to_drop_the_doubles(
    client: Client, chain: tuple[Commitment, Commitment, Commitment]
) -> None:
    first, _second, _third = chain
    body = client.get("/feeds/commitments.ics").content.decode()
    event = next(part for part in body.split("BEGIN:VEVENT") if first.public_id in part)
    assert "STATUS:CANCELLED" in event
    assert first.title not in body


def test_nothing_leads_to_what_is_not_public(client: Client) -> None:
    duplicate, kept = make_commitment(), make_commitment(published=False)
    merge_commitments(duplicate=duplicate, kept=kept, actor=make_approver(), now=NOW, reason="Same")
    assert client.get(f"/c/{duplicate.public_id}/").status_code == 404
    assert client.get(f"/api/v1/commitments/{duplicate.public_id}/").status_code == 404
