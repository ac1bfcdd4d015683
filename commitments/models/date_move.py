"""How the promised time moved, as rows that are only ever added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import DateMoveKind
from commitments.models.citation import Citation
from commitments.models.commitment import Commitment
from commitments.validators import validate_line, validate_text, validate_window
from commitments.window import Window


class DateMove(models.Model):
    """From one window to another: never edited, never deleted; the database refuses both.

    `slip_days` is the distance between the last possible days, positive for later; NULL where
    either window has none.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="date_moves")
    kind = models.CharField(_("kind"), max_length=20, choices=DateMoveKind.choices)
    from_window = models.CharField(
        _("from"), max_length=60, blank=True, validators=[validate_window]
    )
    to_window = models.CharField(_("to"), max_length=60, blank=True, validators=[validate_window])
    from_wording = models.CharField(max_length=300, blank=True, validators=[validate_line])
    to_wording = models.CharField(max_length=300, blank=True, validators=[validate_line])
    slip_days = models.IntegerField(_("slip in days"), null=True, blank=True)
    effective = models.CharField(
        _("said when"), max_length=60, blank=True, validators=[validate_window]
    )
    since = models.DateField(
        help_text=_("The first day of the effective date; the day recorded where none is known.")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True, validators=[validate_text])
    citations = models.ManyToManyField(Citation, related_name="date_moves")
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("date move")
        verbose_name_plural = _("date moves")
        ordering = ["id"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="date_move_by_recording")]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "revision"], name="date_move_has_its_revision"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DateMoveKind.values), name="date_move_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_window or '—'} → {self.to_window or '—'}"

    def log_state(self) -> dict[str, Any]:
        """All of the row as plain JSON values: the log holds it too, so that an edit shows."""
        return {
            "id": self.pk,
            "kind": self.kind,
            "from": [self.from_window, self.from_wording],
            "to": [self.to_window, self.to_wording],
            "slip_days": self.slip_days,
            "effective": self.effective,
            "reason": self.reason,
            "citations": sorted(citation.pk for citation in self.citations.all()),
        }

    @property
    def from_value(self) -> Window:
        return Window.parse(self.from_window)

    @property
    def to_value(self) -> Window:
        return Window.parse(self.to_window)
