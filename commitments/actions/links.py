"""Merge what is the same, split what is two things: the public ids stay alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment, record_commitment
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.actions.recording import lock_commitment
from commitments.enums import Kind, PartyRole, Publication
from commitments.exceptions import CircleError, InvalidInput
from commitments.models import Citation, Commitment, User
from commitments.roles import PUBLISH, demand
from commitments.window import Window


@dataclass(frozen=True, slots=True)
class Part:
    """One of the commitments that another is split into."""

    title: str
    window: Window
    kind: Kind = Kind.MILESTONE
    wording: str = ""


@transaction.atomic
def merge_commitments(
    *, duplicate: Commitment, kept: Commitment, actor: User, now: datetime, reason: str
) -> Commitment:
    """Say that `duplicate` is the same as `kept`, and take it out of every list.

    Its address leads to `kept` for ever; its history stays. Raises NotAllowed, CircleError,
    InvalidInput. Side effects, in order: the link, the citations that `kept` lacks, the
    retraction of the duplicate; each with its row in the log. Returns `kept`.
    """
    demand(actor, PUBLISH)
    if duplicate.pk == kept.pk:
        raise CircleError(_("Choose another commitment: this is the same one."), field="kept")
    duplicate, kept = lock_commitment(duplicate), lock_commitment(kept)
    if kept.publication == Publication.RETRACTED:
        raise InvalidInput(_("That one was taken back; choose the one that stays."), field="kept")
    correct_commitment(
        commitment=duplicate,
        fields={"duplicate_of": kept},
        actor=actor,
        now=now,
        reason=reason,
    )
    for citation in duplicate.citations.order_by("pk"):
        _cite_too(citation, kept, actor=actor, now=now, reason=reason)
    if duplicate.publication != Publication.RETRACTED:
        retract_commitment(commitment=duplicate, actor=actor, now=now, reason=reason)
    return Commitment.objects.get(pk=kept.pk)


@transaction.atomic
def split_commitment(
    *,
    commitment: Commitment,
    parts: Sequence[Part],
    actor: User,
    now: datetime,
    reason: str,
) -> list[Commitment]:
    """Record `parts` (at least two) as milestones of `commitment`, which becomes their programme.

    Each has its parties, topics, place and citations, and is published if it is. Raises NotAllowed,
    InvalidInput. Side effects, in order: the kind of `commitment`, then each part as in
    `record_commitment`, `cite_source`, `publish_commitment`. Returns the parts.
    """
    demand(actor, PUBLISH)
    if len(parts) < 2:  # one part is no split
        raise InvalidInput(_("Name at least two parts."), field="parts")
    programme = correct_commitment(
        commitment=commitment,
        fields={"kind": Kind.PROGRAMME},
        actor=actor,
        now=now,
        reason=reason,
    )
    return [
        record_milestone(
            programme=programme, part=part, key=None, actor=actor, now=now, reason=reason
        )
        for part in parts
    ]


def record_milestone(
    *,
    programme: Commitment,
    part: Part,
    key: str | None,
    actor: User,
    now: datetime,
    reason: str,
) -> Commitment:
    """Record `part` under `programme` with its parties, topics, place and citations.

    Inside the caller's transaction; published if the programme is.
    """
    milestone = record_commitment(
        commitment=Commitment(
            key=key,
            title=part.title,
            kind=part.kind,
            strength=programme.strength,
            language=programme.language,
            wording=part.wording,
            hemisphere=programme.hemisphere,
            time_zone=programme.time_zone,
            place=programme.place,
            parent=programme,
        ),
        window=part.window,
        parties=[
            (involvement.party, PartyRole(involvement.role))
            for involvement in programme.involvements.select_related("party")
        ],
        topics=programme.topics.all(),
        actor=actor,
        now=now,
        reason=reason,
    )
    for citation in programme.citations.order_by("pk"):
        _cite_too(citation, milestone, actor=actor, now=now, reason=reason)
    if programme.publication == Publication.PUBLISHED:
        return publish_commitment(commitment=milestone, actor=actor, now=now)
    return milestone


def _cite_too(
    citation: Citation, commitment: Commitment, *, actor: User, now: datetime, reason: str
) -> None:
    """Cite for `commitment` what `citation` cites, unless it is cited there already."""
    said = {
        "source": citation.source,
        "role": citation.role,
        "quote": citation.quote,
        "locator": citation.locator,
        "said_by": citation.said_by,
    }
    if commitment.citations.filter(**said).exists():
        return
    copied = Citation(commitment=commitment, **said)
    cite_source(citation=copied, actor=actor, now=now, reason=reason)
