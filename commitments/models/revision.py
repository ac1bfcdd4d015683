"""The log of every visible change, in one gap-free order for the whole record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments.enums import ChangeKind
from commitments.models.commitment import Commitment


class RecordType(models.TextChoices):
    """What kind of record a row of the log is about."""

    COMMITMENT = "commitment", _("commitment")
    SOURCE = "source", _("source")
    PARTY = "party", _("party")
    TOPIC = "topic", _("topic")


class Revision(models.Model):
    """One visible change: who, when recorded, what, from, to, why. Only ever added.

    `number` counts without gaps in the order of commit, so that "changes since N" never skips
    one. `changes` is `{field: [old, new]}` in plain JSON values. `digest` is a keyed hash over
    this row and the digest before it (`commitments/record_chain.py`), in hexadecimal.
    """

    number = models.PositiveBigIntegerField(_("change number"), primary_key=True)
    record_type = models.CharField(max_length=20, choices=RecordType.choices)
    record_id = models.CharField(max_length=100, help_text=_("Public id, or key."))
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, related_name="revisions"
    )
    revision = models.PositiveIntegerField(_("revision"), null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ChangeKind.choices)
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), db_index=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["record_type", "record_id", "number"], name="revision_of_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "revision"],
                condition=Q(commitment__isnull=False),
                name="revision_counts_by_one",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="revision_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_kind_display()}"


class RecordHead(models.Model):
    """The one row that says how far the log has come; locked by every write to the record.

    The lock makes numbers gap-free and gives them the order of commit. `number` is that of the
    last change, `digest` its keyed hash. Publishing both lets a cut tail be noticed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="record_has_one_head")]

    def __str__(self) -> str:
        return f"head at {self.number}"
