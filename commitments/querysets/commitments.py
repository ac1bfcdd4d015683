"""Reads of commitments. The default manager never filters: what is public is asked for by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef

from commitments.enums import Publication
from commitments.querysets.similar_titles import SimilarTitlesQuerySet

if TYPE_CHECKING:
    from commitments.models.commitment import Commitment
    from commitments.models.user import User


class CommitmentQuerySet(SimilarTitlesQuerySet):
    """Commitments by what may be seen, and by where they stand."""

    def published(self) -> Self:
        """Those that everybody may see."""
        return self.filter(publication=Publication.PUBLISHED)

    def tombstones(self, *, since: datetime) -> Self:
        """Once published, taken back at or after `since`: feeds tell of them without any text."""
        return self.filter(
            publication=Publication.RETRACTED, published_at__isnull=False, retracted_at__gte=since
        )

    def kept_for(self, public_id: str) -> Commitment | None:
        """The public one that `public_id` was merged into, directly or over others; else None.

        Circles cannot be written, so the walk ends.
        """
        row = self.filter(public_id=public_id).select_related("duplicate_of").first()
        while row is not None and row.duplicate_of is not None:
            row = row.duplicate_of
        if row is None or row.public_id == public_id:
            return None
        return row if row.publication == Publication.PUBLISHED else None

    def due_between(self, first: date, last: date) -> Self:
        """Open ones whose last possible day lies in `first`..`last`, both included."""
        return self.still_open().filter(latest__range=(first, last))

    def overdue(self, today: date) -> Self:
        """Open ones whose last possible day is before `today`."""
        return self.still_open().filter(latest__lt=today)

    def in_work_of(self, user: User) -> Self:
        """Drafts and what is in review, where `user` has entered or changed something."""
        touched = type(self)(self.model).filter(pk=OuterRef("pk"), revisions__actor=user)
        unfinished = (Publication.DRAFT, Publication.IN_REVIEW)
        return self.filter(Exists(touched), publication__in=unfinished)
