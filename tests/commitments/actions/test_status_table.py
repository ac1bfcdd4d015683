"""Every cell of status x status x role, and every need of the table unmet and met."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from commitments.actions.status import (
    StatusMove,
    change_status,
    check_move,
    propose_status,
)
from commitments.enums import (
    CitationRole,
    SourceKind,
    Status,
)
from commitments.exceptions import (
    TransitionRefused,
)
from commitments.models import Commitment, User
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_commitment_in,
    make_source,
)
from tests.commitments.actions.attempts import outcome, outcome_of, refusal_of
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db

OPEN = (Status.ANNOUNCED, Status.IN_PROGRESS, Status.STALLED)
FINAL = (
    Status.DELIVERED,
    Status.PARTLY_DELIVERED,
    Status.NOT_DELIVERED,
    Status.WITHDRAWN,
    Status.SUPERSEDED,
    Status.UNVERIFIABLE,
)
EDITOR_ALONE, TWO_PEOPLE, APPROVER_ALONE = "editor", "two", "approver"

# The table of the design once more, written by hand: who may, and the codes of the needs in order.
DESIGN: dict[tuple[Status, Status], tuple[str, tuple[str, ...]]] = {
    (Status.ANNOUNCED, Status.IN_PROGRESS): (EDITOR_ALONE, ("needs_evidence",)),
    (Status.ANNOUNCED, Status.STALLED): (EDITOR_ALONE, ("needs_evidence", "needs_reason_code")),
    (Status.IN_PROGRESS, Status.STALLED): (EDITOR_ALONE, ("needs_evidence", "needs_reason_code")),
    (Status.STALLED, Status.IN_PROGRESS): (EDITOR_ALONE, ("needs_newer_evidence",)),
    **{
        (start, end): cell
        for start in OPEN
        for end, cell in {
            Status.DELIVERED: (TWO_PEOPLE, ("needs_documented_evidence", "needs_effective")),
            Status.PARTLY_DELIVERED: (
                TWO_PEOPLE,
                ("needs_documented_evidence", "needs_missing_part", "needs_effective"),
            ),
            Status.NOT_DELIVERED: (TWO_PEOPLE, ("needs_last_day_passed", "needs_reason_code")),
            Status.WITHDRAWN: (TWO_PEOPLE, ("needs_withdrawal_source",)),
            Status.SUPERSEDED: (EDITOR_ALONE, ("needs_successor",)),
            Status.UNVERIFIABLE: (TWO_PEOPLE, ("needs_reason",)),
        }.items()
    },
    **{
        (start, end): (APPROVER_ALONE, ("needs_reason", "needs_evidence"))
        for start in FINAL
        for end in (Status.ANNOUNCED, Status.IN_PROGRESS)
    },
    (Status.PARTLY_DELIVERED, Status.DELIVERED): (
        TWO_PEOPLE,
        ("needs_new_evidence", "needs_effective"),
    ),
}
# "Not delivered" of a window that has not passed is left to an explicit refusal.
NOT_PASSED = "2027"


ALONE = {
    None: ("no_such_move", "no_such_move", "no_such_move", "no_such_move"),
    EDITOR_ALONE: ("not_allowed", "done", "done", "done"),
    TWO_PEOPLE: ("not_allowed", *["needs_second_person"] * 3),
    APPROVER_ALONE: ("not_allowed", "not_allowed", "done", "done"),
}
WITH_AN_APPROVER = ALONE | {TWO_PEOPLE: ("not_allowed", "done", "done", "done")}
PROPOSED = {
    None: ("no_such_move", "no_such_move", "no_such_move", "no_such_move"),
    EDITOR_ALONE: ("not_allowed", *["needs_no_approval"] * 3),
    TWO_PEOPLE: ("not_allowed", "done", "done", "done"),
    APPROVER_ALONE: ("not_allowed", "not_allowed", *["needs_no_approval"] * 2),
}


@pytest.mark.parametrize("start", Status)
def test_every_cell_of_status_status_and_role_is_as_designed_acc06(
    start: Status, people: dict[str, User]
) -> None:
    commitment, second = make_commitment_in(start), make_approver()
    moves = {end: complete_move(commitment, end, day=date(2026, 11, 2)) for end in Status}
    before = whole_record()
    found, expected = {}, {}
    for (end, move), (name, person) in itertools.product(moves.items(), people.items()):
        who = DESIGN.get((start, end), (None,))[0]
        column = list(people).index(name)
        propose = functools.partial(
            propose_status, commitment=commitment, move=move, actor=person, now=NOW
        )
        found[end, name] = (
            outcome_of(commitment, move, person),
            outcome_of(commitment, move, person, second),
            outcome(propose),
        )
        expected[end, name] = (
            ALONE[who][column],
            WITH_AN_APPROVER[who][column],
            PROPOSED[who][column],
        )
    assert found == expected
    assert changed_tables(before) == set()


@pytest.mark.parametrize(("start", "end"), list(DESIGN))
def test_a_move_that_may_be_made_is_made(
    start: Status, end: Status, editor: User, approver: User
) -> None:
    who = DESIGN[start, end][0]
    commitment, second = make_commitment_in(start), make_approver()
    actor = approver if who == APPROVER_ALONE else editor
    change = change_status(
        commitment=commitment,
        move=complete_move(commitment, end, day=date(2026, 11, 2)),
        actor=actor,
        approver=second,
        now=NOW,
    )
    assert (change.from_status, change.to_status) == (start, end)
    assert Commitment.objects.get(pk=commitment.pk).status == end
    # Where no second person is asked for, none is named.
    assert (change.actor, change.approver) == (actor, second if who == TWO_PEOPLE else None)


def without(code: str, commitment: Commitment, move: StatusMove) -> StatusMove:
    """`move` with exactly the need of `code` unmet."""
    claim = make_source(kind=SourceKind.STATEMENT, date=date(2026, 11, 2))
    if code in {"needs_evidence", "needs_documented_evidence", "needs_withdrawal_source"}:
        weak = {
            "needs_evidence": (
                make_citation(commitment, claim, role=CitationRole.CONTRADICTS),
                make_citation(commitment, claim, role=CitationRole.ANNOUNCES),
            ),
            "needs_documented_evidence": (make_citation(commitment, claim),),
            "needs_withdrawal_source": (),
        }
        return replace(move, citations=weak[code])
    if code in {"needs_newer_evidence", "needs_new_evidence"}:
        used = commitment.status_changes.latest("pk").citations.all()
        return replace(move, citations=tuple(used))
    if code == "needs_last_day_passed":
        return replace(move, citations=())
    emptied: dict[str, dict[str, Any]] = {
        "needs_reason": {"reason": " \n"},
        "needs_reason_code": {"reason_code": None},
        "needs_missing_part": {"missing": "  "},
        "needs_effective": {"effective": Window.undated()},
        "needs_successor": {"successor": None},
    }
    return replace(move, **emptied[code])


FIELDS = {
    "needs_evidence": "citations",
    "needs_newer_evidence": "citations",
    "needs_documented_evidence": "citations",
    "needs_new_evidence": "citations",
    "needs_withdrawal_source": "citations",
    "needs_reason": "reason",
    "needs_reason_code": "reason_code",
    "needs_missing_part": "missing",
    "needs_effective": "effective",
    "needs_successor": "successor",
    "needs_last_day_passed": "explicit_refusal",
}


@pytest.mark.parametrize(("start", "end"), list(DESIGN))
def test_change_status_names_the_one_need_that_is_unmet(
    start: Status, end: Status, people: dict[str, User]
) -> None:
    window = NOT_PASSED if end is Status.NOT_DELIVERED else "2025"
    commitment = make_commitment_in(start, window=window)
    complete = replace(
        complete_move(commitment, end, day=date(2026, 11, 2)),
        explicit_refusal=end is Status.NOT_DELIVERED,
    )
    actor, second = people["approver"], make_approver()
    assert outcome_of(commitment, complete, actor, second) == "done"
    for code in DESIGN[start, end][1]:
        move = without(code, commitment, complete)
        before = whole_record()
        _row, unmet = check_move(commitment=commitment, move=move, now=NOW)
        assert [need.code for need in unmet] == [code]
        error = refusal_of(commitment, move, actor)
        assert (error.specific_code, error.field) == (code, FIELDS[code])
        assert error.message == str(unmet[0].sentence)
        with pytest.raises(TransitionRefused) as caught:
            propose_status(commitment=commitment, move=move, actor=actor, now=NOW)
        assert caught.value.specific_code == code
        assert changed_tables(before) == set()


@pytest.mark.parametrize("start", Status)
def test_change_status_says_all_that_is_missing_in_the_order_of_the_needs(
    start: Status, people: dict[str, User]
) -> None:
    commitment = make_commitment_in(start)
    # As if it had been promised for later: then "not delivered" lacks its passed day as well.
    commitment.set_window(Window.parse(NOT_PASSED))
    commitment.save()
    for end in [end for begin, end in DESIGN if begin is start]:
        empty = StatusMove(to_status=end, effective=Window.undated())
        _row, unmet = check_move(commitment=commitment, move=empty, now=NOW)
        assert tuple(need.code for need in unmet) == DESIGN[start, end][1]
        error = refusal_of(commitment, empty, people["admin"])
        assert error.specific_code == unmet[0].code
        assert error.message == " ".join(str(need.sentence) for need in unmet)
