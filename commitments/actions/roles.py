"""The roles of the desk: the matrix of who may do what, and the action that puts it in place.

| role          | sees | enters and corrects | publishes, decides | users and groups |
|---------------|------|---------------------|--------------------|------------------|
| viewer        | yes  |                     |                    |                  |
| editor        | yes  | yes                 |                    |                  |
| approver      | yes  | yes                 | yes                |                  |
| administrator | yes  | yes                 | yes                | yes              |

The first three are groups. An administrator is a superuser: whoever may edit users could make one
of themselves, so a group that may do that and no more would only seem to be less. Nobody deletes.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from commitments.roles import APPROVE, APPROVERS, EDITORS, PUBLISH, VIEWERS

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
_SEE: Final = frozenset(f"view_{model}" for model in (*_WRITTEN, *_READ))
_EDIT: Final = _SEE | {f"{verb}_{model}" for verb in ("add", "change") for model in _WRITTEN}
_DECIDE: Final = frozenset(
    permission.removeprefix("commitments.") for permission in (PUBLISH, APPROVE)
)

# The matrix: codenames of the app `commitments`.
PERMISSIONS_OF: Final = {EDITORS: _EDIT, APPROVERS: _EDIT | _DECIDE, VIEWERS: _SEE}


@transaction.atomic
def create_roles(*, reset: bool = False) -> dict[str, Group]:
    """Make the groups of the desk with their permissions; returns them by name.

    A group that holds permissions already is left as an administrator has set it, so that this
    can run at every start; with `reset` it gets exactly those of the matrix again. Side effects,
    in order: each group, its permissions.
    """
    return {name: _role(name, codenames, reset=reset) for name, codenames in PERMISSIONS_OF.items()}


def _role(name: str, codenames: frozenset[str], *, reset: bool) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    if reset or not group.permissions.exists():
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="commitments", codename__in=codenames)
        )
    return group
