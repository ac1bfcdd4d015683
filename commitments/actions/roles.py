"""Create the roles of the desk: the groups and what each may do."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from commitments.roles import APPROVE, APPROVERS, EDITORS, PUBLISH

_WRITTEN: Final = (
    "commitment",
    "involvement",
    "citation",
    "target",
    "source",
    "party",
    "topic",
)
_READ: Final = ("statusproposal", "revision")
_EDIT: Final = frozenset(
    f"{verb}_{model}" for verb in ("add", "change", "view") for model in _WRITTEN
) | {f"view_{model}" for model in _READ}
_DECIDE: Final = frozenset(
    permission.removeprefix("commitments.") for permission in (PUBLISH, APPROVE)
)

# The matrix: codenames of the app `commitments`. Nobody may delete; users are for administrators.
PERMISSIONS_OF: Final = {EDITORS: _EDIT, APPROVERS: _EDIT | _DECIDE}


@transaction.atomic
def create_roles() -> list[Group]:
    """Make the groups of the desk with their permissions.

    A group that holds permissions already is left as an administrator has set it, so that this
    can run at every start. Side effects, in order: each group, its permissions.
    """
    return [_role(name, codenames) for name, codenames in PERMISSIONS_OF.items()]


def _role(name: str, codenames: frozenset[str]) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    if not group.permissions.exists():
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="commitments", codename__in=codenames)
        )
    return group
