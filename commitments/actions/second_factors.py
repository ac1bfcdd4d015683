"""The second factor: setting a device up, using a code, new recovery codes, taking it away."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput, NotAllowed
from commitments.models import RecoveryCode, SecondFactor, User
from commitments.one_time_codes import hash_of_recovery_code, new_recovery_codes, period_of

logger = logging.getLogger(__name__)


@transaction.atomic
def enrol_device(
    *, user: User, salt: str, code: str, now: datetime, current_code: str = ""
) -> list[str]:
    """Make the device with this salt the second factor of `user`; returns ten recovery codes.

    The codes are nowhere else: only their hashes are kept. `code` shows that the device works. Who
    has a device already shows a code of it as `current_code`. Raises InvalidInput by field (`code`,
    `current_code`). Side effects, in order: the old device and its codes go, the new rows, a line
    in the log.
    """
    period = period_of(salt, code, now=now)
    if period is None:
        raise InvalidInput(_does_not_fit(), field="code")
    if _factor_of(user) is not None and not use_code(user=user, code=current_code, now=now):
        raise InvalidInput(_does_not_fit(), field="current_code")
    SecondFactor.objects.filter(user=user).delete()
    factor = SecondFactor.objects.create(user=user, salt=salt, last_period=period, enrolled_at=now)
    codes = _give_codes(factor)
    logger.info("User %s has set up a second factor", user.pk)
    return codes


def use_code(*, user: User, code: str, now: datetime) -> bool:
    """Whether `code` is one of the device of `user`, or a recovery code; each counts once.

    Two requests with the same code: the database lets one of them have it. Side effects: the
    period of the code or the use of the recovery code, and for the latter a line in the log.
    """
    factor = _factor_of(user)
    if factor is None:
        return False
    period = period_of(factor.salt, code, now=now, after=factor.last_period)
    if period is not None:
        fresh = SecondFactor.objects.filter(pk=factor.pk, last_period__lt=period)
        return fresh.update(last_period=period) == 1
    unused = factor.recovery_codes.filter(code_hash=hash_of_recovery_code(code), used_at=None)
    used = unused.update(used_at=now) == 1
    if used:
        logger.warning("User %s has used a recovery code", user.pk)
    return used


@transaction.atomic
def renew_recovery_codes(*, user: User, code: str, now: datetime) -> list[str]:
    """Replace the recovery codes of `user`, who shows a code; returns the new ones.

    Raises InvalidInput (`code`). Side effects, in order: the code is used, the old ones go, the new
    rows, a line in the log.
    """
    factor = _factor_of(user)
    if factor is None or not use_code(user=user, code=code, now=now):
        raise InvalidInput(_does_not_fit(), field="code")
    factor.recovery_codes.all().delete()
    codes = _give_codes(factor)
    logger.info("User %s has new recovery codes", user.pk)
    return codes


@transaction.atomic
def reset_second_factor(*, user: User, actor: User | None) -> bool:
    """Take the device of `user` away; returns whether there was one.

    Its sessions end with it, and the next login sets up another. An administrator does it for
    others, never for itself: a stolen session could else get rid of the device. None is the command
    line. Raises NotAllowed. Side effects, in order: the rows, a line in the log.
    """
    if actor is not None and not (actor.is_active and actor.is_superuser):
        raise NotAllowed(_("Only an administrator may reset a second factor."))
    if actor is not None and actor.pk == user.pk:
        raise NotAllowed(_("Your own device you change on the page of your second factor."))
    count, _by_model = SecondFactor.objects.filter(user=user).delete()
    if count:
        logger.warning("User %s reset the second factor of user %s", actor and actor.pk, user.pk)
    return count > 0


def _factor_of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


def _give_codes(factor: SecondFactor) -> list[str]:
    codes = new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(factor=factor, code_hash=hash_of_recovery_code(code)) for code in codes]
    )
    return codes


def _does_not_fit() -> str:
    return _("This code does not fit. Wait for the next one, and look whether the clock is right.")
