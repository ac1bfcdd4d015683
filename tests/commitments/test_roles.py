"""Who may do what, in a sentence where they may not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from commitments.enums import PartyKind
from commitments.exceptions import NotAllowed
from commitments.models import Party, Source
from commitments.roles import (
    APPROVE,
    CHANGE,
    PUBLISH,
    demand,
    demand_of_a_person,
    may,
    write_permission,
)
from tests.builders import (
    make_admin,
    make_approver,
    make_editor,
    make_party,
    make_user,
)

pytestmark = pytest.mark.django_db

ALL = (CHANGE, PUBLISH, APPROVE)


def test_each_role_may_what_the_desk_says() -> None:
    people = {
        "nobody": make_user(),
        "editor": make_editor(),
        "approver": make_approver(),
        "admin": make_admin(),
        "reader of the admin": make_user(is_staff=True),
        "editor who left": make_user(permissions=["change_commitment"], is_active=False),
        "admin who left": make_user(is_superuser=True, is_active=False),
    }
    found = {name: [may(user, one) for one in ALL] for name, user in people.items()}
    assert found == {
        "nobody": [False, False, False],
        "editor": [True, False, False],
        "approver": [True, True, True],
        "admin": [True, True, True],
        "reader of the admin": [False, False, False],
        "editor who left": [False, False, False],
        "admin who left": [False, False, False],
    }


@pytest.mark.parametrize(
    ("permission", "sentence"),
    [
        (CHANGE, "Only an editor may do this."),
        (PUBLISH, "Only an approver may publish or retract."),
        (APPROVE, "Only an approver may decide on a verdict."),
        ("commitments.change_party", "You may not do this."),
    ],
)
def test_demand_says_who_may(permission: str, sentence: str) -> None:
    demand(make_admin(), permission)
    for person in (make_user(), AnonymousUser()):
        with pytest.raises(NotAllowed) as caught:
            demand(person, permission)  # type: ignore[arg-type]
        assert (caught.value.specific_code, caught.value.message) == ("not_allowed", sentence)


def test_only_the_command_line_is_nobody() -> None:
    demand_of_a_person(None, APPROVE)
    with pytest.raises(NotAllowed):
        demand_of_a_person(make_user(), APPROVE)


def test_writing_what_is_new_is_adding_it() -> None:
    fresh = Party(key="kz", kind=PartyKind.COUNTRY, name="Kazakhstan")
    assert write_permission(fresh) == "commitments.add_party"
    assert write_permission(make_party()) == "commitments.change_party"
    assert write_permission(Source()) == "commitments.add_source"
