"""Reads of sources."""

from __future__ import annotations

from datetime import datetime, timedelta
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

    def with_link_to_check(self, now: datetime, *, every: timedelta, most_failures: int) -> Self:
        """Those with an address that is to be asked again, the longest ago first.

        The first failure is looked after as soon as anything else; from the second in a row on
        each one doubles the time, up to `most_failures` of them.
        """
        due = Q(link_checked_at__isnull=True) | Q(
            Q(link_failures__isnull=True) | Q(link_failures__lte=1),
            link_checked_at__lte=now - every,
        )
        for failures in range(2, most_failures + 1):
            since = now - every * 2 ** (failures - 1)
            due |= Q(link_failures=failures, link_checked_at__lte=since)
        return (
            self.exclude(url="")
            .filter(due)
            .order_by(F("link_checked_at").asc(nulls_first=True), "pk")
        )

    def with_claimed_link(self, now: datetime) -> Self:
        """Those whose address a checker is asking right now."""
        return self.filter(link_claimed_until__gt=now)
