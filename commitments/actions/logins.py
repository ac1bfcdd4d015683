"""Letting people in again who have been shut out for wrong passwords."""

from __future__ import annotations

import logging
from collections.abc import Collection

from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from commitments.exceptions import NotAllowed
from commitments.models import User

logger = logging.getLogger(__name__)


@transaction.atomic
def let_in_again(*, ids: Collection[int], actor: User | None) -> int:
    """Forget the wrong passwords of the accounts and the addresses in these rows of axes.

    All of them, not only these rows: an account or address is shut out by their sum. Returns how
    many rows that were; None as the actor is the command line. Raises NotAllowed. Side effects, in
    order: the rows, a line in the log.
    """
    if actor is not None and not (actor.is_active and actor.is_superuser):
        raise NotAllowed(_("Only an administrator may let people in again."))
    chosen = list(AccessAttempt.objects.filter(pk__in=ids).values_list("username", "ip_address"))
    names, addresses = {name for name, _ip in chosen}, {ip for _name, ip in chosen}
    whole = AccessAttempt.objects.filter(Q(username__in=names) | Q(ip_address__in=addresses))
    count, _by_model = whole.delete()
    logger.info(
        "User %s let in again who had %d counts of wrong passwords", actor and actor.pk, count
    )
    return int(count)
