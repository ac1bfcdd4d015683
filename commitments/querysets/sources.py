"""Reads of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from commitments.enums import Publication

if TYPE_CHECKING:
    from commitments.models.source import Source


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources by what may be shown of them."""

    def public(self) -> Self:
        """Those that carry at least one published commitment: a draft's source stays unseen."""
        return self.filter(citations__commitment__publication=Publication.PUBLISHED).distinct()
