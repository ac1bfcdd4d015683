"""What a key may be used for. What its user may do is asked in the actions (`roles.py`).

Both limits hold: a key never gives more than its scopes, and never more than its user has now. A
person with a session has no scopes and is limited by the roles only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from commitments.api.refusals import ScopeMissing
from commitments.models import ApiKey, Commitment, Scope, User
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.roles import may

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it reads this very class when it is made

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
VIEW: Final = "commitments.view_commitment"


class NeedsScope(BasePermission):
    """The default of every view: who writes must say who it is, and a key must be made for it.

    A view says by method what it needs in `scopes`; None is "everybody". What it does not name is
    public for reading and needs `write` for the rest.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raise NotAuthenticated (401) or ScopeMissing (403), or be true."""
        scope = needed_scope(view, request.method or "")
        if scope is not None:
            demand_scope(request, scope)
        return True


def needed_scope(view: Any, method: str) -> Scope | None:
    """The scope that `method` needs at `view`; None where everybody may come.

    So may they with a method that the view has not: the answer is 405 for everybody.
    """
    if not hasattr(view, method.lower()):
        return None
    scopes: Mapping[str, Scope | None] = getattr(view, "scopes", {})
    if method == "HEAD":
        method = "GET"
    return scopes.get(method, None if method in SAFE else Scope.WRITE)


def demand_scope(request: Request, scope: Scope) -> None:
    """Raise unless the caller is known and, where it is a key, has `scope`."""
    if not request.user.is_authenticated:
        raise NotAuthenticated(_("Send a key with the scope “%(scope)s”.") % {"scope": scope.value})
    if not has_scope(request, scope):
        raise ScopeMissing(scope.value)


def has_scope(request: Request, scope: Scope) -> bool:
    """Whether a known caller is not kept from `scope` by its key."""
    if not request.user.is_authenticated:
        return False
    return scope in request.auth.scope_set if isinstance(request.auth, ApiKey) else True


def caller(request: Request) -> User:
    """The person who acts, for an action's `actor`; NotAuthenticated where nobody is known."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def findable_commitments(request: Request, *, scope: Scope = Scope.READ) -> CommitmentQuerySet:
    """Those that this caller may know of: the rest must look as if it did not exist (404).

    Everybody finds what is published. Who may see drafts at the desk finds all of them, with a
    key only where it has `scope`.
    """
    user = request.user
    if isinstance(user, User) and has_scope(request, scope) and may(user, VIEW):
        return Commitment.objects.all()
    return Commitment.objects.published()
