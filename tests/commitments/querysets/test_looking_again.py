"""Why somebody should look at a commitment again, reason by reason, at the edges of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.citations import note_evidence_search
from commitments.actions.publication import submit_for_review
from commitments.actions.status import change_status
from commitments.enums import CitationRole, LinkState, SourceKind, Status
from commitments.models import Citation, Commitment, Source
from commitments.querysets.looking_again import Look
from tests.builders import (
    NOW,
    complete_move,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
    make_editor,
    make_source,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
FAR = "2031"


@pytest.fixture(autouse=True)
def _hundred_days(settings: Any) -> None:
    settings.EVIDENCE_OLD_DAYS = settings.STALLED_LONG_DAYS = 100


def looks_of(commitment: Commitment) -> set[str]:
    """The reasons for which `commitment` is on a list."""
    return {
        reason.value
        for reason in Look
        if Commitment.objects.to_look_at(NOW, [reason]).filter(pk=commitment.pk).exists()
    }


def evidence(commitment: Commitment, days_ago: int, **fields: Any) -> Citation:
    """A document of so many days ago that reports progress."""
    return make_citation(commitment, make_document(TODAY - timedelta(days=days_ago)), **fields)


@pytest.mark.parametrize(
    ("window", "looks"),
    [("2026-11-23", {"overdue"}), ("2026-11-24", set()), ("2026-11-25", set()), ("", set())],
)
def test_overdue_without_evidence(window: str, looks: set[str]) -> None:
    commitment = make_commitment(window=window)
    assert looks_of(commitment) == looks


def test_overdue_with_evidence_is_another_matter() -> None:
    commitment = make_commitment(window="2025")
    evidence(commitment, 1)
    assert looks_of(commitment) == set()


@pytest.mark.parametrize(("days", "looks"), [(99, set()), (100, set()), (101, {"old_evidence"})])
def test_old_evidence_of_an_open_one(days: int, looks: set[str]) -> None:
    commitment = make_commitment(window=FAR)
    evidence(commitment, days)
    assert looks_of(commitment) == looks


def test_newest_evidence_counts_and_an_announcement_is_none() -> None:
    commitment = make_commitment(window=FAR)
    evidence(commitment, 300)
    evidence(commitment, 5, role=CitationRole.ANNOUNCES)
    assert looks_of(commitment) == {"old_evidence"}
    evidence(commitment, 5)
    assert looks_of(commitment) == set()


def test_search_in_vain_counts_as_a_look() -> None:
    commitment = make_commitment(window=FAR)
    evidence(commitment, 300)
    note_evidence_search(commitment=commitment, day=TODAY, actor=make_editor(), now=NOW)
    assert looks_of(commitment) == set()


def test_finished_one_needs_no_newer_evidence() -> None:
    commitment = make_commitment_in(Status.DELIVERED)
    Source.objects.update(date=date(2020, 1, 1))
    assert looks_of(commitment) == set()


@pytest.mark.parametrize("state", ["", *LinkState.values])
def test_only_a_dead_link_asks_for_a_look(state: str) -> None:
    source = make_source(url="https://a.example/")
    commitment = make_commitment(window=FAR, source=source)
    Source.objects.filter(pk=source.pk).update(link_state=state)
    assert looks_of(commitment) == ({"dead_link"} if state == "dead" else set())


def test_quote_without_its_place_in_a_stored_text() -> None:
    source = make_source(text="We open the bridge next year.")
    commitment = make_commitment(window=FAR, source=source)
    citation = make_citation(
        commitment, source, role=CitationRole.CONFIRMS, quote="We open the bridge"
    )
    evidence(commitment, 1)
    assert looks_of(commitment) == set()
    Citation.objects.filter(pk=citation.pk).update(start=None, end=None)
    assert looks_of(commitment) == {"lost_quote"}
    Source.objects.filter(pk=source.pk).update(text="", text_sha256="")
    assert looks_of(commitment) == set()


@pytest.mark.parametrize(("days", "looks"), [(99, set()), (100, set()), (101, {"stalled"})])
def test_stalled_for_long(days: int, looks: set[str]) -> None:
    commitment = make_commitment(window=FAR)
    evidence(commitment, 1)
    move = complete_move(commitment, Status.STALLED, day=TODAY - timedelta(days=days))
    change_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    assert looks_of(commitment) == looks


def test_delivered_on_a_claim_only() -> None:
    said = make_source(kind=SourceKind.ARTICLE)
    commitment = make_commitment(window="2026", status=Status.DELIVERED)
    make_citation(commitment, said)
    assert looks_of(commitment) == {"only_claimed"}
    make_citation(commitment, make_document())
    assert looks_of(commitment) == set()


def test_drafts_and_what_was_taken_back_ask_for_nothing() -> None:
    draft = make_commitment(window="2025", published=False)
    assert looks_of(draft) == set()
    assert Commitment.objects.count_to_look_at(NOW)["any"] == 0


def test_counts_fit_the_lists_and_a_row_counts_once_for_any() -> None:
    source = make_source(url="https://a.example/")
    Source.objects.filter(pk=source.pk).update(link_state=LinkState.DEAD)
    both = make_commitment(window="2025", source=source)
    make_citation(both, source, role=CitationRole.ANNOUNCES, locator="page 2")
    make_commitment(window="2024")
    make_commitment(window=FAR)
    counts = Commitment.objects.count_to_look_at(NOW)
    assert counts == {
        "overdue": 2,
        "old_evidence": 0,
        "dead_link": 1,
        "lost_quote": 0,
        "stalled": 0,
        "only_claimed": 0,
        "any": 2,
    }
    assert Commitment.objects.to_look_at(NOW).count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_record(number: int) -> None:
    for _ in range(number):
        make_commitment(window="2025")
    with CaptureQueriesContext(connection) as queries:
        Commitment.objects.count_to_look_at(NOW)
        list(Commitment.objects.to_look_at(NOW))
    assert len(queries) == len(Look) + 1


@pytest.mark.parametrize(("rows", "count"), [(2, 2), (3, 3), (4, 3), (5, 3)])
def test_long_queue_is_not_counted_to_its_end(
    monkeypatch: pytest.MonkeyPatch, rows: int, count: int
) -> None:
    monkeypatch.setattr("commitments.querysets.looking_again.MOST_COUNTED", 2)
    for _ in range(rows):
        make_commitment(window="2025")
    counts = Commitment.objects.count_to_look_at(NOW)
    assert (counts["overdue"], counts["any"]) == (count, count)


def test_work_of_a_person_is_what_they_touched_and_is_not_public() -> None:
    editor, other = make_editor(), make_editor()
    draft = make_commitment(published=False)
    reviewed = make_commitment(published=False)
    public = make_commitment()
    submit_for_review(commitment=reviewed, actor=editor, now=NOW)
    note_evidence_search(commitment=public, day=TODAY, actor=editor, now=NOW)
    note_evidence_search(commitment=draft, day=TODAY, actor=editor, now=NOW)
    assert set(Commitment.objects.in_work_of(editor)) == {draft, reviewed}
    assert set(Commitment.objects.in_work_of(other)) == set()
