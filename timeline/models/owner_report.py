"""What the office that is responsible says about a commitment: a proposal, never a change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.validators import validate_text
from timeline.enums import OwnerAnswer, OwnerReportState
from timeline.models.subscription import Subscription


class OwnerReport(models.Model):
    """One answer to the owner's mail, in the owner's words, for the queue of the desk.

    `about_revision` is the revision of the commitment that the owner saw. Who has seen to it, and
    what became of it, is written beside; the record itself is changed by the desk alone.
    """

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="owner_reports"
    )
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(_("from"), max_length=254)
    answer = models.CharField(_("answer"), max_length=20, choices=OwnerAnswer.choices)
    words = models.TextField(
        _("in their words"), max_length=2000, blank=True, validators=[validate_text]
    )
    about_revision = models.PositiveIntegerField(_("revision"))
    created_at = models.DateTimeField(_("received"))
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=OwnerReportState.choices,
        default=OwnerReportState.WAITING,
    )
    seen_at = models.DateTimeField(_("seen by the desk"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("seen by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("report of a responsible party")
        verbose_name_plural = _("reports of responsible parties")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state=OwnerReportState.WAITING),
                name="owner_report_waiting",
            ),
            models.Index(fields=["subscription", "created_at"], name="owner_report_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=OwnerAnswer.values), name="owner_report_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=OwnerReportState.WAITING, seen_at__isnull=True)
                | (
                    Q(state__in=[OwnerReportState.TAKEN_UP, OwnerReportState.SET_ASIDE])
                    & Q(seen_at__isnull=False)
                ),
                name="owner_report_seen_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.address}"
