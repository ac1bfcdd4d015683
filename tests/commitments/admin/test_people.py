"""Users and groups: for administrators, and nobody is ever deleted."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from commitments.models import User
from commitments.roles import EDITORS

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("name", ["commitments_user", "auth_group"])
def test_editor_and_approver_cannot_touch_people(
    desk: Client, approvers_desk: Client, editor: User, name: str
) -> None:
    member = editor if name == "commitments_user" else editor.groups.get()
    for client in (desk, approvers_desk):
        for address in (
            reverse(f"admin:{name}_changelist"),
            reverse(f"admin:{name}_add"),
            reverse(f"admin:{name}_change", args=[member.pk]),
        ):
            assert client.get(address).status_code == 403
            assert client.post(address, {"is_superuser": "on"}).status_code == 403


def test_administrator_makes_an_editor(administrators_desk: Client, editor: User) -> None:
    sent = {
        "username": "dana",
        "usable_password": "true",
        "password1": "a-long-and-odd-phrase-9",
        "password2": "a-long-and-odd-phrase-9",
    }
    response = administrators_desk.post(reverse("admin:commitments_user_add"), sent)
    dana = User.objects.get(username="dana")
    address = reverse("admin:commitments_user_change", args=[dana.pk])
    assert response.headers["location"] == address
    page = administrators_desk.get(address)
    assert page.status_code == 200
    role = Group.objects.get(name=EDITORS)
    joined = {"date_joined_0": "2026-11-24", "date_joined_1": "09:00:00"}
    sent = {"username": "dana", "is_active": "on", "is_staff": "on", "groups": str(role.pk)}
    assert administrators_desk.post(address, {**sent, **joined}).status_code == 302
    assert User.objects.get(username="dana").has_perm("commitments.add_commitment")


@pytest.mark.parametrize("name", ["commitments_user", "auth_group"])
def test_nobody_is_deleted(administrators_desk: Client, editor: User, name: str) -> None:
    member = editor if name == "commitments_user" else editor.groups.get()
    address = reverse(f"admin:{name}_delete", args=[member.pk])
    assert administrators_desk.post(address, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [member.pk], "post": "yes"}
    administrators_desk.post(reverse(f"admin:{name}_changelist"), bulk)
    assert User.objects.filter(pk=editor.pk).exists()
    assert Group.objects.filter(name=EDITORS).exists()


def test_role_is_shown_to_administrators(administrators_desk: Client, editor: User) -> None:
    address = reverse("admin:auth_group_change", args=[editor.groups.get().pk])
    assert administrators_desk.get(address).status_code == 200
