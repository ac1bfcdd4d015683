"""What a subscriber wants to hear of: a selection of the record, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline.enums import Purpose, ReminderKind
from timeline.models.subscriber import Subscriber
from timeline.querysets.subscriptions import SubscriptionQuerySet
from timeline.validators import validate_moments


class Subscription(models.Model):
    """One selection for one subscriber.

    `query` is a query string of the shared filter in its canonical form, "" for everything.
    `moments` is a list of pairs [kind, days], days negative before and positive after.
    `needs_planning` asks the next tick to plan its reminders anew.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions", db_index=False
    )
    query = models.CharField(_("selection"), max_length=2000, blank=True)
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.READER
    )
    moments = models.JSONField(_("when to remind"), validators=[validate_moments])
    needs_planning = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(needs_planning=True), name="subscription_to_plan"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "query", "purpose"], name="subscription_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="subscription_purpose_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.query or '*'}"

    @property
    def lead_days(self) -> list[int]:
        """The days before the last possible day, the furthest first."""
        return sorted(
            (-days for kind, days in self.moments if kind == ReminderKind.LAST_DAY and days <= 0),
            reverse=True,
        )


class Mute(models.Model):
    """One commitment of which a subscriber wants to hear nothing more."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="mutes", db_index=False
    )
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("muted commitment")
        verbose_name_plural = _("muted commitments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "commitment"], name="mute_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.commitment_id}"
