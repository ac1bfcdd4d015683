"""The roles of the desk, cell by cell."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from commitments.actions.roles import create_roles
from commitments.roles import APPROVERS, EDITORS, POSTMASTERS, VIEWERS

pytestmark = pytest.mark.django_db

RECORD = ["citation", "commitment", "involvement", "party", "source", "target", "topic"]
WRITTEN = {f"{verb}_{name}" for verb in ("add", "change", "view") for name in RECORD}
READ = {"view_revision", "view_statusproposal"}


def permissions_of(name: str) -> set[str]:
    """The codenames that a group holds."""
    found = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
    return set(found)


def test_roles_hold_what_the_matrix_says() -> None:
    assert set(create_roles()) == {VIEWERS, EDITORS, APPROVERS, POSTMASTERS}
    assert permissions_of(VIEWERS) == {one for one in WRITTEN if one[:5] == "view_"} | READ
    assert permissions_of(EDITORS) == WRITTEN | READ
    assert permissions_of(APPROVERS) == WRITTEN | READ | {"publish_commitment", "approve_status"}
    assert permissions_of(POSTMASTERS) == {
        "change_outboxemail",
        "view_outboxemail",
        "view_subscriber",
    }


def test_no_role_deletes_or_touches_people() -> None:
    create_roles()
    for permission in Permission.objects.filter(group__isnull=False):
        assert not permission.codename.startswith("delete_")
        assert not permission.codename.endswith("_user")


def test_roles_are_made_once_and_an_administrators_change_stays() -> None:
    create_roles()
    editors = Group.objects.get(name=EDITORS)
    editors.permissions.remove(Permission.objects.get(codename="add_topic"))
    create_roles()
    assert Group.objects.count() == 4
    assert "add_topic" not in permissions_of(EDITORS)


def test_group_that_holds_nothing_yet_is_filled() -> None:
    Group.objects.create(name=EDITORS)
    create_roles()
    assert permissions_of(EDITORS) == WRITTEN | READ


def test_reset_puts_the_matrix_back() -> None:
    create_roles()
    group = Group.objects.get(name=VIEWERS)
    group.permissions.set(Permission.objects.filter(codename__in=["add_topic", "view_user"]))
    create_roles(reset=True)
    assert permissions_of(VIEWERS) == {one for one in WRITTEN if one[:5] == "view_"} | READ


def test_command_makes_the_same_roles(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_roles")
    assert capsys.readouterr().out.splitlines() == [
        "Editors: 23 permissions",
        "Approvers: 25 permissions",
        "Viewers: 9 permissions",
        "Postmasters: 3 permissions",
    ]


def test_only_a_postmaster_sees_readers_and_their_mails() -> None:
    create_roles()
    for permission in Permission.objects.filter(content_type__app_label="timeline"):
        assert set(permission.group_set.values_list("name", flat=True)) <= {POSTMASTERS}
