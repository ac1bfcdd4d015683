"""The table itself: complete, without doubles, and readable by people."""

from __future__ import annotations

import itertools

from commitments.enums import FINAL_STATUSES, OPEN_STATUSES, Status
from commitments.roles import APPROVE, CHANGE
from commitments.transitions import (
    TABLE,
    Need,
    find_transition,
    sentence_of,
    transitions_from,
)


def test_no_cell_of_the_table_has_two_rows() -> None:
    cells = [(start, row.to_status) for row in TABLE for start in row.from_statuses]
    assert len(cells) == len(set(cells)) == 35


def test_a_status_is_open_or_final_and_never_moves_to_itself() -> None:
    assert set(Status) == OPEN_STATUSES | FINAL_STATUSES
    assert OPEN_STATUSES.isdisjoint(FINAL_STATUSES)
    assert [row for row in TABLE if row.to_status in row.from_statuses] == []


def test_find_and_from_agree_on_every_cell() -> None:
    for start, end in itertools.product(Status, Status):
        row = find_transition(start, end)
        assert (row is not None) == (end in {one.to_status for one in transitions_from(start)})
        assert row is None or (start in row.from_statuses and row.to_status is end)


def test_only_an_approver_reopens_and_only_a_judgement_takes_two() -> None:
    reopening = [row for row in TABLE if row.from_statuses == FINAL_STATUSES]
    assert {row.to_status for row in reopening} == {Status.ANNOUNCED, Status.IN_PROGRESS}
    assert {row.by for row in reopening} == {APPROVE}
    assert {row.by for row in TABLE if row not in reopening} == {CHANGE}
    by_two = {row.to_status for row in TABLE if row.second_person}
    assert by_two == FINAL_STATUSES - {Status.SUPERSEDED}


def test_every_status_can_be_left_and_every_final_one_reached() -> None:
    assert all(transitions_from(status) for status in Status)
    assert {row.to_status for row in TABLE} == set(Status)


def test_every_need_has_a_code_that_is_stable_and_a_sentence_that_says_what_to_do() -> None:
    assert {need.value for need in Need} == {
        "needs_evidence",
        "needs_newer_evidence",
        "needs_documented_evidence",
        "needs_new_evidence",
        "needs_reason",
        "needs_reason_code",
        "needs_missing_part",
        "needs_last_day_passed",
        "needs_withdrawal_source",
        "needs_successor",
        "needs_effective",
    }
    sentences = [str(sentence_of(need)) for need in Need]
    assert len(set(sentences)) == len(Need)
    assert all(sentence.endswith(".") for sentence in sentences)
