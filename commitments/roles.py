"""Who may do what at the desk: Django's permissions, in the words of the desk.

A viewer reads; an editor enters, corrects and proposes; an approver publishes and decides; a
postmaster looks after the mails and knows their readers. All are groups that `manage.py
setup_roles` creates (`commitments/actions/roles.py` has the matrix); an administrator may do all
of it.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Model
from django.utils.translation import gettext as _

from commitments.exceptions import NotAllowed
from commitments.models import User

VIEWERS: Final = "Viewers"
EDITORS: Final = "Editors"
APPROVERS: Final = "Approvers"
POSTMASTERS: Final = "Postmasters"

CHANGE: Final = "commitments.change_commitment"
PUBLISH: Final = "commitments.publish_commitment"
APPROVE: Final = "commitments.approve_status"


def write_permission(record: Model) -> str:
    """The permission to add `record`, or to change it where it is on record already."""
    verb = "add" if record._state.adding else "change"  # noqa: SLF001  # documented
    return f"commitments.{verb}_{record._meta.model_name}"  # noqa: SLF001  # documented


def may(user: User, permission: str) -> bool:
    """Whether an active user has `permission`."""
    return user.is_active and user.has_perm(permission)


def may_change_something(user: User) -> bool:
    """Whether an active user may do more than look: such a login needs a second factor."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    names = (permission.partition(".")[2] for permission in user.get_all_permissions())
    return any(not name.startswith("view_") for name in names)


def demand_of_a_person(actor: User | None, permission: str) -> None:
    """As `demand`; None is the command line, and whoever runs the site may do everything."""
    if actor is not None:
        demand(actor, permission)


def demand(user: User, permission: str) -> None:
    """Raise `NotAllowed` with a sentence where `user` lacks `permission`."""
    if may(user, permission):
        return
    sentences = {
        CHANGE: _("Only an editor may do this."),
        PUBLISH: _("Only an approver may publish or retract."),
        APPROVE: _("Only an approver may decide on a verdict."),
    }
    raise NotAllowed(sentences.get(permission, _("You may not do this.")))
