"""Recording and correcting parties, topics and sources."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from commitments.actions.parties import save_party
from commitments.enums import PartyRole
from commitments.models import Party, Source, Topic
from tests.builders import (
    NOW,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.api.callers import Caller, calls_for, editor, head, pointers, problem

pytestmark = pytest.mark.django_db

PARTY = {"key": "kz", "kind": "country", "name": "Kazakhstan"}
TOPIC = {"key": "space", "name": "Space"}
SOURCE = {"title": "Talks", "kind": "transcript", "date": "2024-11-27"}
NEW = [("parties/", PARTY), ("topics/", TOPIC), ("sources/", SOURCE)]


def test_a_party_is_recorded() -> None:
    calls = editor()
    calls.post("parties/", PARTY)
    answer = calls.post(
        "parties/",
        {
            "key": "tokayev",
            "kind": "person",
            "name": "Kassym-Jomart Tokayev",
            "office": "President",
            "body": "kz",
            "translations": {"ru": {"name": "Касым-Жомарт Токаев"}},
            "reason": "Speaks at the talks.",
        },
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["key"], told["office"], told["body"]["key"]) == ("tokayev", "President", "kz")
    assert answer["Location"] == told["url"] == f"{settings.SITE_URL}/api/v1/parties/tokayev/"
    assert Party.objects.get(key="tokayev").body == Party.objects.get(key="kz")


def test_a_topic_is_recorded() -> None:
    answer = editor().post("topics/", TOPIC)
    assert (answer.status_code, answer.json()["name"]) == (201, "Space")
    assert Topic.objects.get().key == "space"


def test_a_source_is_recorded_with_its_text() -> None:
    answer = editor().post(
        "sources/",
        {
            **SOURCE,
            "key": "talks-2024",
            "place": "Astana",
            "publisher": "Kremlin",
            "web_url": "https://example.org/talks",
            "archive_url": "https://archive.example.org/talks",
            "language": "ru",
            "independent": False,
            "text": "Line one.\r\nLine two.\n",
        },
    )
    assert answer.status_code == 201
    told = answer.json()
    made = Source.objects.get()
    assert (made.text, made.url, made.key) == (
        "Line one.\nLine two.\n",
        "https://example.org/talks",
        "talks-2024",
    )
    assert (told["id"], told["text_sha256"]) == (made.public_id, made.text_sha256)
    assert "Line one" not in answer.content.decode()


@pytest.mark.parametrize(("path", "body"), NEW)
def test_what_was_made_can_be_read_by_the_desk_and_by_nobody_else(
    path: str, body: dict[str, Any]
) -> None:
    calls = editor()
    answer = calls.post(path, body)
    again = calls.get(answer["Location"])
    assert (again.status_code, again["ETag"], again.content) == (
        200,
        answer["ETag"],
        answer.content,
    )
    assert again["Cache-Control"] == "private, no-cache"
    problem(Caller().get(answer["Location"]), 404, "not_found")
    assert calls.get(path).json()["results"] == []  # a list is the public one for everybody


@pytest.mark.parametrize(("path", "body"), NEW)
def test_a_correction_needs_the_version_that_was_read(path: str, body: dict[str, Any]) -> None:
    calls = editor()
    made = calls.post(path, body)
    where, name = made["Location"], "title" if path == "sources/" else "name"
    assert problem(calls.patch(where, {name: "New"}), 428, "precondition_required")["current"] == 1
    before = head()
    for stale in ('"0"', '"2"', '"x"'):
        told = problem(calls.patch(where, {name: "New"}, if_match=stale), 412, "stale_revision")
        assert told["current"] == 1
    assert head() == before
    answer = calls.patch(where, {name: "New", "reason": "A typo."}, if_match=made["ETag"])
    assert (answer.status_code, answer.json()[name]) == (200, "New")
    assert answer["ETag"].startswith('"2-')
    assert calls.get(where)["ETag"] == answer["ETag"]
    problem(calls.patch(where, {name: "Old"}, if_match=made["ETag"]), 412, "stale_revision")
    assert calls.patch(where, {name: "Any"}, if_match="*").json()[name] == "Any"


def test_what_is_left_out_of_a_correction_stays() -> None:
    calls = editor()
    body = make_party("kz")
    made = make_party("minister", kind="person", office="Minister", body=body)
    answer = calls.patch("parties/minister/", {"name": "New name"}, if_match='"1"')
    made.refresh_from_db()
    assert (answer.status_code, made.name, made.office, made.body) == (
        200,
        "New name",
        "Minister",
        body,
    )
    answer = calls.patch("parties/minister/", {"body": None}, if_match='"2"')
    assert answer.json()["body"] is None


def test_a_corrected_source_keeps_its_text_and_its_quotes() -> None:
    calls = editor()
    source = make_source(text="We will meet in 2026.")
    make_citation(make_commitment(), source, quote="We will meet")
    path = f"sources/{source.public_id}/"
    answer = calls.patch(path, {"title": "Talks in Astana"}, if_match='"1"')
    assert (answer.status_code, Source.objects.get(pk=source.pk).text) == (200, source.text)
    before = head()
    answer = calls.patch(path, {"text": "We shall meet."}, if_match=answer["ETag"])
    assert pointers(problem(answer, 400, "invalid_input")) == {"#/text": "invalid_input"}
    assert (head(), Source.objects.get(pk=source.pk).text) == (before, source.text)


@pytest.mark.parametrize(
    ("path", "change", "where"),
    [
        ("parties/", {"key": "a b"}, {"#/key": "invalid"}),
        ("parties/", {"key": "kz" * 31}, {"#/key": "max_length"}),
        ("parties/", {"key": "taken"}, {"#/key": "invalid_input"}),
        ("parties/", {"kind": "alien"}, {"#/kind": "invalid_choice"}),
        ("parties/", {"name": ""}, {"#/name": "blank"}),
        ("parties/", {"name": "a\u202eb"}, {"#/name": "control_character"}),
        ("parties/", {"body": "nobody"}, {"#/body": "unknown_reference"}),
        ("parties/", {"country_code": "kz"}, {"#/country_code": "invalid_input"}),
        ("parties/", {"url": "x"}, {"#/url": "unknown_field"}),
        ("topics/", {"key": "taken"}, {"#/key": "invalid_input"}),
        ("topics/", {"name": None}, {"#/name": "null"}),
        ("sources/", {"date": "27.11.2024"}, {"#/date": "invalid"}),
        ("sources/", {"date": "2024-02-30"}, {"#/date": "invalid"}),
        ("sources/", {"key": "taken"}, {"#/key": "invalid_input"}),
        ("sources/", {"web_url": "javascript:alert(1)"}, {"#/web_url": "invalid_input"}),
        ("sources/", {"web_url": "file:///etc/passwd"}, {"#/web_url": "invalid_input"}),
        ("sources/", {"archive_url": "no address"}, {"#/archive_url": "invalid_input"}),
        ("sources/", {"independent": "yes"}, {"#/independent": "invalid"}),
        ("sources/", {"text": "a\x07b"}, {"#/text": "control_character"}),
        ("sources/", {"text": 5}, {"#/text": "invalid"}),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_is_written(
    path: str, change: dict[str, Any], where: dict[str, str]
) -> None:
    make_party("taken")
    make_topic("taken")
    make_source(key="taken")
    calls, before = editor(), head()
    answer = calls.post(path, {**dict(NEW)[path], **change})
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    assert head() == before


def test_an_address_inside_our_own_network_is_kept_and_never_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def connect(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("the server opens no connection while it saves")

    monkeypatch.setattr("socket.create_connection", connect)
    answer = editor().post("sources/", {**SOURCE, "web_url": "http://169.254.169.254/"})
    assert answer.status_code == 201


@pytest.mark.parametrize(("path", "body"), [("parties/", PARTY), ("topics/", TOPIC)])
def test_a_key_is_permanent(path: str, body: dict[str, Any]) -> None:
    calls = editor()
    made = calls.post(path, body)
    answer = calls.patch(made["Location"], {"key": "other"}, if_match=made["ETag"])
    assert pointers(problem(answer, 400, "invalid_input")) == {"#/key": "elsewhere"}


def test_the_key_of_a_source_is_permanent_once_it_is_given() -> None:
    calls = editor()
    made = calls.post("sources/", SOURCE)
    given = calls.patch(made["Location"], {"key": "talks"}, if_match=made["ETag"])
    assert given.status_code == 200
    answer = calls.patch(made["Location"], {"key": "other"}, if_match=given["ETag"])
    assert pointers(problem(answer, 400, "invalid_input")) == {"#/key": "invalid_input"}


def test_a_party_is_no_part_of_itself() -> None:
    body = make_party("kz")
    make_party("ministry", kind="organisation", body=body)
    answer = editor().patch("parties/kz/", {"body": "ministry"}, if_match='"1"')
    assert pointers(problem(answer, 400, "circle")) == {"#/body": "circle"}


@pytest.mark.parametrize(("path", "body"), NEW)
def test_a_dry_run_makes_nothing(path: str, body: dict[str, Any]) -> None:
    calls, before = editor(), head()
    answer = calls.post(f"{path}?dry_run=true", body)
    assert (answer.status_code, answer["Dry-Run"], head()) == (201, "true", before)


@pytest.mark.parametrize(("path", "body"), NEW)
def test_a_repeat_is_done_once(path: str, body: dict[str, Any]) -> None:
    calls = editor()
    sent = {"Idempotency-Key": '"a"'}
    answers = [calls.post(path, body, headers=sent) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert head() == 1


def test_a_public_party_is_corrected_by_the_desk_only() -> None:
    kz = make_party("kz")
    make_commitment(parties=[(kz, PartyRole.PROMISED_BY)])
    etag = Caller().get("parties/kz/")["ETag"]
    problem(Caller().patch("parties/kz/", {"name": "X"}, if_match=etag), 401, "not_authenticated")
    answer = editor().patch("parties/kz/", {"name": "X"}, if_match=etag)
    assert answer.status_code == 200
    save_party(party=Party.objects.get(key="kz"), actor=None, now=NOW)  # nothing differs
    assert Caller().get("parties/kz/")["ETag"] == answer["ETag"]
    reads = calls_for(make_editor(), scopes=["read"])
    problem(reads.patch("parties/kz/", {"name": "Y"}, if_match="*"), 403, "scope_missing")
