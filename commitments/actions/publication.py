"""Who may see a commitment: draft, in review, published, retracted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.recording import difference, lock_commitment, log_change, touch
from commitments.enums import ChangeKind, Publication
from commitments.exceptions import TransitionRefused
from commitments.models import Commitment, User
from commitments.roles import CHANGE, PUBLISH, demand, demand_of_a_person


@transaction.atomic
def submit_for_review(
    *, commitment: Commitment, actor: User, now: datetime, expected_revision: int | None = None
) -> Commitment:
    """Hand a draft to an approver. Raises NotAllowed, StaleRevision, TransitionRefused."""
    demand(actor, CHANGE)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    _refuse_unless(current, {Publication.DRAFT})
    return _move(current, Publication.IN_REVIEW, ChangeKind.SUBMITTED, actor=actor, now=now)


@transaction.atomic
def return_to_draft(
    *,
    commitment: Commitment,
    actor: User,
    now: datetime,
    reason: str,
    expected_revision: int | None = None,
) -> Commitment:
    """Take a commitment back out of the review, to be worked on: its editor, or an approver.

    It was never public, so nobody is told. Raises NotAllowed, StaleRevision; TransitionRefused
    without a reason. Side effects, in order: the row, the log.
    """
    demand(actor, CHANGE)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    _refuse_unless(current, {Publication.IN_REVIEW})
    if not reason.strip():
        raise TransitionRefused(
            _("Say what is still to be done."), code="needs_reason", field="reason"
        )
    return _move(
        current, Publication.DRAFT, ChangeKind.CORRECTED, actor=actor, now=now, reason=reason
    )


@transaction.atomic
def publish_commitment(
    *,
    commitment: Commitment,
    actor: User | None,
    now: datetime,
    expected_revision: int | None = None,
) -> Commitment:
    """Show a commitment to everybody; `actor` None is the command line.

    It needs a source and a party, else TransitionRefused with what is missing. What was
    retracted can be published again. Side effects, in order: the row, the log.
    """
    demand_of_a_person(actor, PUBLISH)
    current = lock_commitment(commitment, expected_revision=expected_revision)
    _refuse_unless(current, {Publication.DRAFT, Publication.IN_REVIEW, Publication.RETRACTED})
    if not current.citations.exists():
        raise TransitionRefused(
            _("Cite the source in which it was said, then publish."), code="needs_source"
        )
    if not current.involvements.exists():
        raise TransitionRefused(_("Name who promised it, then publish."), code="needs_party")
    current.published_at = current.published_at or now
    current.retracted_at = None
    return _move(current, Publication.PUBLISHED, ChangeKind.PUBLISHED, actor=actor, now=now)


@transaction.atomic
def retract_commitment(
    *,
    commitment: Commitment,
    actor: User,
    now: datetime,
    reason: str,
    expected_revision: int | None = None,
) -> Commitment:
    """Take a commitment back: a draft goes to the archive, a published one leaves a tombstone.

    Nothing is deleted. Raises NotAllowed, StaleRevision; TransitionRefused without a reason.
    Side effects, in order: the row, the log.
    """
    current = lock_commitment(commitment, expected_revision=expected_revision)
    demand(actor, PUBLISH if current.published_at else CHANGE)
    _refuse_unless(current, set(Publication) - {Publication.RETRACTED})
    if not reason.strip():
        raise TransitionRefused(_("Say why it is taken back."), code="needs_reason", field="reason")
    current.retracted_at = now
    return _move(
        current, Publication.RETRACTED, ChangeKind.RETRACTED, actor=actor, now=now, reason=reason
    )


def _refuse_unless(commitment: Commitment, allowed: set[Publication]) -> None:
    if commitment.publication not in allowed:
        raise TransitionRefused(
            _("Not possible while it is “%(state)s”.")
            % {"state": commitment.get_publication_display()},
            code="wrong_publication",
            field="publication",
        )


def _move(
    commitment: Commitment,
    publication: Publication,
    kind: ChangeKind,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
) -> Commitment:
    before = commitment.log_state()
    commitment.publication = publication
    touch(commitment, now=now)
    commitment.save()
    changes = difference(before, commitment.log_state())
    log_change(record=commitment, kind=kind, changes=changes, now=now, actor=actor, reason=reason)
    return commitment
