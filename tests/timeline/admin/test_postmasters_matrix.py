"""The postmaster's column of the matrix of rights: what they may beside somebody without a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.actions.roles import create_roles
from commitments.roles import POSTMASTERS
from tests.builders import make_user
from tests.commitments.admin.addresses import address_of, furnish_the_desk
from tests.commitments.admin.test_roles_matrix import ROLES, ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# An address below /admin, then GET and POST; all others answer as they do without a role.
MATRIX = """
/timeline/outboxemail/                  200 200
/timeline/outboxemail/*/change/         200 403
/timeline/outboxemail/*/history/        200 200
/timeline/sendinghold/                  200 200
/timeline/sendinghold/*/change/         200 403
/timeline/sendinghold/*/history/        200 200
/timeline/sendinghold/*/lift/           200 200
/timeline/subscriber/                   200 200
/timeline/subscriber/*/change/          200 403
/timeline/subscriber/*/history/         200 200
"""
WITHOUT_A_ROLE = ROLES.index("stranger")
OWN = {
    name.removeprefix("/"): {"get": int(get), "post": int(post)}
    for name, get, post in map(str.split, MATRIX.strip().splitlines())
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_postmaster_at_each_page_acc06(method: str, client: Client) -> None:
    furnish_the_desk()
    person = make_user("post", is_staff=True)
    person.groups.add(create_roles()[POSTMASTERS])
    client.force_login(person)
    call: Callable[[str], Any] = getattr(client, method)
    found = {name: call(address_of(name)).status_code for name in ROWS}
    column = WITHOUT_A_ROLE + (len(ROLES) if method == "post" else 0)
    usual = {name: cells[column] for name, cells in ROWS.items()}
    assert found == usual | {name: cells[method] for name, cells in OWN.items()}
