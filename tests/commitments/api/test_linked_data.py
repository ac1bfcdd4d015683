"""JSON-LD: what schema.org knows of a commitment, and only what is known of it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from commitments.actions.dates import move_date
from commitments.enums import CitationRole, Kind, PartyKind, PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
    make_source,
)

pytestmark = pytest.mark.django_db

# https://schema.org: which properties each type has, of its own and of the types above it, and
# what may stand there; of those that are used. A thing may be given by its @id alone.
THING: dict[str, Any] = {"name": str, "url": str, "identifier": str, "description": str}
WORK: dict[str, Any] = {**THING, "abstract": str, "author": list, "about": list, "text": str}
WORK |= {"archivedAt": str}
WORK |= {"datePublished": "when", "dateModified": "when", "temporalCoverage": str}
WORK |= {"publisher": ("Organization",)}
AGENTS = ("Organization", "GovernmentOrganization", "Person")
TYPES: dict[str, dict[str, Any]] = {
    "Claim": {**WORK, "author": AGENTS, "about": str, "appearance": ("CreativeWork",)},
    "CreativeWork": WORK,
    "ClaimReview": {
        **WORK,
        "author": AGENTS,
        "claimReviewed": str,
        "itemReviewed": ("Claim",),
        "reviewRating": ("Rating",),
    },
    "Rating": {"alternateName": str, "ratingValue": int, "bestRating": int, "worstRating": int},
    "Event": {
        **THING,
        "startDate": "when",
        "previousStartDate": "when",
        "eventStatus": str,
        "location": ("Place",),
        "organizer": AGENTS,
    },
    "Organization": THING,
    "GovernmentOrganization": THING,
    "Person": THING,
    "Place": THING,
}


def validate(thing: dict[str, Any], among: tuple[str, ...]) -> None:
    """Fail where `thing` is not what schema.org says of its type."""
    if set(thing) == {"@id"}:
        return
    assert thing["@type"] in among
    properties = TYPES[thing["@type"]]
    for name, value in thing.items():
        if name.startswith("@"):
            assert name in {"@type", "@id"}
            continue
        for one in value if isinstance(value, list) else [value]:
            _validate_value(one, properties[name])


def _validate_value(value: Any, expected: Any) -> None:
    if isinstance(expected, tuple):
        validate(value, expected)
    elif expected == "when":
        assert is_date(value)
    else:
        assert isinstance(value, expected)


def is_date(text: str) -> bool:
    """Date or DateTime of schema.org: ISO 8601, of which reduced precision is a part."""
    padded = text + "0001-01-01"[len(text) :] if len(text) < len("2026-01-01") else text
    return bool(date.fromisoformat(padded) if len(padded) == 10 else datetime.fromisoformat(padded))


def graph(client: Client, made: Commitment, query: str = "") -> dict[str, dict[str, Any]]:
    """The things of a commitment by their types, each valid."""
    path = f"/api/v1/commitments/{made.public_id}/?format=jsonld{query}"
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    body = json.loads(answer.content)
    assert (set(body), body["@context"]) == ({"@context", "@graph"}, "https://schema.org")
    for thing in body["@graph"]:
        validate(thing, ("Claim", "ClaimReview", "Event"))
    return {thing["@type"]: thing for thing in body["@graph"]}


def test_every_commitment_is_a_claim(client: Client) -> None:
    speaker = make_party("minister", kind=PartyKind.PERSON, name="A Minister")
    made = make_commitment(
        title="Alley",
        summary="Trees.",
        window="2025-21",
        parties=[(make_party("kz"), PartyRole.PROMISED_BY), (speaker, PartyRole.PROMISED_BY)],
        source=make_source(title="Talks", publisher="Press", url="https://example.org/a"),
    )
    things = graph(client, made)
    assert set(things) == {"Claim"}
    address = f"http://localhost:8000/api/v1/commitments/{made.public_id}/"
    claim = things["Claim"]
    assert (claim["@id"], claim["url"]) == (f"{address}#claim", address)
    assert (claim["name"], claim["abstract"]) == ("Alley", "Trees.")
    assert claim["temporalCoverage"] == "2025-03-01/2025-05-31"
    assert sorted((one["@type"], one["name"]) for one in claim["author"]) == [
        ("GovernmentOrganization", "Kz"),
        ("Person", "A Minister"),
    ]
    [work] = claim["appearance"]
    assert (work["name"], work["datePublished"], work["url"]) == (
        "Talks",
        "2024-11-27",
        "https://example.org/a",
    )


@pytest.mark.parametrize(
    ("window", "covered"),
    [("", None), ("2026/..", "2026-01-01/.."), ("../2026", "../2026-12-31")],
)
def test_what_is_open_or_undated_is_not_closed_by_us(
    client: Client, window: str, covered: str | None
) -> None:
    claim = graph(client, make_commitment(window=window))["Claim"]
    assert claim.get("temporalCoverage") == covered


@pytest.mark.parametrize(
    ("status", "value", "word"),
    [
        (Status.DELIVERED, 3, "delivered"),
        (Status.PARTLY_DELIVERED, 2, "partly delivered"),
        (Status.NOT_DELIVERED, 1, "not delivered"),
        (Status.WITHDRAWN, None, "withdrawn"),
        (Status.SUPERSEDED, None, "superseded"),
        (Status.UNVERIFIABLE, None, "unverifiable"),
    ],
)
def test_a_verdict_is_a_review(
    client: Client, status: Status, value: int | None, word: str
) -> None:
    review = graph(client, make_commitment_in(status))["ClaimReview"]
    assert review["reviewRating"].get("ratingValue") == value
    assert review["reviewRating"]["alternateName"] == word
    assert review["datePublished"] == "2026-11-24T09:00:00Z"
    assert review["itemReviewed"]["@id"] == review["url"] + "#claim"


@pytest.mark.parametrize("status", [Status.ANNOUNCED, Status.IN_PROGRESS, Status.STALLED])
def test_without_a_verdict_there_is_no_review(client: Client, status: Status) -> None:
    assert "ClaimReview" not in graph(client, make_commitment_in(status))


@pytest.mark.parametrize("window", ["2026-05-17", "2026-05", "2026"])
def test_an_event_is_as_vague_as_it_was_said(client: Client, window: str) -> None:
    made = make_commitment(kind=Kind.EVENT, window=window, place="Astana")
    event = graph(client, made)["Event"]
    assert (event["startDate"], "previousStartDate" in event) == (window, False)
    assert event["location"] == {"@type": "Place", "name": "Astana"}
    assert event["eventStatus"] == "https://schema.org/EventScheduled"


@pytest.mark.parametrize("window", ["", "2026-21", "2026-05/2026-08", "2026~", "2026/.."])
def test_no_date_is_made_up_for_an_event(client: Client, window: str) -> None:
    assert set(graph(client, make_commitment(kind=Kind.EVENT, window=window))) == {"Claim"}


def test_a_milestone_is_no_event(client: Client) -> None:
    assert set(graph(client, make_commitment(kind=Kind.MILESTONE))) == {"Claim"}


def test_an_event_that_moved_says_from_where(client: Client) -> None:
    made = make_commitment(kind=Kind.EVENT, window="2026")
    citation = make_citation(made, role=CitationRole.MOVES)
    move_date(
        commitment=made,
        window=Window.parse("2027"),
        actor=make_editor(),
        now=NOW,
        citations=[citation],
    )
    event = graph(client, made)["Event"]
    assert (event["startDate"], event["previousStartDate"]) == ("2027", "2026")
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"


def test_an_event_that_was_withdrawn_is_cancelled(client: Client) -> None:
    event = graph(client, make_commitment_in(Status.WITHDRAWN, kind=Kind.EVENT))["Event"]
    assert event["eventStatus"] == "https://schema.org/EventCancelled"


def test_the_header_accept_asks_for_it_too(client: Client) -> None:
    made = make_commitment()
    path = f"/api/v1/commitments/{made.public_id}/"
    answer = client.get(path, headers={"Accept": "application/ld+json"})
    assert answer["Content-Type"] == "application/ld+json"
    again = client.get(
        path, headers={"Accept": "application/ld+json", "If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


def test_it_has_a_form_of_its_own(client: Client) -> None:
    made = make_commitment()
    answer = client.get(f"/api/v1/commitments/{made.public_id}/?format=jsonld&fields=id")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")


def test_a_draft_is_not_there(client: Client) -> None:
    made = make_commitment(published=False)
    assert client.get(f"/api/v1/commitments/{made.public_id}/?format=jsonld").status_code == 404
