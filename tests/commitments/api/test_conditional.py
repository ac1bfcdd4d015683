"""Validators: an unchanged answer is not sent again, and every change is seen at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from commitments.actions.commitments import correct_commitment
from commitments.actions.parties import save_party
from commitments.enums import PartyRole
from commitments.models import Commitment
from tests.builders import NOW, make_commitment, make_editor, make_party, make_source, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths() -> list[str]:
    """The address of every list and of one of each record."""
    party, topic, source = make_party("kz"), make_topic("space"), make_source()
    made = make_commitment(
        parties=[(party, PartyRole.PROMISED_BY)], topics=[topic], source=source, window="2026-11-24"
    )
    return [
        "/api/v1/",
        "/api/v1/commitments/",
        f"/api/v1/commitments/{made.public_id}/",
        "/api/v1/parties/",
        "/api/v1/parties/kz/",
        "/api/v1/topics/",
        "/api/v1/topics/space/",
        "/api/v1/sources/",
        f"/api/v1/sources/{source.public_id}/",
        "/api/v1/problems/",
        "/api/v1/problems/not_found/",
        "/api/v1/windows/?text=2026",
        "/api/v1/schema/",
        "/api/v1/schema/?format=yaml",
    ]


def tag(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer["ETag"]


def test_every_answer_has_a_strong_tag_that_stays(client: Client, paths: list[str]) -> None:
    for path in paths:
        first = tag(client, path)
        assert first.startswith('"')
        assert tag(client, path) == first


def test_an_unchanged_answer_is_304_without_a_body(client: Client, paths: list[str]) -> None:
    for path in paths:
        known = client.get(path)
        for sent in (known["ETag"], f'"other", {known["ETag"]}', f"W/{known['ETag']}", "*"):
            for ask in (client.get, client.head):
                answer = ask(path, headers={"If-None-Match": sent})
                assert (answer.status_code, answer.content) == (304, b"")
                for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
                    assert answer[name] == known[name]


def test_another_tag_gets_the_answer(client: Client, paths: list[str]) -> None:
    for path in paths:
        answer = client.get(path, headers={"If-None-Match": '"other"'})
        assert (answer.status_code, answer.content) == (200, client.get(path).content)


def test_head_has_the_headers_of_get_and_no_body(client: Client, paths: list[str]) -> None:
    for path in paths:
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert dict(head.headers) == dict(whole.headers)


def test_a_precondition_that_fails_is_a_problem_with_the_present_tag(client: Client) -> None:
    make_commitment()
    answer = client.get("/api/v1/commitments/", headers={"If-Match": '"other"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert answer["ETag"] == tag(client, "/api/v1/commitments/")
    passed = client.get("/api/v1/commitments/", headers={"If-Match": answer["ETag"]})
    assert passed.status_code == 200


def test_the_tag_of_a_detail_begins_with_its_revision(client: Client) -> None:
    made = make_commitment()
    assert tag(client, f"/api/v1/commitments/{made.public_id}/").startswith(f'"{made.revision}-')


def test_every_visible_change_changes_the_tag(client: Client) -> None:
    kz = make_party("kz", name="Kazakhstan")
    made = make_commitment(parties=[(kz, PartyRole.PROMISED_BY)], window="2026-11-24")
    paths = ["/api/v1/commitments/", f"/api/v1/commitments/{made.public_id}/"]
    seen = [{path: tag(client, path) for path in paths}]

    correct_commitment(
        commitment=made, fields={"title": "Another title"}, actor=make_editor(), now=NOW
    )
    seen.append({path: tag(client, path) for path in paths})

    kz.name = "Republic of Kazakhstan"
    save_party(party=kz, actor=None, now=NOW)
    seen.append({path: tag(client, path) for path in paths})

    with time_machine.travel(NOW + timedelta(days=1), tick=False):  # it is overdue now
        seen.append({path: tag(client, path) for path in paths})

    for path in paths:
        assert len({state[path] for state in seen}) == len(seen)


def test_time_alone_changes_no_tag_within_a_day(client: Client) -> None:
    make_commitment(window="2026-11-24", time_zone="UTC")
    before = tag(client, "/api/v1/commitments/")
    with time_machine.travel(NOW + timedelta(hours=14, minutes=59), tick=False):
        assert tag(client, "/api/v1/commitments/") == before


def test_a_draft_changes_no_tag(client: Client) -> None:
    make_commitment()
    paths = ["commitments", "parties", "topics", "sources"]
    before = [tag(client, f"/api/v1/{path}/") for path in paths]
    make_commitment(published=False, topics=[make_topic()])
    assert [tag(client, f"/api/v1/{path}/") for path in paths] == before


def test_languages_have_tags_of_their_own(client: Client) -> None:
    make_commitment(translations={"ru": {"title": "Аллея"}})
    path = "/api/v1/commitments/"
    tags = {client.get(path, headers={"Accept-Language": code})["ETag"] for code in ("en", "ru")}
    assert len(tags) == 2


def test_an_answer_may_be_kept_but_is_asked_for_each_time(client: Client, paths: list[str]) -> None:
    for path in paths:
        assert client.get(path)["Cache-Control"] == "public, no-cache"


def test_what_is_not_there_has_no_tag(client: Client) -> None:
    answer = client.get("/api/v1/commitments/zzzzzzzz/", headers={"If-None-Match": "*"})
    assert answer.status_code == 404
    assert "ETag" not in answer.headers
    assert Commitment.objects.count() == 0
