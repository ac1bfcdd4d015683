"""Cite, correct, take back; and what evidence comes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commitments.actions.citations import cite_source, note_evidence_search, remove_citation
from commitments.actions.dates import move_date
from commitments.actions.status import change_status, propose_status
from commitments.enums import CitationRole, SourceKind, Status
from commitments.exceptions import InvalidInput, NotAllowed, QuoteNotFound
from commitments.models import Citation, Commitment, Revision, User
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_citation,
    make_commitment,
    make_document,
    make_party,
    make_source,
)
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db

TEXT = "First of all, thanks.\nThe launch will be next\nyear – as planned. All agreed."


def cite(citation: Citation) -> Citation:
    return cite_source(citation=citation, actor=None, now=NOW)


def refusal(citation: Citation) -> InvalidInput:
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        cite(citation)
    assert changed_tables(before) == set()
    return caught.value


def test_a_quote_gets_its_place_in_the_stored_text() -> None:
    commitment, source = make_commitment(), make_source(text=TEXT)
    quote = " next year - as planned\r\n"
    citation = cite(Citation(commitment=commitment, source=source, quote=quote))
    found = Citation.objects.get(pk=citation.pk)
    assert found.quote == "next year - as planned"
    assert TEXT[found.start : found.end] == "next\nyear – as planned"
    row = Revision.objects.latest("number")
    assert row.changes[f"citation {found.pk} span"] == [None, [found.start, found.end]]


def test_a_quote_that_is_not_there_is_refused_with_the_nearest_passage() -> None:
    commitment, source = make_commitment(), make_source(text=TEXT)
    error = refusal(
        Citation(commitment=commitment, source=source, quote="launch will be last year")
    )
    assert isinstance(error, QuoteNotFound)
    assert (error.specific_code, error.field, error.nearest) == (
        "quote_not_found",
        "quote",
        "launch will be next year",
    )
    assert error.message == (
        "These words are not in the stored text. Nearest passage: “launch will be next year”."
    )
    nothing = refusal(Citation(commitment=commitment, source=source, quote="Ұшыру"))
    assert nothing.message == ("These words are not in the stored text. Nearest passage: “—”.")


def test_without_a_stored_text_any_quote_is_taken_and_has_no_place() -> None:
    citation = cite(Citation(commitment=make_commitment(), source=make_source(), quote="Anything"))
    assert (citation.start, citation.end) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quote", "x" * 5001),
        ("quote", "x" * 1_000_000),
        ("quote", "a\x00"),
        ("quote", "\ud83d"),
        ("quote", "\u202ex"),
        ("locator", "x" * 101),
        ("locator", "a\nb"),
        ("role", "praises"),
    ],
)
def test_what_the_record_cannot_hold_is_refused_with_its_field(field: str, value: str) -> None:
    given: dict[str, Any] = {"commitment": make_commitment(), "source": make_source(text=TEXT)}
    assert refusal(Citation(**given, **{field: value})).field == field


def test_a_correction_writes_what_differs_and_only_that() -> None:
    citation = make_citation(make_commitment(), locator="page 1")
    citation.locator = "page 2"
    cite(citation)
    assert Revision.objects.latest("number").changes == {
        f"citation {citation.pk} locator": ["page 1", "page 2"]
    }


def test_a_citation_stays_with_its_commitment() -> None:
    commitment, other = make_commitment(), make_commitment()
    citation = make_citation(commitment)
    citation.commitment = other
    assert refusal(citation).field == "commitment"
    citation.locator = "page 2"
    assert refusal(citation).field == "commitment"


def rely_on(citation: Citation, how: str, editor: User) -> None:
    commitment = citation.commitment
    if how == "date move":
        move_date(
            commitment=commitment,
            window=Window.parse("2031"),
            citations=[citation],
            actor=editor,
            now=NOW,
        )
    elif how == "status change":
        move = complete_move(commitment, Status.IN_PROGRESS, citations=(citation,))
        change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    else:
        move = complete_move(commitment, Status.DELIVERED, citations=(citation,))
        propose_status(commitment=commitment, move=move, actor=editor, now=NOW)


@pytest.mark.parametrize("how", ["date move", "status change", "proposal"])
def test_what_the_history_rests_on_is_neither_rewritten_nor_removed(how: str, editor: User) -> None:
    commitment = make_commitment()
    citation = make_citation(commitment)
    rely_on(citation, how, editor)
    citation.role = CitationRole.CONTRADICTS
    assert refusal(citation).field == "role"
    citation.role = CitationRole.REPORTS
    citation.source = make_source()
    assert refusal(citation).field == "role"
    citation.refresh_from_db()
    citation.locator = "page 9"  # where it stands may still be made plainer
    cite(citation)
    before = whole_record()
    with pytest.raises(InvalidInput):
        remove_citation(citation=citation, actor=editor, now=NOW)
    assert changed_tables(before) == set()


def test_a_removed_citation_stays_in_the_log_and_its_evidence_goes() -> None:
    commitment = make_commitment()
    speaker = make_party("kz")
    citation = make_citation(commitment, quote="It is done.", said_by=speaker)
    assert Commitment.objects.get(pk=commitment.pk).evidence == "documented"
    remove_citation(citation=citation, actor=None, now=NOW, reason="Wrong page.")
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.citations.count(), now.evidence) == (1, "none")
    row = Revision.objects.latest("number")
    assert row.changes == {
        f"citation {citation.pk} source": [citation.source.public_id, None],
        f"citation {citation.pk} role": ["reports", None],
        f"citation {citation.pk} quote": ["It is done.", None],
        f"citation {citation.pk} locator": ["", None],
        f"citation {citation.pk} said_by": ["kz", None],
        "evidence": ["documented", "none"],
    }


def test_a_citation_is_removed_once() -> None:
    citation = make_citation(make_commitment())
    again = Citation.objects.get(pk=citation.pk)
    remove_citation(citation=citation, actor=None, now=NOW)
    before = whole_record()
    with pytest.raises(InvalidInput, match="removed meanwhile"):
        remove_citation(citation=again, actor=None, now=NOW)
    again.locator = "page 2"
    with pytest.raises(InvalidInput, match="removed meanwhile"):
        cite(again)
    assert changed_tables(before) == set()


@pytest.mark.parametrize("published", [True, False])
def test_what_is_published_keeps_its_last_source(published: bool) -> None:
    commitment = make_commitment(published=published)
    citation = commitment.citations.get()
    if not published:
        remove_citation(citation=citation, actor=None, now=NOW)
        assert commitment.citations.count() == 0
        return
    with pytest.raises(InvalidInput, match="It is published"):
        remove_citation(citation=citation, actor=None, now=NOW)


def test_evidence_follows_the_citations() -> None:
    commitment = make_commitment()
    claim = make_source(kind=SourceKind.STATEMENT)
    independent = make_source(kind=SourceKind.ARTICLE, independent=True)

    def level_after(**given: Any) -> str:
        cite(Citation(commitment=commitment, **given))
        return Commitment.objects.get(pk=commitment.pk).evidence

    announces, reports = CitationRole.ANNOUNCES, CitationRole.REPORTS
    assert level_after(source=independent, role=announces) == "none"
    assert level_after(source=independent, role=CitationRole.CONTRADICTS) == "none"
    assert level_after(source=claim, role=reports) == "claimed"
    assert level_after(source=make_document(), role=CitationRole.CONFIRMS) == "documented"
    assert level_after(source=independent, role=reports) == "confirmed"
    assert level_after(source=claim, role=reports) == "confirmed"


@pytest.mark.parametrize(
    ("day", "fits"), [("2026-11-23", True), ("2026-11-24", True), ("2026-11-25", False)]
)
def test_a_look_for_evidence_is_not_of_a_day_to_come_at_the_place(day: str, fits: bool) -> None:
    commitment = make_commitment(time_zone="Asia/Almaty")
    last = datetime(2026, 11, 24, 19, 0, tzinfo=UTC) - timedelta(microseconds=1)
    given: dict[str, Any] = {"day": date.fromisoformat(day), "actor": None, "now": last}
    if fits:
        note_evidence_search(commitment=commitment, **given)
        assert str(Commitment.objects.get(pk=commitment.pk).evidence_checked_on) == day
        return
    with pytest.raises(InvalidInput) as caught:
        note_evidence_search(commitment=commitment, **given)
    assert caught.value.field == "day"


def test_a_look_is_noted_once_a_day_and_never_backwards() -> None:
    commitment = make_commitment()

    def look(day: int) -> int:
        note_evidence_search(commitment=commitment, day=date(2026, 11, day), actor=None, now=NOW)
        return Commitment.objects.get(pk=commitment.pk).revision

    first = look(10)
    assert [look(10), look(11), look(11)] == [first, first + 1, first + 1]
    with pytest.raises(InvalidInput) as caught:
        look(10)
    assert caught.value.field == "day"


def test_only_an_editor_cites_removes_and_looks(nobody: User) -> None:
    commitment = make_commitment()
    citation = make_citation(commitment)
    before = whole_record()
    with pytest.raises(NotAllowed):
        cite_source(
            citation=Citation(commitment=commitment, source=citation.source),
            actor=nobody,
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        remove_citation(citation=citation, actor=nobody, now=NOW)
    with pytest.raises(NotAllowed):
        note_evidence_search(commitment=commitment, day=date(2026, 11, 1), actor=nobody, now=NOW)
    assert changed_tables(before) == set()


def test_quote_keeps_the_place_that_was_marked() -> None:
    source = make_source(text="We agreed. Much later: We agreed.")
    citation = Citation(
        commitment=make_commitment(), source=source, quote="We agreed.", start=23, end=33
    )
    cite_source(citation=citation, actor=None, now=NOW)
    assert (citation.start, citation.end) == (23, 33)


@pytest.mark.parametrize("span", [(None, None), (1, 11), (23, 30)])
def test_quote_whose_mark_does_not_fit_is_looked_for(span: tuple[int | None, int | None]) -> None:
    source = make_source(text="We agreed. Much later: We agreed.")
    citation = Citation(
        commitment=make_commitment(),
        source=source,
        quote="We agreed.",
        start=span[0],
        end=span[1],
    )
    cite_source(citation=citation, actor=None, now=NOW)
    assert (citation.start, citation.end) == (0, 10)
