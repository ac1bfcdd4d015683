"""Commitments as the API tells them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from commitments.actions.citations import note_evidence_search
from commitments.actions.dates import move_date
from commitments.actions.publication import publish_commitment
from commitments.actions.status import StatusMove, approve_proposal, change_status, propose_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import (
    CitationRole,
    Comparison,
    Kind,
    PartyKind,
    PartyRole,
    ReasonCode,
    SourceKind,
    Status,
)
from commitments.models import Commitment, Target
from commitments.public_ids import public_id_of
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

API = f"{settings.SITE_URL}/api/v1"
SPRING = {
    "edtf": "2025-21",
    "earliest": "2025-03-01",
    "latest": "2025-05-31",
    "words": "spring 2025",
}
YEAR = {"edtf": "2026", "earliest": "2026-01-01", "latest": "2026-12-31", "words": "2026"}


def get(client: Client, path: str, **headers: str) -> Any:
    answer = client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def brief(key: str, name: str, kind: str) -> dict[str, str]:
    return {"key": key, "url": f"{API}/parties/{key}/", "kind": kind, "name": name}


def make_alley() -> Commitment:
    """A commitment with something in every field of a list."""
    country = make_party("kz", name="Kazakhstan")
    president = make_party("president", kind=PartyKind.PERSON, name="The President", body=country)
    source = make_source(
        title="Talks",
        publisher="The Office",
        url="https://example.org/talks",
        archive_url="https://archive.example.org/talks",
    )
    made = make_commitment(
        title="The Alley of Friendship",
        summary="Trees.",
        note="Of both countries.",
        translations={"ru": {"title": "Аллея дружбы"}},
        kind=Kind.EVENT,
        window="2025-21",
        wording="next spring",
        place="Astana",
        time_zone="Asia/Almaty",
        topics=[make_topic("trees", name="Trees"), make_topic("friendship", name="Friendship")],
        parties=[(president, PartyRole.PROMISED_BY), (country, PartyRole.RESPONSIBLE)],
        source=source,
    )
    make_citation(
        made,
        source=source,
        role=CitationRole.CONFIRMS,
        quote="We shall plant it.",
        locator="paragraph 47",
        said_by=president,
    )
    note_evidence_search(commitment=made, day=date(2026, 11, 1), actor=make_editor(), now=NOW)
    return Commitment.objects.get(pk=made.pk)


def alley_in_a_list(made: Commitment) -> dict[str, Any]:
    source = {
        "id": made.citations.all()[0].source.public_id,
        "url": f"{API}/sources/{made.citations.all()[0].source.public_id}/",
        "title": "Talks",
        "kind": "transcript",
        "date": "2024-11-27",
        "publisher": "The Office",
        "web_url": "https://example.org/talks",
        "archive_url": "https://archive.example.org/talks",
    }
    president = brief("president", "The President", "person")
    return {
        "id": made.public_id,
        "url": f"{API}/commitments/{made.public_id}/",
        "title": "The Alley of Friendship",
        "summary": "Trees.",
        "note": "Of both countries.",
        "language": "en",
        "translations": {"ru": {"title": "Аллея дружбы"}},
        "kind": "event",
        "strength": "promise",
        "window": SPRING,
        "wording": "next spring",
        "status": {"value": "announced", "label": "announced", "effective": None},
        "schedule": "overdue",
        "evidence": {
            "level": "claimed",
            "label": "claimed by a party",
            "checked_on": "2026-11-01",
        },
        "place": "Astana",
        "time_zone": "Asia/Almaty",
        "topics": [
            {"key": key, "url": f"{API}/topics/{key}/", "name": key.title()}
            for key in ("friendship", "trees")
        ],
        "parties": [
            {"role": "promised_by", "party": president},
            {"role": "responsible", "party": brief("kz", "Kazakhstan", "country")},
        ],
        "citations": [
            {"role": "announces", "source": source, "quote": "", "locator": "", "said_by": None},
            {
                "role": "confirms",
                "source": source,
                "quote": "We shall plant it.",
                "locator": "paragraph 47",
                "said_by": president,
            },
        ],
        "revision": made.revision,
        "created_at": "2024-11-27T12:00:00Z",
        "changed_at": "2026-11-24T09:00:00Z",
        "published_at": "2024-11-27T12:00:00Z",
    }


def test_list_shows_everything_but_the_story(client: Client) -> None:
    made = make_alley()
    assert get(client, "commitments/") == {
        "results": [alley_in_a_list(made)],
        "next": None,
        "previous": None,
    }


def test_detail_is_the_same_with_an_empty_story(client: Client) -> None:
    made = make_alley()
    listed = alley_in_a_list(made)
    numbers = made.citations.order_by("pk").values_list("pk", flat=True)
    assert get(client, f"commitments/{made.public_id}/") == listed | {
        "publication": "published",
        "citations": [
            citation | {"id": public_id_of(number)}
            for citation, number in zip(listed["citations"], numbers, strict=True)
        ],
        "date_moves": [],
        "status_changes": [first_status(made)],
        "links": [],
        "milestones": [],
        "counts_from": None,
        "target": None,
    }


def first_status(made: Commitment) -> dict[str, Any]:
    return {
        "effective": None,
        "recorded_at": "2024-11-27T12:00:00Z",
        "reason": "",
        "sources": [],
        "revision": 1,
        "from_status": None,
        "to_status": "announced",
        "reason_code": None,
        "missing": "",
        "explicit_refusal": False,
        "by_two": False,
        "successor": None,
    }


def test_date_moves_are_told_with_both_windows_and_sources(client: Client) -> None:
    made = make_commitment(window="2025-21", wording="next spring")
    citation = make_citation(made, role=CitationRole.MOVES)
    move_date(
        commitment=made,
        window=Window.parse("2026"),
        wording="next year",
        effective=Window.parse("2025-06-01"),
        reason="The trees were late.",
        actor=make_editor(),
        now=NOW,
        citations=[citation],
    )
    (move,) = get(client, f"commitments/{made.public_id}/")["date_moves"]
    made.refresh_from_db()
    assert move == {
        "effective": {
            "edtf": "2025-06-01",
            "earliest": "2025-06-01",
            "latest": "2025-06-01",
            "words": "1 June 2025",
        },
        "recorded_at": "2026-11-24T09:00:00Z",
        "reason": "The trees were late.",
        "sources": [citation.source.public_id],
        "revision": made.revision,
        "kind": "slipped",
        "from_window": SPRING,
        "to_window": YEAR,
        "from_wording": "next spring",
        "to_wording": "next year",
        "slip_days": 579,
    }


def test_status_changes_name_no_people_of_the_desk(client: Client) -> None:
    made = make_commitment(window="2025-21")
    document = make_citation(made)
    proposal = propose_status(
        commitment=made,
        move=StatusMove(
            to_status=Status.PARTLY_DELIVERED,
            effective=Window.parse("2025-06-01"),
            reason="Half of it stands.",
            missing="The other half.",
            citations=(document,),
        ),
        actor=make_editor("secret-editor"),
        now=NOW,
    )
    approve_proposal(proposal=proposal, approver=make_approver("secret-approver"), now=NOW)
    answer = client.get(f"/api/v1/commitments/{made.public_id}/")
    told = answer.json()
    day = {
        "edtf": "2025-06-01",
        "earliest": "2025-06-01",
        "latest": "2025-06-01",
        "words": "1 June 2025",
    }
    assert told["status_changes"][1:] == [
        {
            "effective": day,
            "recorded_at": "2026-11-24T09:00:00Z",
            "reason": "Half of it stands.",
            "sources": [document.source.public_id],
            "revision": told["revision"],
            "from_status": "announced",
            "to_status": "partly_delivered",
            "reason_code": None,
            "missing": "The other half.",
            "explicit_refusal": False,
            "by_two": True,
            "successor": None,
        }
    ]
    assert told["status"] == {
        "value": "partly_delivered",
        "label": "partly delivered",
        "effective": day,
    }
    assert told["schedule"] == "late"
    assert b"secret" not in answer.content


def test_a_reason_code_is_told(client: Client) -> None:
    made = make_commitment()
    change_status(
        commitment=made,
        move=StatusMove(
            to_status=Status.STALLED,
            effective=Window.parse("2026"),
            reason_code=ReasonCode.FUNDING,
            citations=(make_citation(made),),
        ),
        actor=make_editor(),
        now=NOW,
    )
    change = get(client, f"commitments/{made.public_id}/")["status_changes"][1]
    assert (change["reason_code"], change["by_two"]) == ("funding", False)


def test_a_target_has_its_values(client: Client) -> None:
    made = make_commitment(kind=Kind.TARGET)
    target = set_target(
        target=Target(
            commitment=made,
            measure="Mutual trade",
            unit="USD",
            baseline=Decimal(27000000000),
            baseline_period="2023",
            goal=Decimal("30000000000.5"),
            comparison=Comparison.MORE_THAN,
        ),
        actor=None,
        now=NOW,
    )
    source = make_source(kind=SourceKind.DATASET, title="Statistics")
    report_value(
        target=target,
        value=Decimal("28.10"),
        period=Window.parse("2026"),
        source=source,
        actor=make_editor(),
        now=NOW,
        locator="table 3",
    )
    assert get(client, f"commitments/{made.public_id}/")["target"] == {
        "measure": "Mutual trade",
        "unit": "USD",
        "baseline": "27000000000",
        "baseline_period": {
            "edtf": "2023",
            "earliest": "2023-01-01",
            "latest": "2023-12-31",
            "words": "2023",
        },
        "goal": "30000000000.5",
        "comparison": "more_than",
        "values": [
            {
                "value": "28.1",
                "period": YEAR,
                "source": {
                    "id": source.public_id,
                    "url": f"{API}/sources/{source.public_id}/",
                    "title": "Statistics",
                    "kind": "dataset",
                    "date": "2024-11-27",
                    "publisher": "",
                    "web_url": "",
                    "archive_url": "",
                },
                "locator": "table 3",
                "recorded_at": "2026-11-24T09:00:00Z",
            }
        ],
    }


def test_links_go_to_published_commitments_only(client: Client) -> None:
    parent = make_commitment(title="The programme", published=False, kind=Kind.PROGRAMME)
    made = make_commitment(parent=parent)
    assert get(client, f"commitments/{made.public_id}/")["links"] == []
    publish_commitment(commitment=parent, actor=None, now=NOW)
    assert get(client, f"commitments/{made.public_id}/")["links"] == [
        {
            "relation": "parent",
            "id": parent.public_id,
            "url": f"{API}/commitments/{parent.public_id}/",
            "title": "The programme",
        }
    ]


def test_what_replaced_it_is_told_where_it_is_published(client: Client) -> None:
    successor = make_commitment(title="The new one", published=False)
    made = make_commitment()
    change_status(
        commitment=made,
        move=StatusMove(
            to_status=Status.SUPERSEDED,
            effective=Window.parse("2026"),
            successor=successor,
            citations=(make_citation(made),),
        ),
        actor=make_editor(),
        now=NOW,
    )
    before = get(client, f"commitments/{made.public_id}/")
    assert (before["links"], before["status_changes"][1]["successor"]) == ([], None)
    publish_commitment(commitment=successor, actor=None, now=NOW)
    after = get(client, f"commitments/{made.public_id}/")
    assert [link["relation"] for link in after["links"]] == ["successor"]
    assert after["status_changes"][1]["successor"] == successor.public_id


def test_undated_is_said_so(client: Client) -> None:
    make_commitment(window="", wording="in the coming years")
    (row,) = get(client, "commitments/")["results"]
    assert row["window"] == {"edtf": "", "earliest": None, "latest": None, "words": "undated"}
    assert row["schedule"] == "undated"


def test_texts_are_in_the_language_of_the_answer(client: Client) -> None:
    made = make_alley()
    told = get(client, f"commitments/{made.public_id}/?language=ru")
    assert told["title"] == "Аллея дружбы"
    assert told["summary"] == "Trees."
    assert told["window"]["words"] == "весна 2025 года"
    assert told["translations"] == {"ru": {"title": "Аллея дружбы"}}


def test_the_schedule_is_that_of_today_at_its_place(client: Client) -> None:
    # It is 09:00 in UTC: at Kiritimati the 24th is nearly over, at Honolulu it is the 23rd still.
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Honolulu"):
        make_commitment(title=zone, window="2026-11-23", time_zone=zone)
    found = {row["title"]: row["schedule"] for row in get(client, "commitments/")["results"]}
    assert found == {
        "Pacific/Kiritimati": "overdue",
        "UTC": "overdue",
        "Pacific/Honolulu": "due_soon",
    }


def test_the_shared_filter_is_the_filter_of_the_list(client: Client) -> None:
    make_commitment(title="a", kind=Kind.EVENT, window="2026")
    make_commitment(title="b", kind=Kind.TARGET, window="2025")
    make_commitment(title="c", kind=Kind.PROGRAMME)
    found = get(client, "commitments/?kind=event&kind=target&ordering=-latest&language=en&q=")
    assert [row["title"] for row in found["results"]] == ["a", "b"]
