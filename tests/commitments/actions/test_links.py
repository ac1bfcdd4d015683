"""Merge and split: the public ids stay alive."""

from __future__ import annotations

import pytest

from commitments.actions.links import Part, merge_commitments, split_commitment
from commitments.enums import Kind, PartyRole, Publication
from commitments.exceptions import CircleError, InvalidInput, NotAllowed
from commitments.models import Commitment, Revision
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

PARTS = (Part("First hall", Window.parse("2026")), Part("Second hall", Window.parse("2027")))


def merge(duplicate: Commitment, kept: Commitment) -> Commitment:
    return merge_commitments(
        duplicate=duplicate, kept=kept, actor=make_approver(), now=NOW, reason="The same bridge"
    )


def test_merged_one_leaves_the_lists_and_points_to_the_one_that_is_kept() -> None:
    kept, duplicate = make_commitment(), make_commitment()
    merge(duplicate, kept)
    duplicate.refresh_from_db()
    assert duplicate.publication == Publication.RETRACTED
    assert duplicate.duplicate_of == kept
    assert list(Commitment.objects.published()) == [kept]


def test_kept_one_gains_the_citations_that_it_lacks() -> None:
    shared, other = make_source(), make_source()
    kept, duplicate = make_commitment(source=shared), make_commitment(source=shared)
    third = make_commitment(source=other)
    merge(duplicate, kept)
    assert [citation.source for citation in kept.citations.all()] == [shared]
    merge(third, kept)
    assert {citation.source for citation in kept.citations.all()} == {shared, other}


def test_merging_is_logged_with_its_reason() -> None:
    kept, duplicate = make_commitment(), make_commitment()
    merge(duplicate, kept)
    rows = Revision.objects.filter(commitment=duplicate, reason="The same bridge")
    assert [row.kind for row in rows] == ["corrected", "retracted"]


def test_merge_refuses_itself_a_circle_and_what_was_taken_back() -> None:
    first, second = make_commitment(), make_commitment()
    with pytest.raises(CircleError):
        merge(first, first)
    merge(first, second)
    with pytest.raises(InvalidInput) as caught:
        merge(second, first)
    assert caught.value.field == "kept"


def test_merge_and_split_are_for_approvers() -> None:
    first, second = make_commitment(), make_commitment()
    editor = make_editor()
    with pytest.raises(NotAllowed):
        merge_commitments(duplicate=first, kept=second, actor=editor, now=NOW, reason="x")
    with pytest.raises(NotAllowed):
        split_commitment(commitment=first, parts=PARTS, actor=editor, now=NOW, reason="x")
    assert Commitment.objects.published().count() == 2


def test_split_makes_milestones_of_a_programme_that_keeps_its_id() -> None:
    party, topic, source = make_party(), make_topic(), make_source()
    whole = make_commitment(
        parties=[(party, PartyRole.RESPONSIBLE)], topics=[topic], source=source, place="Astana"
    )
    parts = split_commitment(
        commitment=whole, parts=PARTS, actor=make_approver(), now=NOW, reason="Two halls"
    )
    whole.refresh_from_db()
    assert (whole.kind, whole.publication) == (Kind.PROGRAMME, Publication.PUBLISHED)
    assert [(part.title, part.window, part.parent) for part in parts] == [
        ("First hall", "2026", whole),
        ("Second hall", "2027", whole),
    ]
    for part in parts:
        assert part.publication == Publication.PUBLISHED
        assert part.place == "Astana"
        assert list(part.topics.all()) == [topic]
        assert [(one.party, one.role) for one in part.involvements.all()] == [
            (party, "responsible")
        ]
        assert [citation.source for citation in part.citations.all()] == [source]


def test_split_of_a_draft_makes_drafts() -> None:
    whole = make_commitment(published=False)
    parts = split_commitment(
        commitment=whole, parts=PARTS, actor=make_approver(), now=NOW, reason="Two halls"
    )
    assert {part.publication for part in parts} == {Publication.DRAFT}


def test_split_needs_two_parts_and_writes_nothing_otherwise() -> None:
    whole = make_commitment()
    before = Revision.objects.count()
    with pytest.raises(InvalidInput) as caught:
        split_commitment(
            commitment=whole, parts=PARTS[:1], actor=make_approver(), now=NOW, reason="x"
        )
    assert caught.value.field == "parts"
    assert Revision.objects.count() == before
