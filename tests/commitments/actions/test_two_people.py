"""A verdict takes two people who may, unless the desk has one."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from commitments.actions.status import (
    change_status,
)
from commitments.enums import (
    FINAL_STATUSES,
    Status,
)
from commitments.models import User
from tests.builders import (
    NOW,
    complete_move,
    make_commitment,
    make_editor,
    make_user,
)
from tests.commitments.actions.attempts import outcome_of
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def test_a_verdict_is_not_approved_by_its_own_actor_acc06(approver: User) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    before = whole_record()
    assert outcome_of(commitment, move, approver, approver) == "own_proposal"
    again = User.objects.get(pk=approver.pk)  # the same person in another object
    assert outcome_of(commitment, move, approver, again) == "own_proposal"
    assert changed_tables(before) == set()


@pytest.mark.parametrize("who", ["editor", "nobody"])
def test_a_verdict_is_not_approved_by_who_may_not(who: str, people: dict[str, User]) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    actor = people["approver"]
    assert outcome_of(commitment, move, actor, people[who]) == "not_allowed"


def test_a_verdict_is_not_approved_by_who_has_left(editor: User, approver: User) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    User.objects.filter(pk=approver.pk).update(is_active=False)
    left = User.objects.get(pk=approver.pk)
    assert outcome_of(commitment, move, editor, left) == "not_allowed"
    admin_left = make_user(is_superuser=True, is_active=False)
    assert outcome_of(commitment, move, editor, admin_left) == "not_allowed"


def test_a_move_is_not_made_by_who_has_lost_the_permission(editor: User, approver: User) -> None:
    commitment = make_commitment()
    move = complete_move(commitment, Status.IN_PROGRESS)
    editor.user_permissions.clear()
    editor.groups.clear()
    assert outcome_of(commitment, move, User.objects.get(pk=editor.pk)) == "not_allowed"
    approver.user_permissions.clear()
    approver.groups.clear()
    verdict = complete_move(commitment, Status.DELIVERED)
    lost = User.objects.get(pk=approver.pk)
    assert outcome_of(commitment, verdict, make_editor(), lost) == "not_allowed"


@pytest.mark.parametrize("end", sorted(FINAL_STATUSES - {Status.SUPERSEDED}))
def test_a_desk_of_one_decides_alone_if_its_person_may_decide(
    end: Status, people: dict[str, User], settings: Settings
) -> None:
    settings.REQUIRE_SECOND_PERSON = False
    expected = {
        "editor": "not_allowed",
        "approver": "done",
        "admin": "done",
        "nobody": "not_allowed",
    }
    commitment = make_commitment(window="2025")
    move = complete_move(commitment, end)
    assert {name: outcome_of(commitment, move, one) for name, one in people.items()} == expected
    change = change_status(commitment=commitment, move=move, actor=people["approver"], now=NOW)
    assert change.approver is None


def test_a_desk_of_one_still_does_not_count_one_person_as_two(
    approver: User, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_PERSON = False
    commitment = make_commitment()
    move = complete_move(commitment, Status.DELIVERED)
    assert outcome_of(commitment, move, approver, approver) == "own_proposal"
