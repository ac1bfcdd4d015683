"""What a source says about a commitment, word for word and with its place in the source."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import CitationRole
from commitments.models.commitment import Commitment
from commitments.models.party import Party
from commitments.models.source import Source
from commitments.validators import validate_line, validate_text


class Citation(models.Model):
    """A commitment x a source: the quote, where it stands, who said it, and what it does.

    `start` and `end` are character offsets into the source's stored text (Python slice); they
    are set where the quote was found there, and the action refuses a quote that is not.
    """

    commitment = models.ForeignKey(
        Commitment,
        verbose_name=_("commitment"),
        on_delete=models.PROTECT,
        related_name="citations",
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="citations"
    )
    role = models.CharField(
        _("what it does"),
        max_length=20,
        choices=CitationRole.choices,
        default=CitationRole.ANNOUNCES,
    )
    quote = models.TextField(_("quote"), max_length=5000, blank=True, validators=[validate_text])
    locator = models.CharField(
        _("place in the source"),
        max_length=100,
        blank=True,
        validators=[validate_line],
        help_text=_("As “paragraph 47”, “page 3”."),
    )
    start = models.PositiveIntegerField(null=True, editable=False)
    end = models.PositiveIntegerField(null=True, editable=False)
    said_by = models.ForeignKey(
        Party,
        verbose_name=_("said by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="citations",
    )
    created_at = models.DateTimeField(_("recorded"), editable=False)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["source__date", "id"]
        indexes = [models.Index(fields=["created_at", "id"], name="citation_by_recording")]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=CitationRole.values), name="citation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")),
                name="citation_span_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.locator}" if self.locator else str(self.source)

    def log_state(self) -> dict[str, Any]:
        """The visible fields as plain JSON values, for the revision log."""
        return {
            "source": self.source.public_id,
            "role": self.role,
            "quote": self.quote,
            "locator": self.locator,
            "span": [self.start, self.end] if self.start is not None else None,
            "said_by": self.said_by.key if self.said_by else None,
        }
