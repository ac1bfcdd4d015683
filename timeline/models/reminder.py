"""The ledger: one row for each thing that a subscriber is to be told, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from timeline.enums import DAY_KINDS, DropReason, ReminderKind, ReminderState
from timeline.models.outbox_email import OutboxEmail
from timeline.models.subscription import Subscription
from timeline.querysets.reminders import ReminderQuerySet


class Reminder(models.Model):
    """One reason to write to a subscriber about one commitment.

    The unique key says *what* is told and holds no clock value: `due_date` is the day of the
    window that `kind` names (or the day of the change), `event_rev` the commitment's revision
    for a change and 0 for a day. So planning twice makes one row, whatever the clock or the tables
    of time zones say; `send_at` and `expires_at` (when it is old news) may change with them.
    `plan_number` is the last planning that wanted the row.
    """

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReminderKind.choices)
    offset_days = models.SmallIntegerField(_("offset in days"), default=0)
    due_date = models.DateField(_("day"))
    event_rev = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(_("to be sent"))
    expires_at = models.DateTimeField(_("old news from"))
    state = models.CharField(
        _("state"), max_length=20, choices=ReminderState.choices, default=ReminderState.PLANNED
    )
    drop_reason = models.CharField(
        _("dropped because"), max_length=20, choices=DropReason.choices, blank=True
    )
    email = models.ForeignKey(
        OutboxEmail, on_delete=models.RESTRICT, null=True, related_name="reminders"
    )
    plan_number = models.PositiveBigIntegerField(default=0)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(state=ReminderState.PLANNED),
                name="reminder_planned_by_time",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "subscription",
                    "commitment",
                    "kind",
                    "offset_days",
                    "due_date",
                    "event_rev",
                ],
                name="reminder_is_told_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values), name="reminder_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.IN_MAIL, email__isnull=False)
                | (~Q(state=ReminderState.IN_MAIL) & Q(email__isnull=True)),
                name="reminder_in_mail_names_it",
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.DROPPED, drop_reason__in=DropReason.values)
                | (~Q(state=ReminderState.DROPPED) & Q(drop_reason="")),
                name="reminder_dropped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(DAY_KINDS), event_rev=0)
                | (~Q(kind__in=sorted(DAY_KINDS)) & Q(offset_days=0)),
                name="reminder_counts_from_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("send_at")), name="reminder_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.offset_days:+d}: {self.due_date}"
