"""The people of the desk, logged in, with the roles as `create_roles` makes them."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.actions.roles import create_roles
from commitments.models import User
from commitments.roles import APPROVERS, EDITORS
from tests.builders import make_admin, make_user


def _member(name: str, role: str) -> User:
    user = make_user(name, is_staff=True)
    user.groups.add(create_roles()[role])
    return user


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who enters, corrects and proposes."""
    return _member("ainur", EDITORS)


@pytest.fixture
def approver(db: None) -> User:
    """Somebody who publishes and decides."""
    return _member("bolat", APPROVERS)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """An editor's browser."""
    client.force_login(editor)
    return client


@pytest.fixture
def approvers_desk(approver: User) -> Client:
    """An approver's browser."""
    client = Client()
    client.force_login(approver)
    return client


@pytest.fixture
def administrators_desk(db: None) -> Client:
    """An administrator's browser."""
    client = Client()
    client.force_login(make_admin("admin"))
    return client
