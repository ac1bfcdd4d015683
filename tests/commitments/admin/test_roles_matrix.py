"""The permission matrix cell by cell: each role at each address of the desk, by GET and by POST.

A cell is the answer's status: 200 a page, 302 led on, 400 a question that names nothing, 403
refused, 404 not there, 405 no such method. A POST is sent with nothing in it: whoever may, gets the
page again with what is missing. Addresses are named as in `addresses.py`; every one of the
resolver has its row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments.actions.roles import create_roles
from commitments.models import Commitment, Party, Revision, Source, Topic, User
from commitments.models import StatusProposal as Proposal
from commitments.roles import APPROVERS, EDITORS, VIEWERS
from tests.builders import make_admin, make_user
from tests.commitments.admin.addresses import address_of, furnish_the_desk, names_of_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# An address below /admin, then GET and POST for viewer, editor, approver, administrator, somebody
# without a role.
MATRIX = """
/                                                    200 200 200 200 200  200 200 200 200 200
/login/                                              302 302 302 302 302  200 200 200 200 200
/password_change/                                    200 200 200 200 200  200 200 200 200 200
/password_change/done/                               200 200 200 200 200  405 405 405 405 405
/second-factor/                                      200 200 200 200 200  200 200 200 200 200
/second-factor/enrol/                                200 200 200 200 200  200 200 200 200 200
/search/                                             200 200 200 200 200  200 200 200 200 200
/autocomplete/                                       200 200 200 200 403  405 405 405 405 405
/jsi18n/                                             200 200 200 200 200  405 405 405 405 405
/r/*/*/                                              404 404 404 404 404  404 404 404 404 404
/*/                                                  200 200 200 200 404  200 200 200 200 404
/*                                                   404 404 404 404 404  404 404 404 404 404
/commitments/commitment/                             200 200 200 200 403  200 200 200 200 403
/commitments/commitment/add/                         403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/                           302 302 302 302 302  302 302 302 302 302
/commitments/commitment/*/change/                    200 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/history/                   200 200 200 200 403  200 200 200 200 403
/commitments/commitment/*/delete/                    403 403 403 403 403  403 403 403 403 403
/commitments/commitment/*/status/                    403 200 200 200 403  405 405 405 405 405
/commitments/commitment/*/review/                    403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/to-draft/                  403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/merge/                     403 403 200 200 403  403 403 200 200 403
/commitments/commitment/*/split/                     403 403 200 200 403  403 403 200 200 403
/commitments/commitment/*/anchor/                    403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/occurrences/               403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/remove-target/             403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/retract/                   403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/date/                      403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/evidence/                  403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/value/                     403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/publish/                   403 403 200 200 403  403 403 200 200 403
/commitments/commitment/*/status-announced/          403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-in_progress/        403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-stalled/            403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-delivered/          403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-partly_delivered/   403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-not_delivered/      403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-withdrawn/          403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-superseded/         403 200 200 200 403  403 200 200 200 403
/commitments/commitment/*/status-unverifiable/       403 200 200 200 403  403 200 200 200 403
/commitments/commitment/read-back/                   200 200 200 200 403  405 405 405 405 405
/commitments/commitment/similar/                     200 200 200 200 403  405 405 405 405 405
/commitments/commitment/status-diagram/              200 200 200 200 403  405 405 405 405 405
/commitments/commitment/import/                      403 200 200 200 403  403 200 200 200 403
/commitments/commitment/import/write/                405 405 405 405 405  403 302 302 302 403
/commitments/commitment/export/*/                    200 200 200 200 403  405 405 405 405 405
/commitments/commitment/export/*/selected/           200 200 200 200 403  405 405 405 405 405
/commitments/commitment/bulk/*/                      405 405 405 405 405  403 404 404 404 403
/commitments/source/                                 200 200 200 200 403  200 200 200 200 403
/commitments/source/add/                             403 200 200 200 403  403 200 200 200 403
/commitments/source/*/                               302 302 302 302 302  302 302 302 302 302
/commitments/source/*/change/                        200 200 200 200 403  403 200 200 200 403
/commitments/source/*/history/                       200 200 200 200 403  200 200 200 200 403
/commitments/source/*/delete/                        403 403 403 403 403  403 403 403 403 403
/commitments/party/                                  200 200 200 200 403  200 200 200 200 403
/commitments/party/add/                              403 200 200 200 403  403 200 200 200 403
/commitments/party/*/                                302 302 302 302 302  302 302 302 302 302
/commitments/party/*/change/                         200 200 200 200 403  403 200 200 200 403
/commitments/party/*/history/                        200 200 200 200 403  200 200 200 200 403
/commitments/party/*/delete/                         403 403 403 403 403  403 403 403 403 403
/commitments/topic/                                  200 200 200 200 403  200 200 200 200 403
/commitments/topic/add/                              403 200 200 200 403  403 200 200 200 403
/commitments/topic/*/                                302 302 302 302 302  302 302 302 302 302
/commitments/topic/*/change/                         200 200 200 200 403  403 200 200 200 403
/commitments/topic/*/history/                        200 200 200 200 403  200 200 200 200 403
/commitments/topic/*/delete/                         403 403 403 403 403  403 403 403 403 403
/commitments/source/*/statement/                     403 200 200 200 403  403 200 200 200 403
/commitments/source/*/statement/marked/              403 200 200 200 403  405 405 405 405 405
/commitments/statusproposal/                         200 200 200 200 403  200 200 200 200 403
/commitments/statusproposal/add/                     403 403 403 403 403  403 403 403 403 403
/commitments/statusproposal/*/                       302 302 302 302 302  302 302 302 302 302
/commitments/statusproposal/*/change/                200 200 200 200 403  403 403 403 403 403
/commitments/statusproposal/*/history/               200 200 200 200 403  200 200 200 200 403
/commitments/statusproposal/*/delete/                403 403 403 403 403  403 403 403 403 403
/commitments/statusproposal/*/approve/               403 403 200 200 403  403 403 200 200 403
/commitments/statusproposal/*/reject/                403 403 200 200 403  403 403 200 200 403
/commitments/statusproposal/*/take-back/             403 200 200 200 403  403 200 200 200 403
/commitments/statusproposal/bulk/approve/            405 405 405 405 405  403 403 404 404 403
/commitments/revision/                               200 200 200 200 403  200 200 200 200 403
/commitments/revision/add/                           403 403 403 403 403  403 403 403 403 403
/commitments/revision/*/                             302 302 302 302 302  302 302 302 302 302
/commitments/revision/*/change/                      200 200 200 200 403  403 403 403 403 403
/commitments/revision/*/history/                     200 200 200 200 403  200 200 200 200 403
/commitments/revision/*/delete/                      403 403 403 403 403  403 403 403 403 403
/commitments/apikey/                                 200 200 200 200 403  200 200 200 200 403
/commitments/apikey/add/                             200 200 200 200 403  200 200 200 200 403
/commitments/apikey/*/                               302 302 302 302 302  302 302 302 302 302
/commitments/apikey/*/change/                        302 302 302 200 403  403 403 403 403 403
/commitments/apikey/*/history/                       302 302 302 200 302  302 302 302 200 302
/commitments/apikey/*/delete/                        403 403 403 403 403  403 403 403 403 403
/commitments/apikey/*/revoke/                        404 404 404 200 403  404 404 404 302 403
/commitments/user/                                   403 403 403 200 403  403 403 403 200 403
/commitments/user/add/                               403 403 403 200 403  403 403 403 200 403
/commitments/user/*/                                 302 302 302 302 302  302 302 302 302 302
/commitments/user/*/change/                          403 403 403 200 403  403 403 403 200 403
/commitments/user/*/history/                         403 403 403 200 403  403 403 403 200 403
/commitments/user/*/delete/                          403 403 403 403 403  403 403 403 403 403
/auth/group/                                         403 403 403 200 403  403 403 403 200 403
/auth/group/add/                                     403 403 403 200 403  403 403 403 200 403
/auth/group/*/                                       302 302 302 302 302  302 302 302 302 302
/auth/group/*/change/                                403 403 403 200 403  403 403 403 200 403
/auth/group/*/history/                               403 403 403 200 403  403 403 403 200 403
/auth/group/*/delete/                                403 403 403 403 403  403 403 403 403 403
/commitments/user/*/password/                        403 403 403 200 403  403 403 403 200 403
/timeline/outboxemail/                               403 403 403 200 403  403 403 403 200 403
/timeline/outboxemail/add/                           403 403 403 403 403  403 403 403 403 403
/timeline/outboxemail/*/                             302 302 302 302 302  302 302 302 302 302
/timeline/outboxemail/*/change/                      403 403 403 200 403  403 403 403 403 403
/timeline/outboxemail/*/history/                     403 403 403 200 403  403 403 403 200 403
/timeline/outboxemail/*/delete/                      403 403 403 403 403  403 403 403 403 403
/timeline/sendinghold/                               403 403 403 200 403  403 403 403 200 403
/timeline/sendinghold/add/                           403 403 403 403 403  403 403 403 403 403
/timeline/sendinghold/*/                             302 302 302 302 302  302 302 302 302 302
/timeline/sendinghold/*/change/                      403 403 403 200 403  403 403 403 403 403
/timeline/sendinghold/*/history/                     403 403 403 200 403  403 403 403 200 403
/timeline/sendinghold/*/delete/                      403 403 403 403 403  403 403 403 403 403
/timeline/sendinghold/*/lift/                        403 403 403 200 403  403 403 403 200 403
/timeline/subscriber/                                403 403 403 200 403  403 403 403 200 403
/timeline/subscriber/add/                            403 403 403 403 403  403 403 403 403 403
/timeline/subscriber/*/                              302 302 302 302 302  302 302 302 302 302
/timeline/subscriber/*/change/                       403 403 403 200 403  403 403 403 403 403
/timeline/subscriber/*/history/                      403 403 403 200 403  403 403 403 200 403
/timeline/subscriber/*/delete/                       403 403 403 403 403  403 403 403 403 403
/timeline/subscription/                              403 200 200 200 403  403 200 200 200 403
/timeline/subscription/add/                          403 200 200 200 403  403 200 200 200 403
/timeline/subscription/*/                            302 302 302 302 302  302 302 302 302 302
/timeline/subscription/*/change/                     403 200 200 200 403  403 403 403 403 403
/timeline/subscription/*/history/                    403 200 200 200 403  403 200 200 200 403
/timeline/subscription/*/delete/                     403 403 403 403 403  403 403 403 403 403
/timeline/ownerreport/                               403 200 200 200 403  403 200 200 200 403
/timeline/ownerreport/add/                           403 403 403 403 403  403 403 403 403 403
/timeline/ownerreport/*/                             302 302 302 302 302  302 302 302 302 302
/timeline/ownerreport/*/change/                      403 200 200 200 403  403 403 403 403 403
/timeline/ownerreport/*/history/                     403 200 200 200 403  403 200 200 200 403
/timeline/ownerreport/*/delete/                      403 403 403 403 403  403 403 403 403 403
/axes/accessattempt/                                 403 403 403 200 403  403 403 403 200 403
/axes/accessattempt/add/                             403 403 403 403 403  403 403 403 403 403
/axes/accessattempt/*/                               302 302 302 302 302  302 302 302 302 302
/axes/accessattempt/*/change/                        403 403 403 200 403  403 403 403 403 403
/axes/accessattempt/*/history/                       403 403 403 200 403  403 403 403 200 403
/axes/accessattempt/*/delete/                        403 403 403 403 403  403 403 403 403 403
/timeline/webhookendpoint/                           403 403 403 200 403  403 403 403 200 403
/timeline/webhookendpoint/add/                       403 403 403 403 403  403 403 403 403 403
/timeline/webhookendpoint/*/                         302 302 302 302 302  302 302 302 302 302
/timeline/webhookendpoint/*/change/                  403 403 403 200 403  403 403 403 403 403
/timeline/webhookendpoint/*/history/                 403 403 403 200 403  403 403 403 200 403
/timeline/webhookendpoint/*/delete/                  403 403 403 403 403  403 403 403 403 403
/timeline/webhookdelivery/                           403 403 403 200 403  403 403 403 200 403
/timeline/webhookdelivery/add/                       403 403 403 403 403  403 403 403 403 403
/timeline/webhookdelivery/*/                         302 302 302 302 302  302 302 302 302 302
/timeline/webhookdelivery/*/change/                  403 403 403 200 403  403 403 403 403 403
/timeline/webhookdelivery/*/history/                 403 403 403 200 403  403 403 403 200 403
/timeline/webhookdelivery/*/delete/                  403 403 403 403 403  403 403 403 403 403
"""
ROLES = ("viewer", "editor", "approver", "administrator", "stranger")
ROWS = {
    name.removeprefix("/"): [int(cell) for cell in cells]
    for name, *cells in map(str.split, MATRIX.strip().splitlines())
}
# It ends the login of whoever sends it, whatever their role.
LOGOUT = "logout/"


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
def addresses() -> dict[str, str]:
    """An example of every address, by its name, about a record that is there."""
    furnish_the_desk()
    return {name: address_of(name) for name in ROWS}


def state_of_the_record() -> tuple[Any, ...]:
    return (
        Revision.objects.count(),
        list(Commitment.objects.values_list("pk", "revision", "publication", "status")),
        list(Proposal.objects.values_list("pk", "state")),
        User.objects.filter(is_superuser=True).count(),
        list(Group.objects.values_list("pk", "name").order_by("pk")),
    )


def test_every_address_of_the_resolver_has_its_row() -> None:
    assert sorted([*ROWS, LOGOUT]) == sorted(names_of_addresses())


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_page_acc06(
    role: str, method: str, addresses: dict[str, str], client: Client
) -> None:
    column = ROLES.index(role) + (len(ROLES) if method == "post" else 0)
    client.force_login(person_with(role))
    before = state_of_the_record()
    call: Callable[[str], Any] = getattr(client, method)
    found = {name: call(address).status_code for name, address in addresses.items()}
    assert found == {name: cells[column] for name, cells in ROWS.items()}
    assert state_of_the_record() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_login_every_page_asks_for_it(
    method: str, addresses: dict[str, str], client: Client
) -> None:
    call: Callable[[str], Any] = getattr(client, method)
    found = {}
    for name, address in addresses.items():
        answer = call(address)
        found[name] = (answer.status_code, answer.headers.get("Location", "")[:13])
    asked = dict.fromkeys(ROWS, (302, "/admin/login/"))
    # Where a device is set up, who has shown a password only is let in (`test_second_factor.py`).
    assert found == {**asked, "login/": (200, "")}


def test_logout_is_by_post_and_ends_the_login(client: Client) -> None:
    client.force_login(person_with("viewer"))
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", ROLES[:-2])
def test_no_role_but_the_administrators_changes_groups(role: str, client: Client) -> None:
    client.force_login(person_with(role))
    group = Group.objects.get(name=EDITORS)
    assert client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403
    assert Group.objects.filter(name=EDITORS).exists()


def test_nobody_deletes_anything(client: Client) -> None:
    furnish_the_desk()
    client.force_login(make_admin())
    for model in (Commitment, Source, Party, Topic, Proposal, Revision, User):
        name = f"{model._meta.app_label}/{model._meta.model_name}/*/delete/"
        before = model._default_manager.count()
        assert client.post(address_of(name), {"post": "yes"}).status_code == 403
        assert (before > 0, model._default_manager.count()) == (True, before)


def test_refused_page_says_so_and_leads_back(client: Client) -> None:
    client.force_login(person_with("viewer"))
    answer = client.get("/admin/commitments/commitment/add/")
    assert answer.status_code == 403
    assert "Your role at the desk does not have this page." in answer.content.decode()
    assert 'href="/admin/"' in answer.content.decode()
