"""The permission matrix cell by cell: each role at each page of the desk, by GET and by POST.

A cell is the answer's status: 200 a page, 403 refused, 405 no such method. A POST is sent with
nothing in it: whoever may, gets the page again with what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments.actions.roles import create_roles
from commitments.actions.status import propose_status
from commitments.enums import Status
from commitments.models import Commitment, Revision, User
from commitments.roles import APPROVERS, EDITORS, VIEWERS
from tests.builders import (
    NOW,
    complete_move,
    make_admin,
    make_commitment,
    make_editor,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

# A page, then GET and POST for viewer, editor, approver, administrator, somebody without a role.
MATRIX = """
commitment_changelist        200 200 200 200 403   200 200 200 200 403
commitment_add               403 200 200 200 403   403 200 200 200 403
commitment_change            200 200 200 200 403   403 200 200 200 403
commitment_diagram           200 200 200 200 403   405 405 405 405 405
commitment_status            403 200 200 200 403   405 405 405 405 405
commitment_review            403 200 200 200 403   403 200 200 200 403
commitment_publish           403 403 200 200 403   403 403 200 200 403
commitment_retract           403 200 200 200 403   403 200 200 200 403
commitment_date              403 200 200 200 403   403 200 200 200 403
commitment_evidence          403 200 200 200 403   403 200 200 200 403
commitment_status-stalled    403 200 200 200 403   403 200 200 200 403
commitment_status-delivered  403 200 200 200 403   403 200 200 200 403
source_changelist            200 200 200 200 403   200 200 200 200 403
source_add                   403 200 200 200 403   403 200 200 200 403
source_change                200 200 200 200 403   403 200 200 200 403
party_changelist             200 200 200 200 403   200 200 200 200 403
party_add                    403 200 200 200 403   403 200 200 200 403
party_change                 200 200 200 200 403   403 200 200 200 403
topic_changelist             200 200 200 200 403   200 200 200 200 403
topic_add                    403 200 200 200 403   403 200 200 200 403
topic_change                 200 200 200 200 403   403 200 200 200 403
statusproposal_changelist    200 200 200 200 403   200 200 200 200 403
statusproposal_add           403 403 403 403 403   403 403 403 403 403
statusproposal_change        200 200 200 200 403   403 403 403 403 403
statusproposal_approve       403 403 200 200 403   403 403 200 200 403
statusproposal_reject        403 403 200 200 403   403 403 200 200 403
revision_changelist          200 200 200 200 403   200 200 200 200 403
revision_add                 403 403 403 403 403   403 403 403 403 403
revision_change              200 200 200 200 403   403 403 403 403 403
user_changelist              403 403 403 200 403   403 403 403 200 403
user_add                     403 403 403 200 403   403 403 403 200 403
user_change                  403 403 403 200 403   403 403 403 200 403
"""
ROLES = ("viewer", "editor", "approver", "administrator", "stranger")
ROWS = {
    page: [int(cell) for cell in cells]
    for page, *cells in map(str.split, MATRIX.strip().splitlines())
}


def person_with(role: str) -> User:
    """Somebody at the desk with one role, and no permission beside it."""
    if role == "administrator":
        return make_admin()
    user = make_user(is_staff=True)
    groups = {"viewer": VIEWERS, "editor": EDITORS, "approver": APPROVERS}
    if role in groups:
        user.groups.add(create_roles()[groups[role]])
    return user


@pytest.fixture
def scene() -> dict[str, Any]:
    """A record of each kind, by the name of its model."""
    commitment = make_commitment(window="2025", topics=[make_topic("bridges")])
    move = complete_move(commitment, Status.DELIVERED)
    proposal = propose_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    return {
        "commitment": commitment,
        "source": commitment.citations.order_by("pk")[0].source,
        "party": commitment.involvements.order_by("pk")[0].party,
        "topic": commitment.topics.order_by("pk")[0],
        "statusproposal": proposal,
        "revision": Revision.objects.order_by("pk")[0],
        "user": proposal.actor,
    }


def address_of(page: str, scene: dict[str, Any]) -> str:
    """The address of a page of the matrix."""
    model, _, name = page.partition("_")
    paths = {"changelist": "", "add": "add/", "diagram": "status-diagram/"}
    path = paths.get(name, f"{scene[model].pk}/{name}/")
    return f"/admin/commitments/{model}/{path}"


def state_of_the_record() -> tuple[Any, ...]:
    return (
        Revision.objects.count(),
        list(Commitment.objects.values_list("pk", "revision", "publication", "status")),
        User.objects.filter(is_superuser=True).count(),
    )


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_page(
    role: str, method: str, scene: dict[str, Any], client: Client
) -> None:
    column = ROLES.index(role) + (len(ROLES) if method == "post" else 0)
    client.force_login(person_with(role))
    before = state_of_the_record()
    call: Callable[[str], Any] = getattr(client, method)
    found = {page: call(address_of(page, scene)).status_code for page in ROWS}
    assert found == {page: cells[column] for page, cells in ROWS.items()}
    assert state_of_the_record() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_login_every_page_asks_for_it(
    method: str, scene: dict[str, Any], client: Client
) -> None:
    call: Callable[[str], Any] = getattr(client, method)
    for page in ROWS:
        answer = call(address_of(page, scene))
        assert (answer.status_code, answer["Location"][:13]) == (302, "/admin/login/"), page


def test_front_page_lets_everybody_of_the_desk_in(client: Client) -> None:
    for role in ROLES:
        client.force_login(person_with(role))
        assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", ROLES[:-2])
def test_no_role_but_the_administrators_sees_people(role: str, client: Client) -> None:
    client.force_login(person_with(role))
    group = Group.objects.get(name=EDITORS)
    assert client.get("/admin/auth/group/").status_code == 403
    assert client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403
    assert Group.objects.filter(name=EDITORS).exists()


def test_nobody_deletes_anything(scene: dict[str, Any], client: Client) -> None:
    client.force_login(make_admin())
    for model, record in scene.items():
        address = f"/admin/commitments/{model}/{record.pk}/delete/"
        assert client.post(address, {"post": "yes"}).status_code == 403
        assert type(record).objects.filter(pk=record.pk).exists()
