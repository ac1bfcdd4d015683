"""What a move of the status needs, who makes it, and what it writes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from commitments.actions.citations import cite_source
from commitments.actions.dates import anchor_date
from commitments.actions.status import (
    StatusMove,
    change_status,
    check_move,
    propose_status,
)
from commitments.enums import (
    AnchorUnit,
    ChangeKind,
    CitationRole,
    ReasonCode,
    SourceKind,
    Status,
)
from commitments.exceptions import (
    CircleError,
    InvalidInput,
    NotAllowed,
    StaleRevision,
    TransitionRefused,
)
from commitments.models import Citation, Commitment, Revision, StatusChange, User
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_document,
    make_source,
)
from tests.commitments.actions.attempts import outcome_of, refusal_of
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("effective", "expected"),
    [
        ("2026-11-23", "done"),
        ("2026-11-24", "done"),
        ("2026-11-25", "effective_in_future"),
        ("2026-11", "done"),
        ("2026-12", "effective_in_future"),
        ("2026-11-24/2027", "done"),
        ("2026-11-25/..", "effective_in_future"),
        ("../2030", "done"),
    ],
)
def test_change_status_refuses_a_first_day_after_today_at_the_place(
    effective: str, expected: str, editor: User, approver: User
) -> None:
    commitment = make_commitment(time_zone="Asia/Almaty")
    move = complete_move(commitment, Status.DELIVERED, effective=Window.parse(effective))
    # 18:59 in Greenwich is 23:59 in Almaty, still the 24th.
    late = datetime(2026, 11, 24, 18, 59, 59, 999_999, tzinfo=UTC)
    assert outcome_of(commitment, move, editor, approver, now=late) == expected


@pytest.mark.parametrize("time_zone", ["Asia/Almaty", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_not_delivered_waits_for_the_end_of_the_last_day_at_the_place(
    time_zone: str, editor: User, approver: User
) -> None:
    commitment = make_commitment(window="2026-11-20", time_zone=time_zone)
    move = complete_move(commitment, Status.NOT_DELIVERED, day=date(2026, 11, 1))
    hours = {"Asia/Almaty": 5, "Pacific/Kiritimati": 14, "Etc/GMT+12": -12}[time_zone]
    midnight = datetime(2026, 11, 21, tzinfo=UTC) - timedelta(hours=hours)
    found = []
    for instant in (midnight - timedelta(microseconds=1), midnight):
        _row, unmet = check_move(commitment=commitment, move=move, now=instant)
        found.append([need.code for need in unmet])
    assert found == [["needs_last_day_passed"], []]


@pytest.mark.parametrize(
    ("window", "refusal", "cited", "expected"),
    [
        ("2025", False, False, "done"),
        ("2025", True, True, "done"),
        ("2025", True, False, "needs_last_day_passed"),  # a refusal has to have its source
        ("2027", True, True, "done"),
        ("2027", True, False, "needs_last_day_passed"),
        ("2027", False, True, "needs_last_day_passed"),
        ("", False, True, "needs_last_day_passed"),
        ("", True, True, "done"),
        ("2024/..", False, True, "needs_last_day_passed"),
    ],
)
def test_not_delivered_needs_the_last_day_passed_or_a_refusal_with_its_source(
    window: str, refusal: bool, cited: bool, expected: str, editor: User, approver: User
) -> None:
    commitment = make_commitment(window=window)
    move = complete_move(commitment, Status.NOT_DELIVERED, explicit_refusal=refusal)
    if not cited:
        move = replace(move, citations=())
    assert outcome_of(commitment, move, editor, approver) == expected


@pytest.mark.parametrize(
    ("day", "used_before", "expected"),
    [
        (date(2026, 9, 30), False, "needs_newer_evidence"),
        (date(2026, 10, 1), False, "needs_newer_evidence"),
        (date(2026, 10, 2), False, "done"),
        (date(2026, 10, 3), False, "done"),
        (date(2026, 10, 2), True, "needs_newer_evidence"),
    ],
)
def test_a_stall_ends_with_evidence_of_its_first_day_or_later_that_was_not_used(
    day: date, used_before: bool, expected: str, editor: User
) -> None:
    stalled = make_commitment_in(Status.STALLED)  # since 2 October
    assert stalled.effective == "2026-10-02"
    used = tuple(stalled.status_changes.latest("pk").citations.all())
    cited = used if used_before else (make_citation(stalled, make_document(day)),)
    move = complete_move(stalled, Status.IN_PROGRESS, citations=cited)
    assert outcome_of(stalled, move, editor) == expected


def test_a_stall_does_not_end_with_a_used_new_source_and_an_unused_old_one(editor: User) -> None:
    stalled = make_commitment_in(Status.STALLED)
    used = tuple(stalled.status_changes.latest("pk").citations.all())
    old = make_citation(stalled, make_document(date(2020, 1, 1)))
    move = complete_move(stalled, Status.IN_PROGRESS, citations=(*used, old))
    assert refusal_of(stalled, move, editor).specific_code == "needs_newer_evidence"


def test_partly_to_delivered_does_not_take_a_used_document_with_a_new_claim(
    editor: User, approver: User
) -> None:
    partly = make_commitment_in(Status.PARTLY_DELIVERED)
    used = tuple(partly.status_changes.latest("pk").citations.all())
    claim = make_citation(partly, make_source(kind=SourceKind.STATEMENT))
    move = complete_move(partly, Status.DELIVERED, citations=(*used, claim))
    assert outcome_of(partly, move, editor, approver) == "needs_new_evidence"


def test_change_status_writes_the_change_the_commitment_and_one_row_of_the_log(
    editor: User, approver: User
) -> None:
    commitment = make_commitment(window="2025", time_zone="Asia/Almaty")
    move = complete_move(
        commitment,
        Status.PARTLY_DELIVERED,
        effective=Window.parse("2025-12~"),
        reason="One of two.",
    )
    before = Revision.objects.latest("number")
    change = change_status(
        commitment=commitment, move=move, actor=editor, approver=approver, now=NOW
    )
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.status, now.effective) == ("partly_delivered", "2025-12~")
    assert (now.effective_earliest, now.effective_latest) == (
        date(2025, 12, 1),
        date(2025, 12, 31),
    )
    assert now.changed_at == NOW
    assert (change.recorded_at, change.reason, change.reason_code, change.missing) == (
        NOW,
        "One of two.",
        ReasonCode.FUNDING,
        "The second half.",
    )
    assert change.since == date(2025, 12, 1)
    assert set(change.citations.all()) == set(move.citations)
    [row] = Revision.objects.filter(number__gt=before.number)
    assert row.kind == ChangeKind.STATUS_CHANGED
    assert (row.actor, row.approver, row.reason) == (editor, approver, "One of two.")
    assert row.revision == now.revision == change.revision
    assert row.changes["status"] == ["announced", "partly_delivered"]
    assert row.changes["effective"] == ["", "2025-12~"]
    assert row.changes["status_change"] == [None, change.log_state()]


def test_change_status_without_a_day_counts_from_the_day_at_the_place(editor: User) -> None:
    commitment = make_commitment(time_zone="Pacific/Kiritimati")
    move = complete_move(commitment, Status.STALLED, effective=Window.undated())
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # already the 25th there
    change = change_status(commitment=commitment, move=move, actor=editor, now=noon)
    assert change.since == date(2026, 11, 25)


def test_reopening_keeps_the_old_verdict_in_the_history(editor: User, approver: User) -> None:
    delivered = make_commitment_in(Status.DELIVERED)
    [_first, verdict] = delivered.status_changes.all()
    change_status(
        commitment=delivered,
        move=complete_move(delivered, Status.IN_PROGRESS, reason="It was not finished."),
        actor=approver,
        now=NOW,
    )
    changes = [(row.from_status, row.to_status) for row in delivered.status_changes.all()]
    assert changes == [
        ("", "announced"),
        ("announced", "delivered"),
        ("delivered", "in_progress"),
    ]
    assert StatusChange.objects.get(pk=verdict.pk).log_state() == verdict.log_state()


def test_superseded_names_its_successor_and_reopening_forgets_it(
    editor: User, approver: User
) -> None:
    commitment, successor = make_commitment(), make_commitment()
    move = complete_move(commitment, Status.SUPERSEDED, successor=successor)
    change = change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    assert change.successor == successor
    assert Commitment.objects.get(pk=commitment.pk).successor == successor
    reopened = complete_move(commitment, Status.ANNOUNCED)
    change_status(commitment=commitment, move=reopened, actor=approver, now=NOW)
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.status, now.successor) == ("announced", None)
    assert StatusChange.objects.get(pk=change.pk).successor == successor


@pytest.mark.parametrize("length", [1, 2, 3])
def test_superseding_refuses_a_circle_of_any_length(length: int, editor: User) -> None:
    chain = [make_commitment() for _number in range(length)]
    for earlier, later in itertools.pairwise(chain):
        move = complete_move(earlier, Status.SUPERSEDED, successor=later)
        change_status(commitment=earlier, move=move, actor=editor, now=NOW)
    closing = complete_move(chain[-1], Status.SUPERSEDED, successor=chain[0])
    before = whole_record()
    with pytest.raises(CircleError) as caught:
        change_status(commitment=chain[-1], move=closing, actor=editor, now=NOW)
    assert (caught.value.specific_code, caught.value.field) == ("circle", "successor")
    assert changed_tables(before) == set()


def test_superseding_sees_a_link_that_is_newer_than_the_object_at_hand(editor: User) -> None:
    first, second = make_commitment(), make_commitment()
    stale = Commitment.objects.get(pk=second.pk)
    assert stale.successor is None
    move = complete_move(second, Status.SUPERSEDED, successor=first)
    change_status(commitment=second, move=move, actor=editor, now=NOW)
    back = complete_move(first, Status.SUPERSEDED, successor=stale)
    with pytest.raises(CircleError):
        change_status(commitment=first, move=back, actor=editor, now=NOW)


def test_change_status_refuses_a_citation_of_another_commitment(editor: User) -> None:
    commitment, other = make_commitment(), make_commitment()
    move = complete_move(commitment, Status.IN_PROGRESS, citations=(make_citation(other),))
    with pytest.raises(InvalidInput) as caught:
        change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    assert caught.value.field == "citations"


def test_change_status_reads_its_citations_anew(editor: User) -> None:
    commitment = make_commitment()
    citation = make_citation(commitment, role=CitationRole.ANNOUNCES)
    pretended = Citation.objects.get(pk=citation.pk)
    pretended.role = CitationRole.REPORTS  # never saved
    move = complete_move(commitment, Status.IN_PROGRESS, citations=(pretended,))
    assert refusal_of(commitment, move, editor).specific_code == "needs_evidence"


def test_change_status_refuses_a_citation_that_was_removed(editor: User) -> None:
    commitment = make_commitment()
    citation = make_citation(commitment)
    gone = Citation.objects.get(pk=citation.pk)
    citation.delete()
    move = complete_move(commitment, Status.IN_PROGRESS, citations=(gone,))
    with pytest.raises(InvalidInput) as caught:
        change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    assert caught.value.field == "citations"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("reason", "a\x00b"),
        ("reason", "\ud83d"),
        ("reason", "x" * 2001),
        ("missing", "\u202eabc"),
        ("missing", "x" * 2001),
    ],
)
def test_change_status_refuses_text_that_the_record_cannot_hold(
    field: str, text: str, editor: User, approver: User
) -> None:
    commitment = make_commitment()
    words: dict[str, Any] = {field: text}
    move = replace(complete_move(commitment, Status.PARTLY_DELIVERED), **words)
    given: dict[str, Any] = {"commitment": commitment, "move": move, "actor": editor, "now": NOW}
    before = whole_record()
    for act in (
        lambda: change_status(approver=approver, **given),
        lambda: propose_status(**given),
    ):
        with pytest.raises(InvalidInput) as caught:
            act()
        assert caught.value.field == field
    assert changed_tables(before) == set()


def test_change_status_tells_the_second_editor_what_the_first_changed(editor: User) -> None:
    commitment = make_commitment()
    read = commitment.revision
    first = complete_move(commitment, Status.IN_PROGRESS)
    second = complete_move(commitment, Status.STALLED)
    read = Commitment.objects.get(pk=commitment.pk).revision
    change_status(commitment=commitment, move=first, actor=editor, now=NOW, expected_revision=read)
    with pytest.raises(StaleRevision) as caught:
        change_status(
            commitment=commitment, move=second, actor=editor, now=NOW, expected_revision=read
        )
    assert caught.value.current == read + 1
    assert caught.value.changed["status"] == ["announced", "in_progress"]
    assert Commitment.objects.get(pk=commitment.pk).status == "in_progress"


def test_delivery_moves_what_counts_from_it(editor: User, approver: User) -> None:
    signing = make_commitment(window="2025")
    entry = make_commitment(window="")
    anchor_date(
        commitment=entry, anchor=signing, amount=40, unit=AnchorUnit.DAY, actor=editor, now=NOW
    )
    assert Commitment.objects.get(pk=entry.pk).window == "2025-01-01/2026-02-09"
    move = complete_move(signing, Status.DELIVERED, day=date(2026, 3, 1))
    change_status(commitment=signing, move=move, actor=editor, approver=approver, now=NOW)
    assert Commitment.objects.get(pk=entry.pk).window == "2026-03-01/2026-04-10"


def test_check_move_writes_nothing_and_asks_little(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    before = whole_record()
    with django_assert_max_num_queries(3):
        row, unmet = check_move(commitment=commitment, move=move, now=NOW)
    assert (row.to_status, row.second_person, unmet) == (Status.DELIVERED, True, ())
    assert changed_tables(before) == set()


def test_check_move_refuses_a_move_that_the_table_does_not_have() -> None:
    commitment = make_commitment()
    move = StatusMove(to_status=Status.ANNOUNCED, effective=Window.undated())
    with pytest.raises(TransitionRefused) as caught:
        check_move(commitment=commitment, move=move, now=NOW)
    assert (caught.value.specific_code, caught.value.field) == ("no_such_move", "to_status")
    assert caught.value.message == "From “announced” there is no move to “announced”."


def test_a_value_of_the_move_is_never_a_status_by_itself(editor: User) -> None:
    """Citing a document that confirms moves the evidence, and nothing else."""
    commitment = make_commitment()
    citation = Citation(
        commitment=commitment,
        source=make_document(independent=True),
        role=CitationRole.CONFIRMS,
    )
    cite_source(citation=citation, actor=editor, now=NOW)
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.status, now.evidence) == ("announced", "confirmed")


def test_not_allowed_is_told_before_what_is_missing(nobody: User) -> None:
    commitment = make_commitment()
    empty = StatusMove(to_status=Status.DELIVERED, effective=Window.undated())
    with pytest.raises(NotAllowed) as caught:
        change_status(commitment=commitment, move=empty, actor=nobody, now=NOW)
    assert caught.value.message == "Only an editor may do this."
