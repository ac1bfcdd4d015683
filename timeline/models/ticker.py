"""What the tickers share: how far planning has come, and how much was sent of late.

One row each, made when first needed and locked by who works on it. No process remembers anything.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TickState(models.Model):
    """How far the tickers have come; its lock lets one of them plan at a time.

    `change_number` is the last change of the record that was planned for; `plan_number` counts the
    plannings; `reconciled_on` is the last day (UTC) on which everything was planned anew, and
    `reconciled_to` the last subscription of a run that is not finished.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_ok_at = models.DateTimeField(_("last good tick"), null=True)
    change_number = models.PositiveBigIntegerField(default=0)
    plan_number = models.PositiveBigIntegerField(default=0)
    reconciled_on = models.DateField(null=True)
    reconciled_to = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="tick_state_is_one")]

    def __str__(self) -> str:
        return f"change {self.change_number}"


class SendingPace(models.Model):
    """How many mails were claimed when, within the last minute: `recent` is [[seconds, count]].

    The seconds are those of the Unix clock. All claims lock this row, on whatever host.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    recent = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="sending_pace_is_one")]

    def __str__(self) -> str:
        return f"{sum(count for _, count in self.recent)} in a minute"
