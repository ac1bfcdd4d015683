"""Recording and correcting commitments."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from commitments.enums import Kind, PartyRole
from commitments.models import Commitment, Revision
from commitments.public_ids import public_id_of
from tests.builders import (
    make_commitment,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.api.callers import (
    NEW,
    draft,
    editor,
    head,
    path_of,
    pointers,
    problem,
    tag,
)

pytestmark = pytest.mark.django_db


MERGE_PATCH = "application/merge-patch+json"

# Create


def test_a_commitment_is_recorded_as_a_draft_with_all_its_parts() -> None:
    calls = editor()
    make_party("kz")
    make_party("tokayev", kind="person")
    make_topic("space")
    talks = make_source(key="talks-2024", date=date(2024, 11, 27), text="We will meet in 2026.")
    parent = make_commitment(kind=Kind.PROGRAMME)
    answer = calls.post(
        "commitments/",
        {
            "title": "The 20th forum",
            "summary": "Of regions.",
            "note": "As announced.",
            "language": "en",
            "kind": "event",
            "strength": "proposal",
            "window": {"text": "next year", "language": "en"},
            "wording": "next year, as planned",
            "hemisphere": "north",
            "time_zone": "Asia/Almaty",
            "place": "Uralsk",
            "key": "forum-20",
            "parent": parent.public_id,
            "topics": ["space"],
            "parties": [{"party": "kz"}, {"party": "tokayev", "role": "responsible"}],
            "citations": [
                {
                    "source": "talks-2024",
                    "quote": "We will meet",
                    "locator": "paragraph 3",
                    "said_by": "tokayev",
                }
            ],
            "status": "announced",
            "translations": {"ru": {"title": "Форум"}},
            "reason": "Heard at the talks.",
        },
    )
    assert answer.status_code == 201
    told = answer.json()
    made = Commitment.objects.get(title="The 20th forum")
    assert (told["id"], told["publication"], told["revision"]) == (made.public_id, "draft", 2)
    assert told["published_at"] is None
    # "Next year" counts from the day of what is cited.
    assert told["window"]["edtf"] == made.window == "2025"
    assert (made.key, made.parent, made.time_zone) == ("forum-20", parent, "Asia/Almaty")
    assert [(one["role"], one["party"]["key"]) for one in told["parties"]] == [
        ("promised_by", "kz"),
        ("responsible", "tokayev"),
    ]
    citation = made.citations.get()
    assert (citation.source, citation.start, citation.end) == (talks, 0, 12)
    assert told["citations"][0]["id"] == public_id_of(citation.pk)
    assert made.status_changes.get().reason == "Heard at the talks."
    where = f"{settings.SITE_URL}/api/v1/commitments/{made.public_id}/"
    assert answer["Location"] == answer["Content-Location"] == told["url"] == where
    assert answer["ETag"].startswith('"2-')
    assert answer["Cache-Control"] == "no-store"
    again = calls.get(where)
    assert (again["ETag"], again.content) == (answer["ETag"], answer.content)


def test_the_least_that_a_commitment_needs() -> None:
    answer = editor().post("commitments/", NEW)
    assert answer.status_code == 201
    assert answer.json()["status"]["value"] == "announced"


def test_a_source_may_report_it_delivered_at_once() -> None:
    body = {**NEW, "window": "2025", "status": "delivered", "effective": "March 2025"}
    told = editor().post("commitments/", body).json()
    assert (told["status"]["value"], told["status"]["effective"]["edtf"]) == (
        "delivered",
        "2025-03",
    )


@pytest.mark.parametrize(
    ("window", "edtf"),
    [
        ("2025-21", "2025-21"),
        ("spring 2025", "2025-21"),
        ("", ""),
        ({"text": "весной 2025 года", "language": "ru"}, "2025-21"),
        ({"text": "next year", "said_on": "2024-11-27"}, "2025"),
        ({"text": "2026-04/.."}, "2026-04/.."),
    ],
)
def test_dates_are_edtf_or_words(window: Any, edtf: str) -> None:
    told = editor().post("commitments/", {**NEW, "window": window}).json()
    assert told["window"]["edtf"] == edtf


def test_words_are_those_of_the_language_of_the_answer() -> None:
    body = {**NEW, "window": "весной 2025 года"}
    answer = editor().post("commitments/?language=ru", body)
    assert (answer.json()["window"]["edtf"], answer["Content-Language"]) == ("2025-21", "ru")


@pytest.mark.parametrize(
    "window",
    ["springg 2025", {"text": "next year"}, "2026-13", "2021-25", "01/02/2026", {"text": "скоро"}],
)
def test_a_date_that_is_not_understood_is_the_error_of_windows(window: Any) -> None:
    calls, before = editor(), head()
    answer = calls.post("commitments/", {**NEW, "window": window})
    read = window if isinstance(window, str) else window["text"]
    same = calls.client.get("/api/v1/windows/", {"text": read}).json()
    told = answer.json()
    assert answer.status_code == same["status"] == 400
    for name in ("type", "code", "detail"):
        assert told[name] == same[name]
    assert told.get("nearest") == same.get("nearest")
    assert pointers(told) == {"#/window": same["code"]}
    assert head() == before


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": ""}, {"#/title": "blank"}),
        ({"title": None}, {"#/title": "null"}),
        ({"title": 5}, {"#/title": "invalid"}),
        ({"title": "a\nb"}, {"#/title": "control_character"}),
        ({"title": "a\x00b"}, {"#/title": "control_character"}),
        ({"title": "x" * 301}, {"#/title": "max_length"}),
        ({"kind": "party"}, {"#/kind": "invalid_choice"}),
        ({"kind": ["event"]}, {"#/kind": "invalid_choice"}),
        ({"window": 2026}, {"#/window": "invalid"}),
        ({"window": {}}, {"#/window/text": "required"}),
        ({"window": {"text": "2026", "zone": 1}}, {"#/window/zone": "unknown_field"}),
        ({"window": {"text": "2026", "said_on": "2026-1-1"}}, {"#/window/said_on": "invalid"}),
        ({"time_zone": "Mars/Base"}, {"#/time_zone": "invalid_input"}),
        ({"language": "english!"}, {"#/language": "invalid_input"}),
        ({"translations": {"ru": 5}}, {"#/translations": "invalid_input"}),
        ({"translations": []}, {"#/translations": "invalid"}),
        ({"topics": ["nothing"]}, {"#/topics/0": "unknown_reference"}),
        ({"topics": "space"}, {"#/topics": "not_a_list"}),
        ({"parties": [{"party": "nobody"}]}, {"#/parties/0/party": "unknown_reference"}),
        (
            {"parties": [{"role": "x"}]},
            {"#/parties/0/party": "required", "#/parties/0/role": "invalid_choice"},
        ),
        ({"parent": "zzzzzzzz"}, {"#/parent": "unknown_reference"}),
        ({"citations": [{"source": "none"}]}, {"#/citations/0/source": "unknown_reference"}),
        ({"status": "withdrawn"}, {"#/status": "invalid_choice"}),
        ({"effective": "2030"}, {"#/effective": "invalid_input"}),
        ({"publication": "published"}, {"#/publication": "elsewhere"}),
        ({"colour": 1, "a/b~c": 2}, {"#/colour": "unknown_field", "#/a~1b~0c": "unknown_field"}),
        ({"reason": "x" * 2001}, {"#/reason": "max_length"}),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_is_written(
    change: dict[str, Any], where: dict[str, str]
) -> None:
    calls, before = editor(), head()
    answer = calls.post("commitments/", {**NEW, **change})
    assert answer.status_code == 400
    assert pointers(answer.json()) == where
    assert (head(), Commitment.objects.count()) == (before, 0)


def test_a_quote_that_is_not_in_the_text_undoes_the_whole() -> None:
    source = make_source(text="The alley will be opened in the spring of 2025.")
    calls, before = editor(), head()
    cited = [{"source": source.public_id, "quote": "opened in the autumn of 2025"}]
    told = problem(calls.post("commitments/", {**NEW, "citations": cited}), 400, "quote_not_found")
    assert pointers(told) == {"#/citations/0/quote": "quote_not_found"}
    assert "opened in the spring of 2025" in told["nearest"][0]
    assert (head(), Commitment.objects.count()) == (before, 0)


def test_a_body_that_is_no_object_is_refused() -> None:
    calls = editor()
    for body in ([], [NEW], "text", 5, True):
        assert pointers(problem(calls.post("commitments/", body), 400, "invalid_input")) == {
            "#": "invalid"
        }


def test_a_key_that_is_taken_is_told() -> None:
    make_commitment(key="forum-20")
    told = problem(editor().post("commitments/", {**NEW, "key": "forum-20"}), 400, "invalid_input")
    assert pointers(told) == {"#/key": "invalid_input"}


def test_a_repeat_with_the_same_key_is_done_once() -> None:
    calls = editor()
    sent = {"Idempotency-Key": '"7c4a8d09"'}
    first = calls.post("commitments/", NEW, headers=sent)
    again = calls.post("commitments/", NEW, headers=sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert Commitment.objects.count() == 1
    other = calls.post("commitments/", {**NEW, "title": "Another"}, headers=sent)
    problem(other, 422, "idempotency_key_reused")
    assert Commitment.objects.count() == 1


# Correct


def test_a_correction_changes_what_it_names_and_nothing_else() -> None:
    calls = editor()
    kz = make_party("kz")
    made = draft(title="Old", summary="Stays.", parties=[(kz, PartyRole.PROMISED_BY)])
    make_topic("space")
    parent = make_commitment()
    answer = calls.patch(
        path_of(made),
        {"title": "New", "topics": ["space"], "parent": parent.public_id, "reason": "A typo."},
        if_match=tag(made),
    )
    assert answer.status_code == 200
    told = answer.json()
    assert (told["title"], told["summary"]) == ("New", "Stays.")
    assert [one["key"] for one in told["topics"]] == ["space"]
    assert [one["party"]["key"] for one in told["parties"]] == ["kz"]
    assert answer["ETag"].startswith(f'"{told["revision"]}-')
    row = Revision.objects.last()
    assert row is not None
    assert (row.reason, sorted(row.changes)) == ("A typo.", ["parent", "title", "topics"])
    emptied = calls.patch(path_of(made), {"parent": None, "topics": []}, if_match=answer["ETag"])
    made.refresh_from_db()
    assert (emptied.status_code, made.parent, made.topics.count()) == (200, None, 0)


def test_a_correction_may_come_as_a_merge_patch() -> None:
    made = draft()
    answer = editor().patch(
        path_of(made),
        {"title": "New"},
        if_match=tag(made),
        content_type=MERGE_PATCH,
    )
    assert (answer.status_code, answer.json()["title"]) == (200, "New")


def test_a_post_may_not() -> None:
    answer = editor().post("commitments/", NEW, content_type=MERGE_PATCH)
    problem(answer, 415, "unsupported_media_type")


def test_a_correction_of_nothing_writes_nothing() -> None:
    made = draft(title="Same")
    calls, before = editor(), head()
    for body in ({}, {"title": "Same"}):
        answer = calls.patch(path_of(made), body, if_match=tag(made))
        assert (answer.status_code, head()) == (200, before)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"title": ""}, {"#/title": "blank"}),
        ({"summary": None}, {"#/summary": "null"}),
        ({"parent": "zzzzzzzz"}, {"#/parent": "unknown_reference"}),
        ({"window": "2027"}, {"#/window": "elsewhere"}),
        ({"status": "delivered"}, {"#/status": "elsewhere"}),
        ({"publication": "published"}, {"#/publication": "elsewhere"}),
        ({"revision": 7}, {"#/revision": "unknown_field"}),
        (
            {"kind": "target", "parties": [{"party": "x"}]},
            {"#/parties/0/party": "unknown_reference"},
        ),
    ],
)
def test_a_bad_correction_writes_nothing(body: dict[str, Any], where: dict[str, str]) -> None:
    made = draft()
    calls, before, revision = editor(), head(), made.revision
    answer = calls.patch(path_of(made), body, if_match=tag(made))
    assert (answer.status_code, pointers(answer.json())) == (400, where)
    made.refresh_from_db()
    assert (head(), made.revision) == (before, revision)


def test_a_commitment_is_no_part_of_itself() -> None:
    made = draft()
    answer = editor().patch(path_of(made), {"parent": made.public_id}, if_match=tag(made))
    assert pointers(problem(answer, 400, "circle")) == {"#/parent": "circle"}
