"""Sources: their text and its hash, and what hangs on them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest

from commitments.actions.dates import anchor_date
from commitments.actions.sources import save_source
from commitments.enums import AnchorUnit, CitationRole, SourceKind
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import Citation, Commitment, Revision, Source, User
from tests.builders import NOW, make_citation, make_commitment, make_source
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def save(source: Source) -> Source:
    return save_source(source=source, actor=None, now=NOW)


def refusal(source: Source) -> InvalidInput:
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        save(source)
    assert changed_tables(before) == set()
    return caught.value


def test_a_text_is_stored_with_line_feeds_and_its_hash() -> None:
    source = Source.objects.get(pk=make_source(text="Бір.\r\nЕкі.\rҮш.").pk)
    assert source.text == "Бір.\nЕкі.\nҮш."
    assert source.text_sha256 == hashlib.sha256("Бір.\nЕкі.\nҮш.".encode()).hexdigest()
    assert make_source().text_sha256 == ""


def test_the_log_holds_the_hash_of_a_text_and_not_the_text() -> None:
    source = make_source(text="A long text.")
    row = Revision.objects.latest("number")
    assert row.changes["text_sha256"] == [None, source.text_sha256]
    assert "A long text." not in str(row.changes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "\ud83d"),
        ("title", "x" * 1_000_000),
        ("text", "a\x00b"),
        ("text", "\ud83d"),
        ("text", "\u202e"),
        ("text", "\uffff"),
        ("url", "javascript:alert(1)"),
        ("url", "http://example.org/\x00"),
        ("url", "https://example.org/" + "a" * 1000),
        ("archive_url", "ftp://example.org/"),
        ("kind", "rumour"),
        ("language", "русский"),
        ("publisher", "a\nb"),
        ("place", "\x07"),
        ("key", "a b"),
        ("date", None),
        ("date", "2025-02-30"),
        ("translations", {"ru": {"text": "x"}}),
    ],
)
def test_what_the_record_cannot_hold_is_refused_with_its_field(field: str, value: Any) -> None:
    given = {"title": "T", "kind": SourceKind.REPORT, "date": date(2026, 1, 1), field: value}
    assert refusal(Source(**given)).field == field


def test_a_key_is_given_once_and_stays() -> None:
    source = make_source()
    source.key = "talks-2024"
    save(source)
    source.key = "talks-2025"
    assert refusal(source).field == "key"
    source.key = ""
    assert refusal(source).field == "key"


def test_a_corrected_text_keeps_its_quotes_and_finds_them_again() -> None:
    source = make_source(text="We will launch next year.")
    citation = make_citation(make_commitment(), source, quote="launch next year")
    source.text = "Dear friends!\n\nWe will launch\nnext year."
    save(source)
    citation.refresh_from_db()
    assert source.text[citation.start : citation.end] == "launch\nnext year"


def test_a_text_that_loses_a_quote_is_refused() -> None:
    source = make_source(text="We will launch next year.")
    commitment = make_commitment()
    make_citation(commitment, source, quote="launch next year")
    source.text = "We will launch some day."
    error = refusal(source)
    assert error.field == "text"
    assert error.message == (
        f"This quote of {commitment.public_id} is not in the new text: “launch next year”. "
        "Correct it first."
    )


def test_a_text_that_is_added_later_has_to_hold_the_quotes() -> None:
    source = make_source()
    citation = make_citation(make_commitment(), source, quote="launch next year")
    source.text = "Nothing of the kind."
    assert refusal(source).field == "text"
    source.text = "We launch next year."
    save(source)
    citation.refresh_from_db()
    assert (citation.start, citation.end) == (3, 19)


def test_a_text_that_is_taken_away_leaves_the_quotes_without_a_place() -> None:
    source = make_source(text="We launch next year.")
    citation = make_citation(make_commitment(), source, quote="launch next year")
    source.text = ""
    save(source)
    citation.refresh_from_db()
    assert (citation.quote, citation.start, citation.end) == ("launch next year", None, None)
    assert Source.objects.get(pk=source.pk).text_sha256 == ""


@pytest.mark.parametrize(
    ("edit", "level"),
    [
        ({"independent": True}, "confirmed"),
        ({"kind": SourceKind.REPORT}, "documented"),
        ({"title": "Another title"}, "claimed"),
    ],
)
def test_evidence_is_weighed_again_where_the_source_shows_more_or_less(
    edit: dict[str, Any], level: str, editor: User
) -> None:
    source = make_source(kind=SourceKind.STATEMENT)
    reported, announced = make_commitment(), make_commitment(source=source)
    make_citation(reported, source, role=CitationRole.REPORTS)
    before = {row.pk: row.revision for row in Commitment.objects.all()}
    for name, value in edit.items():
        setattr(source, name, value)
    save_source(source=source, actor=editor, now=NOW, reason="Looked it up.")
    now = Commitment.objects.get(pk=reported.pk)
    raised = int(level != "claimed")
    assert (now.evidence, now.revision) == (level, before[now.pk] + raised)
    assert Commitment.objects.get(pk=announced.pk).revision == before[announced.pk]
    rows = list(Revision.objects.order_by("-number")[: 1 + raised])
    if raised:
        assert rows[0].commitment == reported
        assert rows[0].changes == {"evidence": ["claimed", level]}
        assert (rows[0].actor, rows[0].reason) == (editor, "Looked it up.")
    assert (rows[-1].record_type, rows[-1].record_id) == ("source", source.public_id)


def test_a_corrected_date_moves_what_counts_from_it(editor: User) -> None:
    source, commitment = make_source(date=date(2026, 1, 1)), make_commitment(window="")
    anchor_date(
        commitment=commitment,
        anchor=source,
        amount=1,
        unit=AnchorUnit.MONTH,
        actor=editor,
        now=NOW,
    )
    source.date = date(2026, 2, 1)
    save(source)
    assert Commitment.objects.get(pk=commitment.pk).window == "2026-02-01/2026-03-01"


def test_only_who_may_write_sources_does(nobody: User, editor: User) -> None:
    source = make_source()
    source.title = "Another"
    fresh = Source(title="New", kind=SourceKind.REPORT, date=date(2026, 1, 1))
    for one in (source, fresh):
        with pytest.raises(NotAllowed):
            save_source(source=one, actor=nobody, now=NOW)
    save_source(source=source, actor=editor, now=NOW)
    save_source(source=fresh, actor=editor, now=NOW)
    assert Citation.objects.count() == 0
