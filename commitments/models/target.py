"""A measurable target and the values that were reported for it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import Comparison
from commitments.models.commitment import Commitment
from commitments.models.source import Source
from commitments.validators import validate_line, validate_number, validate_window

SIGNS: Final[dict[str, str]] = {
    Comparison.AT_LEAST: "≥",
    Comparison.MORE_THAN: ">",
    Comparison.AT_MOST: "≤",
    Comparison.LESS_THAN: "<",
    Comparison.EXACTLY: "=",
    Comparison.ABOUT: "≈",
}


class Target(models.Model):
    """What is measured, from where, and how far: "mutual trade, USD, more than 30 billion"."""

    commitment = models.OneToOneField(Commitment, on_delete=models.CASCADE, related_name="target")
    measure = models.CharField(_("measure"), max_length=200, validators=[validate_line])
    unit = models.CharField(_("unit"), max_length=40, validators=[validate_line])
    baseline = models.DecimalField(
        _("baseline"),
        max_digits=24,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[validate_number],
    )
    baseline_period = models.CharField(
        _("period of the baseline"), max_length=60, blank=True, validators=[validate_window]
    )
    goal = models.DecimalField(
        _("goal"), max_digits=24, decimal_places=4, validators=[validate_number]
    )
    comparison = models.CharField(
        _("comparison"), max_length=20, choices=Comparison.choices, default=Comparison.AT_LEAST
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.CheckConstraint(
                condition=Q(comparison__in=Comparison.values), name="target_comparison_is_known"
            ),
        ]

    def __str__(self) -> str:
        # All of it and in no language: the log compares and keeps this text.
        goal = f"{self.measure}: {SIGNS[self.comparison]} {self.goal.normalize():f} {self.unit}"
        if self.baseline is None:
            return goal
        return f"{goal} ({self.baseline_period or '—'}: {self.baseline.normalize():f})"


class TargetValue(models.Model):
    """A value that was reported for a period; it never changes a status by itself."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField(
        _("value"), max_digits=24, decimal_places=4, validators=[validate_number]
    )
    period = models.CharField(_("period"), max_length=60, validators=[validate_window])
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="target_values"
    )
    locator = models.CharField(
        _("place in the source"), max_length=100, blank=True, validators=[validate_line]
    )
    recorded_at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        ordering = ["period", "id"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="target_value_by_recording")]

    def __str__(self) -> str:
        return f"{self.period}: {self.value.normalize():f}"

    def log_state(self) -> dict[str, Any]:
        """All of the row as plain JSON values: the log holds it too, so that an edit shows."""
        return {
            "id": self.pk,
            "value": format(self.value.normalize(), "f"),
            "period": self.period,
            "source": self.source.public_id,
            "locator": self.locator,
        }
