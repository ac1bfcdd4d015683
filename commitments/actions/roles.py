"""The roles of the desk: the matrix of who may do what, and the action that puts it in place.

| role          | sees | enters, corrects | publishes, decides | mails, readers | users, groups |
|---------------|------|------------------|--------------------|----------------|---------------|
| viewer        | yes  |                  |                    |                |               |
| editor        | yes  | yes              |                    |                |               |
| approver      | yes  | yes              | yes                |                |               |
| postmaster    |      |                  |                    | sees, repeats  |               |
| administrator | yes  | yes              | yes                | yes            | yes           |

Who keeps the record need not know its readers' addresses: postmaster is a role of its own, which
somebody may hold beside another. The first four are groups. An administrator is a superuser:
whoever may edit users could make one of themselves, so a group that may do that and no more would
only seem to be less. Nobody deletes.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from commitments.roles import APPROVE, APPROVERS, EDITORS, POSTMASTERS, PUBLISH, VIEWERS

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

# The matrix: codenames of the app `commitments`, and of the app that sends mail.
PERMISSIONS_OF: Final = {EDITORS: _EDIT, APPROVERS: _EDIT | _DECIDE, VIEWERS: _SEE}
MAIL_PERMISSIONS_OF: Final = {
    POSTMASTERS: frozenset({"view_outboxemail", "change_outboxemail", "view_subscriber"})
}


@transaction.atomic
def create_roles(*, reset: bool = False) -> dict[str, Group]:
    """Make the groups of the desk with their permissions; returns them by name.

    A group that holds permissions already is left as an administrator has set it, so that this
    can run at every start; with `reset` it gets exactly those of the matrix again. Side effects,
    in order: each group, its permissions.
    """
    apps = {"commitments": PERMISSIONS_OF, "timeline": MAIL_PERMISSIONS_OF}
    return {
        name: _role(name, app, codenames, reset=reset)
        for app, roles in apps.items()
        for name, codenames in roles.items()
    }


def _role(name: str, app: str, codenames: frozenset[str], *, reset: bool) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    if reset or not group.permissions.exists():
        group.permissions.set(
            Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
        )
    return group
