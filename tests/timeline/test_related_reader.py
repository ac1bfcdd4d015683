"""Plain rows of relations say the same as the models do, and in parts the same as at once."""

from __future__ import annotations

from itertools import islice

import pytest
from django.http import QueryDict
from django.utils import translation

from commitments.actions.dates import move_date
from commitments.actions.status import change_status
from commitments.enums import CitationRole, PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from timeline import record_reader
from timeline.entries import Entry

pytestmark = pytest.mark.django_db


def make_full(number: int) -> Commitment:
    """A commitment with two or three of everything, part of it translated."""
    speaker = make_party(name="Speaker", translations={"ru": {"name": "Оратор"}})
    made = make_commitment(
        title=f"Opening {number}",
        window="2026",
        topics=[make_topic(f"b-{number}"), make_topic(f"a-{number}", name="A; b, c")],
        parties=[
            (make_party(translations={"kk": {"name": "Ел"}}), PartyRole.RESPONSIBLE),
            (speaker, PartyRole.PROMISED_BY),
        ],
        source=make_source(url="https://example.org/", archive_url="https://archive.example/"),
    )
    source = make_source(title="Talks", translations={"ru": {"title": "Переговоры"}})
    make_citation(made, source, quote="We will.", locator="p. 1", said_by=speaker)
    evidence = make_citation(made)
    make_citation(made, source, role=CitationRole.CONFIRMS)
    move_date(
        commitment=made,
        window=Window.parse("2027"),
        actor=make_editor(),
        reason="Later.",
        citations=[evidence],
        now=NOW,
    )
    move = complete_move(made, Status.IN_PROGRESS)
    change_status(
        commitment=made, move=move, actor=make_editor(), approver=make_approver(), now=NOW
    )
    return made


def from_models(language: str) -> list[Entry]:
    """The entries by way of the models' own relations."""
    return record_reader.entries_of(
        Commitment.objects.order_by("pk"), (), first=0, after=99, language=language, now=NOW
    )


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_plain_rows_make_the_same_entries_as_models(language: str) -> None:
    for number in range(2):
        make_full(number)
    make_commitment()
    found = {
        one.public_id: one
        for one in record_reader.read_entries(QueryDict(), language=language, now=NOW)
    }
    assert found == {one.public_id: one for one in from_models(language)}
    full = found[Commitment.objects.order_by("pk")[0].public_id]
    counts = [len(full.topics), len(full.parties), len(full.citations), len(full.moves)]
    assert (counts, [topic.key for topic in full.topics]) == ([2, 2, 5, 1], ["a-0", "b-0"])


@pytest.mark.parametrize("part", [1, 2, 3, 4, 500])
def test_parts_are_the_whole_in_its_order(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for window in ("2027", "2025", "", "2026"):
        make_commitment(window=window)
    monkeypatch.setattr("timeline.record_reader._PART", part)
    whole = record_reader.read_entries(QueryDict(), language="ru", now=NOW)
    assert len(whole) == 4
    assert list(record_reader.stream_entries(QueryDict(), language="ru", now=NOW)) == whole


def test_a_stream_leaves_the_language_of_its_reader_alone() -> None:
    make_commitment(translations={"ru": {"title": "Мост"}})
    with translation.override("kk"):
        stream = record_reader.stream_entries(QueryDict(), language="ru", now=NOW)
        assert [entry.title for entry in islice(stream, 1)] == ["Мост"]
        assert translation.get_language() == "kk"


def test_the_past_is_streamed_too() -> None:
    make_commitment()
    asked = QueryDict("as_of=2026-11-23")
    whole = record_reader.read_entries(asked, language="en", now=NOW)
    assert list(record_reader.stream_entries(asked, language="en", now=NOW)) == whole
    assert len(whole) == 1
