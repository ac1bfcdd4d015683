"""Record and correct parties and topics."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import difference, lock_record, log_change, validated
from commitments.enums import ChangeKind
from commitments.exceptions import CircleError, InvalidInput
from commitments.models import Party, Topic, User
from commitments.roles import demand_of_a_person, write_permission

Kept = TypeVar("Kept", Party, Topic)


@transaction.atomic
def save_party(*, party: Party, actor: User | None, now: datetime, reason: str = "") -> Party:
    """Record a new `party`, or a correction of one; write nothing where nothing differs.

    Raises NotAllowed, InvalidInput, or CircleError where its bodies would close to a circle.
    Side effects, in order: the row, a row in the log.
    """
    demand_of_a_person(actor, write_permission(party))
    lock_record()
    validated(party)
    _refuse_circle(party)
    return _save(party, actor=actor, now=now, reason=reason)


@transaction.atomic
def save_topic(*, topic: Topic, actor: User | None, now: datetime, reason: str = "") -> Topic:
    """Record a new `topic`, or a correction of one; as `save_party`."""
    demand_of_a_person(actor, write_permission(topic))
    lock_record()
    validated(topic)
    return _save(topic, actor=actor, now=now, reason=reason)


def _save(record: Kept, *, actor: User | None, now: datetime, reason: str) -> Kept:
    before = type(record).objects.filter(pk=record.pk).first()
    if before and before.key != record.key:
        raise InvalidInput(_("The key is permanent: addresses and files name it."), field="key")
    changes = difference(before.log_state() if before else {}, record.log_state())
    if not changes:
        return record
    record.save()
    kind = ChangeKind.CORRECTED if before else ChangeKind.CREATED
    log_change(record=record, kind=kind, changes=changes, now=now, actor=actor, reason=reason)
    return record


def _refuse_circle(party: Party) -> None:
    seen = {party.pk} if party.pk else set()
    following = party.body_id
    while following is not None:
        if following in seen:
            raise CircleError(
                _("%(party)s would be part of itself; choose another body.") % {"party": party},
                field="body",
            )
        seen.add(following)
        following = Party.objects.values_list("body_id", flat=True).get(pk=following)
