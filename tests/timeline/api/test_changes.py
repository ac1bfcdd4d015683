"""What a program hears of the record: every change in order, what is gone, and no secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import changes
from commitments.actions.citations import remove_citation
from commitments.actions.commitments import correct_commitment
from commitments.actions.links import merge_commitments
from commitments.actions.parties import save_party
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.enums import PartyRole
from commitments.models import Commitment, RecordHead
from tests.builders import (
    NOW,
    make_admin,
    make_citation,
    make_commitment,
    make_party,
    make_source,
    make_topic,
)
from tests.timeline.api.conftest import Ask

pytestmark = pytest.mark.django_db


def head() -> int:
    found = RecordHead.objects.first()
    return found.number if found else 0


def retract(commitment: Commitment) -> None:
    retract_commitment(commitment=commitment, actor=make_admin(), now=NOW, reason="It was wrong.")


def correct(commitment: Commitment, **fields: Any) -> None:
    correct_commitment(commitment=commitment, fields=fields, actor=make_admin(), now=NOW)


def test_an_empty_record_has_no_changes(ask: Ask) -> None:
    assert ask() == {"results": [], "next": 0, "head": 0}


def test_changes_come_in_order_with_what_to_fetch(ask: Ask) -> None:
    made = make_commitment(title="A forum")
    found = ask()
    assert (found["next"], found["head"]) == (head(), head())
    numbers = [one["number"] for one in found["results"]]
    assert numbers == sorted(set(numbers))
    assert found["results"][-1] == {
        "number": head(),
        "record": "commitment",
        "id": made.public_id,
        "gone": False,
        "kind": "published",
        "revision": made.revision,
        "recorded_at": "2024-11-27T12:00:00Z",
        "url": f"{settings.SITE_URL}/api/v1/commitments/{made.public_id}/",
    }


def test_parties_topics_and_sources_that_are_named_come_too(ask: Ask, client: Client) -> None:
    party, topic, source = make_party("kz"), make_topic("space"), make_source()
    make_commitment(parties=[(party, PartyRole.PROMISED_BY)], topics=[topic], source=source)
    others = [one for one in ask()["results"] if one["record"] != "commitment"]
    assert {(one["record"], one["id"]) for one in others} == {
        ("party", "kz"),
        ("topic", "space"),
        ("source", source.public_id),
    }
    for one in others:
        path = one["url"].removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200
    start = head()
    party.name = "Kazakhstan"
    save_party(party=party, actor=None, now=NOW)
    assert [(one["record"], one["id"]) for one in ask(f"since={start}")["results"]] == [
        ("party", "kz")
    ]


def test_pages_leave_nothing_out_and_repeat_nothing(ask: Ask) -> None:
    for _number in range(3):
        make_commitment()
    whole = [one["number"] for one in ask()["results"]]
    parts: list[int] = []
    since = 0
    while True:
        page = ask(f"since={since}&limit=2")
        parts += [one["number"] for one in page["results"]]
        since = page["next"]
        if since == page["head"]:
            break
    assert parts == whole
    assert ask(f"since={since}")["results"] == []


def test_the_link_leads_to_the_next_page_with_the_same_filter(client: Client) -> None:
    made = make_commitment()
    answer = client.get(f"/api/v1/changes/?limit=1&kind=milestone&id={made.public_id}")
    link = answer["Link"].partition(">")[0].removeprefix(f"<{settings.SITE_URL}")
    found = client.get(link).json()
    assert found["next"] > answer.json()["next"] > 0


def test_what_happened_before_it_was_published_stays_unseen(ask: Ask) -> None:
    draft = make_commitment(published=False)
    correct(draft, title="Another title")
    assert ask()["results"] == []
    publish_commitment(commitment=draft, actor=None, now=NOW)
    seen = [(one["record"], one.get("kind")) for one in ask()["results"]]
    assert [kind for record, kind in seen if record == "commitment"] == ["published"]


def test_a_draft_that_was_thrown_away_was_never_there(ask: Ask) -> None:
    retract(make_commitment(published=False))
    assert ask() == {"results": [], "next": head(), "head": head()}


def test_what_was_taken_back_is_a_number_and_an_id(ask: Ask) -> None:
    made = make_commitment(title="Secret word")
    start = head()
    retract(made)
    gone = {"number": head(), "record": "commitment", "id": made.public_id, "gone": True}
    assert ask(f"since={start}")["results"] == [gone]
    assert ask()["results"] == [gone], "nothing else of it is told any more"


def test_work_on_what_was_taken_back_is_not_told(ask: Ask) -> None:
    made = make_commitment()
    retract(made)
    start = head()
    correct(Commitment.objects.get(pk=made.pk), title="Still wrong")
    assert ask(f"since={start}")["results"] == []
    publish_commitment(commitment=made, actor=None, now=NOW)
    assert [one["kind"] for one in ask(f"since={start}")["results"]] == ["published"]


def test_a_merged_one_is_gone_and_says_where_it_goes_on(ask: Ask) -> None:
    first, second, kept = make_commitment(), make_commitment(), make_commitment()
    start = head()
    for duplicate, target in ((first, second), (second, kept)):
        merge_commitments(
            duplicate=duplicate, kept=target, actor=make_admin(), now=NOW, reason="The same."
        )
    gone = {one["id"]: one for one in ask(f"since={start}")["results"] if one["gone"]}
    assert set(gone) == {first.public_id, second.public_id}
    assert {one["merged_into"] for one in gone.values()} == {kept.public_id}
    retract(kept)
    assert [one for one in ask()["results"] if "merged_into" in one] == []


def test_what_leaves_a_filter_is_gone_for_its_subscriber_only(ask: Ask) -> None:
    made, other = make_commitment(kind="event"), make_commitment(kind="target")
    start = head()
    correct(made, kind="milestone")
    gone = {"number": head(), "record": "commitment", "id": made.public_id, "gone": True}
    assert ask(f"since={start}&kind=event")["results"] == [gone]
    assert [one["gone"] for one in ask(f"since={start}&kind=milestone")["results"]] == [False]
    assert [one["gone"] for one in ask(f"since={start}")["results"]] == [False]
    assert ask(f"since={start}&kind=target")["results"] == []
    assert {
        one["id"] for one in ask("kind=target")["results"] if one["record"] == "commitment"
    } == {other.public_id}


def test_what_leaves_by_its_party_is_gone_though_nobody_names_the_party_now(ask: Ask) -> None:
    kz, uz = make_party("kz"), make_party("uz")
    made = make_commitment(parties=[(kz, PartyRole.PROMISED_BY)])
    start = head()
    correct_commitment(
        commitment=made,
        fields={},
        parties=[(uz, PartyRole.PROMISED_BY)],
        actor=make_admin(),
        now=NOW,
    )
    told = ask(f"since={start}&party=kz")["results"]
    assert [(one["id"], one["gone"]) for one in told] == [(made.public_id, True)]
    also = ask(f"since={start}&party=kz&party=uz")["results"]
    assert (made.public_id, False) in [(one["id"], one["gone"]) for one in also]


def test_what_leaves_by_its_source_is_gone(ask: Ask) -> None:
    made = make_commitment()
    citation = make_citation(made)
    start = head()
    query = f"since={start}&source={citation.source.public_id}"
    remove_citation(citation=citation, actor=make_admin(), now=NOW)
    assert [(one["id"], one["gone"]) for one in ask(query)["results"]] == [(made.public_id, True)]


def test_the_last_one_of_a_party_is_seen_leaving(ask: Ask) -> None:
    kz = make_party("kz")
    made = make_commitment(parties=[(kz, PartyRole.PROMISED_BY)])
    start = head()
    retract(made)
    told = ask(f"since={start}&party=kz")["results"]
    assert [(one["id"], one["gone"]) for one in told] == [(made.public_id, True)]


@pytest.mark.parametrize("party", ["hidden", "nobody"])
def test_a_party_of_drafts_answers_like_none_at_all(ask: Ask, party: str) -> None:
    make_commitment()
    make_commitment(parties=[(make_party("hidden"), PartyRole.PROMISED_BY)], published=False)
    retract(make_commitment())
    assert ask(f"party={party}", status=400)["code"] == "invalid_parameter"
    going_on = ask(f"since=1&party={party}")
    assert [one["gone"] for one in going_on["results"]] == [True]


@pytest.mark.parametrize("query", ["q=secret", "q=other", "kind=event", "kind=target", "place=x"])
def test_no_search_tells_what_stood_in_a_text_that_was_taken_back(ask: Ask, query: str) -> None:
    retract(make_commitment(title="The secret word", kind="event"))
    assert [one["gone"] for one in ask(f"since=1&{query}")["results"]] == [True]


def test_no_answer_has_a_word_of_what_is_not_public(client: Client) -> None:
    retract(make_commitment(title="Hushed-up", summary="Hushed-up", place="Hushed-up"))
    hidden = make_party("hushed-up", name="Hushed-up")
    make_commitment(
        title="Hushed-up",
        published=False,
        parties=[(hidden, PartyRole.PROMISED_BY)],
        topics=[make_topic("hushed-up")],
        source=make_source(title="Hushed-up"),
    )
    answer = client.get("/api/v1/changes/")
    assert b"ushed-up" not in answer.content
    assert len(answer.json()["results"]) == 1


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("since=x", "since", "invalid_number"),
        ("since=-1", "since", "invalid_number"),
        ("since=1000000000000000", "since", "invalid_number"),
        ("since=7", "since", "ahead_of_the_record"),
        ("limit=0", "limit", "invalid_number"),
        ("limit=101", "limit", "invalid_number"),
        ("wait=31", "wait", "invalid_number"),
        ("wait=1&wait=2", "wait", "unreadable_parameter"),
        ("colour=red", "colour", "unknown_parameter"),
        ("kind=x", "kind", "invalid_parameter"),
        ("schedule=overdue", "schedule", "not_for_changes"),
    ],
)
def test_what_cannot_be_answered_is_an_error_that_names_it(
    ask: Ask, query: str, field: str, code: str
) -> None:
    problem = ask(query, status=400)
    assert problem["errors"][0]["parameter"] == field
    assert problem["code"] == code


def test_a_party_that_is_gone_hides_no_other_error(ask: Ask) -> None:
    make_commitment()
    assert ask("since=1&party=nobody&kind=x", status=400)["errors"][0]["parameter"] == "kind"
    assert ask("since=1&party=&kind=milestone")["results"] != []
    assert ask("since=1&party=%00", status=400)["errors"][0]["parameter"] == "party"


def test_unchanged_is_304_until_something_changes(client: Client) -> None:
    made = make_commitment()
    path = f"/api/v1/changes/?since={head()}"
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    retract(made)
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def _mixed() -> None:
    """A changed, a gone, a merged and one that has left the filter, with their relations."""
    kept = make_commitment()
    retract(make_commitment())
    correct(make_commitment(kind="event", topics=[make_topic()]), kind="target")
    merge_commitments(
        duplicate=make_commitment(), kept=kept, actor=make_admin(), now=NOW, reason="The same."
    )


@pytest.mark.parametrize("query", ["", "kind=event"])
def test_the_queries_do_not_grow_with_the_changes(client: Client, query: str) -> None:
    counts = []
    for more in (1, 2):
        for _number in range(more):
            _mixed()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/api/v1/changes/?{query}")
        assert len(answer.json()["results"]) >= 3
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_a_rare_one_is_found_in_several_short_answers(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(changes, "MOST_READS", 2)
    for _number in range(3):
        make_commitment(kind="target")
    rare = make_commitment(kind="event")
    since, answers, found = 0, 0, set()
    while True:
        page = ask(f"since={since}&kind=event")
        found |= {one["id"] for one in page["results"] if one["record"] == "commitment"}
        assert page["next"] > since
        since, answers = page["next"], answers + 1
        if since == page["head"]:
            break
    assert found == {rare.public_id}
    assert answers > 2
