"""Reads of sources."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from commitments.enums import Publication

if TYPE_CHECKING:
    from commitments.models.source import Source


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources by what may be shown of them."""

    def public(self) -> Self:
        """Those that carry at least one published commitment: a draft's source stays unseen."""
        return self.filter(citations__commitment__publication=Publication.PUBLISHED).distinct()

    def with_link_to_check(self, before: datetime) -> Self:
        """Those with an address that nobody has asked since `before`, the longest ago first."""
        not_lately = Q(link_checked_at__isnull=True) | Q(link_checked_at__lt=before)
        return (
            self.exclude(url="")
            .filter(not_lately)
            .order_by(F("link_checked_at").asc(nulls_first=True), "pk")
        )
