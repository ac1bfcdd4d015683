"""Record a commitment, and correct what was entered wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import (
    difference,
    lock_commitment,
    lock_record,
    log_change,
    touch,
    validated,
)
from commitments.actions.versions import full_state
from commitments.enums import ChangeKind, Evidence, PartyRole, Publication, Status
from commitments.exceptions import CircleError, InvalidInput
from commitments.models import Commitment, Involvement, Party, StatusChange, Topic, User
from commitments.public_ids import new_public_id
from commitments.roles import CHANGE, demand_of_a_person
from commitments.time_zones import day_at
from commitments.transitions import FIRST_STATUSES
from commitments.window import Window

# What `correct_commitment` may change. Window, status and publication have actions of their own.
CORRECTABLE = frozenset(
    {
        "title",
        "summary",
        "note",
        "language",
        "kind",
        "strength",
        "wording",
        "hemisphere",
        "time_zone",
        "place",
        "parent",
        "duplicate_of",
        "translations",
    }
)


Parts = Iterable[tuple[Party, PartyRole]]


@transaction.atomic
def record_commitment(
    *,
    commitment: Commitment,
    window: Window,
    parties: Parts,
    topics: Iterable[Topic],
    actor: User | None,
    now: datetime,
    first_status: Status = Status.ANNOUNCED,
    effective: Window | None = None,
    reason: str = "",
) -> Commitment:
    """Record an unsaved `commitment` as a draft with its window, parties and topics.

    `first_status` is what the source reports on the day of the record (`FIRST_STATUSES`).
    Raises NotAllowed, InvalidInput or CircleError. Side effects, in order: the row with its
    parties and topics, its first StatusChange, a row in the log.
    """
    demand_of_a_person(actor, CHANGE)
    lock_record()
    _begin(commitment, first_status, now)
    validated(commitment)
    commitment.set_window(window)
    commitment.set_effective(effective or Window.undated())
    _refuse_future(commitment, now)
    refuse_circles(commitment)
    commitment.save()
    commitment.topics.add(*topics)
    _add_parties(commitment, {(party, PartyRole(role)) for party, role in parties})
    change = StatusChange(
        commitment=commitment,
        from_status="",
        to_status=first_status,
        effective=commitment.effective,
        since=commitment.effective_earliest or day_at(commitment.time_zone, now),
        recorded_at=now,
        actor=actor,
        reason=reason,
        revision=commitment.revision,
    )
    validated(change)
    change.save()
    changes = difference({}, full_state(commitment))
    changes["status_change"] = [None, change.log_state()]
    log_change(
        record=commitment,
        kind=ChangeKind.CREATED,
        changes=changes,
        now=now,
        actor=actor,
        reason=reason,
    )
    return commitment


def _begin(commitment: Commitment, first_status: Status, now: datetime) -> None:
    """What a new record is, whatever its maker has set: nothing comes in by another door."""
    if not commitment._state.adding:  # noqa: SLF001  # Django's documented name
        raise InvalidInput(_("This is on record already: correct it."))
    if first_status not in FIRST_STATUSES:
        raise InvalidInput(_("A record does not begin with this status."), field="status")
    commitment.key = commitment.key or None
    commitment.status = first_status
    commitment.publication = Publication.DRAFT
    commitment.evidence = Evidence.NONE
    commitment.published_at = commitment.retracted_at = commitment.evidence_checked_on = None
    commitment.successor = None
    commitment.revision = 1
    commitment.created_at = commitment.changed_at = now
    while Commitment.objects.filter(public_id=commitment.public_id).exists():
        commitment.public_id = new_public_id()


def _refuse_future(commitment: Commitment, now: datetime) -> None:
    since = commitment.effective_earliest
    if since is not None and since > day_at(commitment.time_zone, now):
        raise InvalidInput(
            _("The day since when it is so cannot be in the future."), field="effective"
        )


@transaction.atomic
def correct_commitment(
    *,
    commitment: Commitment,
    fields: dict[str, Any],
    actor: User | None,
    now: datetime,
    parties: Parts | None = None,
    topics: Sequence[Topic] | None = None,
    expected_revision: int | None = None,
    reason: str = "",
) -> Commitment:
    """Correct `fields` (`CORRECTABLE`) and, where given, the whole lists of parties and topics.

    Writes nothing where nothing differs. Raises NotAllowed, StaleRevision, InvalidInput,
    CircleError. Side effects, in order: the row, its parties and topics, its revision, a row in
    the log.
    """
    demand_of_a_person(actor, CHANGE)
    unknown = sorted(set(fields) - CORRECTABLE)
    if unknown:
        raise InvalidInput(_("This cannot be corrected here."), field=unknown[0])
    current = lock_commitment(commitment, expected_revision=expected_revision)
    before = full_state(current)
    for name, value in fields.items():
        setattr(current, name, value)
    validated(current)
    _refuse_turning_seasons(current)
    refuse_circles(current)
    if topics is not None:
        current.topics.set(topics)
    if parties is not None:
        _set_parties(current, parties)
    changes = difference(before, full_state(current))
    if not changes:
        return current
    touch(current, now=now)
    current.save()
    log_change(
        record=current,
        kind=ChangeKind.CORRECTED,
        changes=changes,
        now=now,
        actor=actor,
        reason=reason,
    )
    return current


def refuse_circles(commitment: Commitment) -> None:
    """Raise CircleError where a chain of parents, successors or doubles leads back to it."""
    for field in ("parent", "successor", "duplicate_of", "anchor_commitment"):
        seen = {commitment.pk} if commitment.pk else set()
        following = getattr(commitment, f"{field}_id")
        while following is not None:
            if following in seen:
                raise CircleError(
                    _("This would close a circle; choose another commitment."), field=field
                )
            seen.add(following)
            # Read anew: what hangs on an instance may be older than the lock.
            links = Commitment.objects.values_list(f"{field}_id", flat=True)
            following = links.get(pk=following)


def _refuse_turning_seasons(commitment: Commitment) -> None:
    """Raise InvalidInput where another hemisphere would give the window other months."""
    there = commitment.at_its_place(Window.parse(commitment.window))
    if str(there) != commitment.window:
        sentence = _("The months of the window would change: correct the date to %(window)s first.")
        raise InvalidInput(sentence % {"window": there}, field="hemisphere")


def _set_parties(commitment: Commitment, parties: Parts) -> None:
    wanted = {(party.pk, PartyRole(role).value): party for party, role in parties}
    if not wanted and commitment.publication == Publication.PUBLISHED:
        raise InvalidInput(_("It is published: name who promised it."), field="parties")
    present = {(part.party_id, part.role): part for part in commitment.involvements.all()}
    for key, part in present.items():
        if key not in wanted:
            part.delete()
    missing = wanted.keys() - present.keys()
    _add_parties(commitment, {(wanted[key], PartyRole(key[1])) for key in missing})


def _add_parties(commitment: Commitment, parties: set[tuple[Party, PartyRole]]) -> None:
    added = [
        Involvement(commitment=commitment, party=party, role=role.value)
        for party, role in sorted(parties, key=lambda one: (one[0].pk, one[1].value))
    ]
    for involvement in added:
        validated(involvement)
    Involvement.objects.bulk_create(added)
