"""The people of the desk."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from commitments.models import User
from tests.builders import make_admin, make_approver, make_editor, make_user


@pytest.fixture
def editor(db: None) -> User:
    return make_editor("editor")


@pytest.fixture
def approver(db: None) -> User:
    return make_approver("approver")


@pytest.fixture
def admin(db: None) -> User:
    return make_admin("admin")


@pytest.fixture
def nobody(db: None) -> User:
    return make_user("nobody")


@pytest.fixture
def people(
    editor: User, approver: User, admin: User, nobody: User, settings: Settings
) -> dict[str, User]:
    """One in each role, at a desk where a verdict takes two."""
    settings.REQUIRE_SECOND_PERSON = True
    return {"nobody": nobody, "editor": editor, "approver": approver, "admin": admin}
