"""What happened to a commitment, as rows that are only ever added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import ProposalState, ReasonCode, Status
from commitments.models.citation import Citation
from commitments.models.commitment import Commitment
from commitments.validators import validate_text, validate_window


class StatusStatement(models.Model):
    """What a move of the status says: the shared columns of a proposal and of a change.

    `from_status` "" is the first status that was recorded. `effective` (EDTF) is when it came
    about in the world; `recorded_at` is when we learnt of it.
    """

    from_status = models.CharField(_("from"), max_length=20, choices=Status.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=Status.choices)
    effective = models.CharField(
        _("since when"), max_length=60, blank=True, validators=[validate_window]
    )
    recorded_at = models.DateTimeField(_("recorded"))
    reason = models.TextField(_("reason"), max_length=2000, blank=True, validators=[validate_text])
    reason_code = models.CharField(
        _("kind of reason"), max_length=20, choices=ReasonCode.choices, blank=True
    )
    missing = models.TextField(
        _("what is missing"), max_length=2000, blank=True, validators=[validate_text]
    )
    explicit_refusal = models.BooleanField(
        _("explicitly refused"),
        default=False,
        help_text=_("The party itself said that it will not be done."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_from_status_display() or '—'} → {self.get_to_status_display()}"


class StatusChange(StatusStatement):
    """One move of the status: never edited, never deleted; the database refuses both."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="status_changes"
    )
    successor = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    citations = models.ManyToManyField(Citation, related_name="status_changes")
    since = models.DateField(
        help_text=_("The first day of the effective date; the day recorded where none is known.")
    )
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["id"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="status_change_by_recording")]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "revision"], name="status_change_has_its_revision"
            ),
            models.CheckConstraint(
                condition=Q(to_status__in=Status.values), name="status_change_to_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("actor")),
                name="status_change_by_two_people",
            ),
        ]

    def log_state(self) -> dict[str, Any]:
        """All of the row as plain JSON values: the log holds it too, so that an edit shows."""
        names = ("effective", "reason", "reason_code", "missing", "explicit_refusal")
        return {
            "id": self.pk,
            "from": self.from_status,
            "to": self.to_status,
            **{name: getattr(self, name) for name in names},
            "successor": self.successor.public_id if self.successor else None,
            "people": [self.actor_id, self.approver_id],
            # The first status is what the source reports: no citation stands behind it.
            "citations": sorted(citation.pk for citation in self.citations.all())
            if self.from_status
            else [],
        }


class StatusProposal(StatusStatement):
    """A verdict that an editor proposes: it waits for another person and changes nothing yet."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="status_proposals"
    )
    successor = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="status_proposals"
    )
    citations = models.ManyToManyField(Citation, related_name="status_proposals")
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ProposalState.choices,
        default=ProposalState.WAITING,
        db_index=True,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.TextField(
        _("reason of the decision"), max_length=2000, blank=True, validators=[validate_text]
    )

    class Meta:
        verbose_name = _("proposed verdict")
        verbose_name_plural = _("proposed verdicts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(state=ProposalState.WAITING),
                name="one_proposal_waits_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("actor"))),
                name="proposal_approved_by_another",
            ),
        ]
