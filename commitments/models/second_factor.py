"""The second factor of a person at the desk: one device, and ten codes for the day it is lost.

Neither secret nor codes stand here: a salt (`commitments/one_time_codes.py`) and hashes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecondFactor(models.Model):
    """A device that was shown to work; `last_period` is that of the last code it has used."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="second_factor",
        verbose_name=_("user"),
    )
    salt = models.CharField(max_length=64)
    last_period = models.BigIntegerField()
    enrolled_at = models.DateTimeField(_("set up"))

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """A code that stands in for the device once."""

    factor = models.ForeignKey(
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factor", "code_hash"], name="recovery_code_is_new"),
        ]

    def __str__(self) -> str:
        return f"{self.factor_id}: {self.code_hash[:8]}"
