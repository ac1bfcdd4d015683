"""Set or remove a measurable target, and report values for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import lock_commitment, log_change, touch, validated
from commitments.enums import ChangeKind
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, Source, Target, TargetValue, User
from commitments.roles import CHANGE, demand, demand_of_a_person
from commitments.window import Window


@transaction.atomic
def set_target(
    *,
    target: Target,
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
    reason: str = "",
) -> Target:
    """Set or correct what a commitment is measured by; nothing is written where nothing differs.

    Raises NotAllowed, StaleRevision, InvalidInput. Side effects, in order: the row, the
    commitment's revision, the log.
    """
    demand_of_a_person(actor, CHANGE)
    commitment = lock_commitment(target.commitment, expected_revision=expected_revision)
    before = Target.objects.filter(pk=target.pk).first()
    if before and before.commitment_id != target.commitment_id:
        raise InvalidInput(_("A target stays with its commitment."), field="commitment")
    validated(target)
    old, new = (str(before) if before else None), str(target)
    if old == new:
        return target
    target.save()
    _log(
        commitment,
        ChangeKind.CORRECTED,
        {"target": [old, new]},
        actor=actor,
        now=now,
        reason=reason,
    )
    return target


@transaction.atomic
def remove_target(
    *,
    commitment: Commitment,
    actor: User,
    now: datetime,
    reason: str,
    expected_revision: int | None = None,
) -> Commitment:
    """Take away a target that was set by mistake, for good or to set another one.

    The log keeps it. Values that were reported for it are a part of the history, and would mean
    nothing without it: then it stays, and is corrected. Raises NotAllowed, StaleRevision,
    InvalidInput. Side effects, in order: the row is deleted, the commitment's revision, the log.
    """
    demand(actor, CHANGE)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    target = Target.objects.filter(commitment=current).first()
    if target is None:
        raise InvalidInput(_("It has no target."), field="target")
    if target.values.exists():
        raise InvalidInput(why_target_stays(), field="target")
    if not reason.strip():
        raise InvalidInput(_("Say why it has no such target."), field="reason")
    target.delete()
    changes = {"target": [str(target), None]}
    _log(current, ChangeKind.CORRECTED, changes, actor=actor, now=now, reason=reason)
    return current


def why_target_stays() -> str:
    """The sentence of a target for which values were reported."""
    return _("Values were reported for it: correct the target instead; its history stays.")


@transaction.atomic
def report_value(
    *,
    target: Target,
    value: Decimal,
    period: Window,
    source: Source,
    actor: User,
    now: datetime,
    locator: str = "",
) -> TargetValue:
    """Add a value that `source` reports for `period`; it never changes a status by itself.

    Raises NotAllowed, InvalidInput. Side effects, in order: the row, the revision, the log.
    """
    demand(actor, CHANGE)
    commitment = lock_commitment(target.commitment)
    reported = TargetValue(
        target=target,
        value=value,
        period=str(period),
        source=source,
        locator=locator,
        recorded_at=now,
        actor=actor,
    )
    validated(reported)
    reported.save()
    changes = {"value": [None, reported.log_state()]}
    _log(commitment, ChangeKind.VALUE_REPORTED, changes, actor=actor, now=now, reason="")
    return reported


def _log(
    commitment: Commitment,
    kind: ChangeKind,
    changes: Mapping[str, object],
    *,
    actor: User | None,
    now: datetime,
    reason: str,
) -> None:
    touch(commitment, now=now)
    commitment.save()
    log_change(record=commitment, kind=kind, changes=changes, now=now, actor=actor, reason=reason)
