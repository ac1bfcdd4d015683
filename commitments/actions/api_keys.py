"""Keys of programs: issuing, revoking, and noting that one was used."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from commitments.actions.recording import validated
from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import ApiKey, Scope, User

NOTED_EVERY: Final = timedelta(minutes=1)
"""A busy key would otherwise write a row with every request."""

logger = logging.getLogger(__name__)


@transaction.atomic
def issue_key(
    *,
    user: User,
    name: str,
    scopes: Collection[str],
    actor: User | None,
    now: datetime,
    expiry_date: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key that acts for `user`; returns its row and the plain key, shown this once.

    A person of the desk makes keys for itself, an administrator for everybody; None is the command
    line. Raises NotAllowed, and InvalidInput by field (`name`, `scopes`, `expiry_date`, `user`).
    Side effects, in order: the row, a line in the log without the key.
    """
    _demand_own(user, actor)
    _check(user, scopes, expiry_date, now)
    given = " ".join(scope for scope in Scope.values if scope in scopes)
    key = ApiKey(user=user, name=name, scopes=given, created=now, expiry_date=expiry_date)
    plain = ApiKey.objects.assign_key(key)
    validated(key)
    key.save()
    logger.info("Key %s (%s) was issued for user %s", key.prefix, given, user.pk)
    return key, plain


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: User | None) -> ApiKey:
    """Let the key do nothing any more, for good; a revoked one stays revoked.

    Raises NotAllowed. Side effects, in order: the row, a line in the log.
    """
    current: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
    _demand_own(current.user, actor)
    if not current.revoked:
        current.revoked = True
        current.save(update_fields=["revoked"])
        logger.info("Key %s was revoked", current.prefix)
    return current


def note_use(*, key: ApiKey, now: datetime) -> bool:
    """Keep when the key was last used, to the minute; returns whether a row was written.

    Side effects: `last_used_at`, unless another process has noted the same minute.
    """
    before = now - NOTED_EVERY
    if key.last_used_at is not None and key.last_used_at > before:
        return False
    due = Q(last_used_at=None) | Q(last_used_at__lte=before)
    return ApiKey.objects.filter(due, pk=key.pk).update(last_used_at=now) > 0


def _demand_own(user: User, actor: User | None) -> None:
    if actor is None or (actor.is_active and (actor.pk == user.pk or actor.is_superuser)):
        return
    raise NotAllowed(_("Only an administrator may issue or revoke the keys of others."))


def _check(
    user: User, scopes: Collection[str], expiry_date: datetime | None, now: datetime
) -> None:
    if not user.is_active:
        raise InvalidInput(_("This account is closed; choose another person."), field="user")
    if not scopes:
        raise InvalidInput(_("Choose at least one scope."), field="scopes", code="required")
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        sentence = _("“%(value)s” is not known here. Known: %(known)s.")
        values = {"value": ", ".join(unknown), "known": ", ".join(Scope.values)}
        raise InvalidInput(sentence % values, field="scopes")
    if expiry_date is not None and expiry_date <= now:
        raise InvalidInput(_("Choose a time that is still to come."), field="expiry_date")
