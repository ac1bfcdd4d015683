"""Reads of earlier versions of commitments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from commitments.enums import Publication
from commitments.querysets.standing import StandingQuerySet

if TYPE_CHECKING:
    from commitments.models.version import Axis, CommitmentVersion


class CommitmentVersionQuerySet(StandingQuerySet["CommitmentVersion"]):
    """Versions by time and by what may be seen."""

    def at(self, instant: datetime, axis: Axis) -> Self:
        """The one version of each commitment that held at `instant` on `axis`."""
        return self.filter(axis=axis, since__lte=instant, until__gt=instant)

    def published(self) -> Self:
        """Those that were public and still are: what was taken back stays unseen."""
        return self.filter(
            publication=Publication.PUBLISHED, commitment__publication=Publication.PUBLISHED
        )
