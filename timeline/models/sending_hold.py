"""Nothing leaves the house: after a restore, until somebody who knows says that it may."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline.querysets.sending_holds import SendingHoldQuerySet


class SendingHold(models.Model):
    """While one is open no mail and no message to a webhook is sent; all is planned as ever.

    A restored database believes that what was sent after its backup is still to be sent. `since`
    is when it came back, `backup_at` the state that it came back to. `sent_until` is what whoever
    lifts the hold says of the time between: until then the lost site had sent what was due.
    """

    since = models.DateTimeField(_("on hold since"))
    reason = models.CharField(_("reason"), max_length=200)
    backup_at = models.DateTimeField(_("as it stood"), null=True, blank=True)
    sent_until = models.DateTimeField(_("sent before, until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = SendingHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold on mail")
        verbose_name_plural = _("holds on mail")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=False)
                | Q(lifted_by__isnull=True, sent_until__isnull=True),
                name="sending_hold_open_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} {self.reason}"
