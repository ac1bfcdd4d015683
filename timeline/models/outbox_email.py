"""The outbox: every mail from the moment it is owed until it is known what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from timeline.enums import (
    ALARMING_STATES,
    SETTLED_STATES,
    WAITING_STATES,
    MailPurpose,
    MailState,
)
from timeline.models.subscriber import Subscriber, SubscriptionRequest
from timeline.querysets.outbox import OutboxQuerySet


class OutboxEmail(models.Model):
    """One mail. The database is the queue; workers own a row for the time of a lease.

    SMTP cannot be both never lost and never doubled (RFC 1047). `maybe_delivered` counts the
    copies that may have arrived: it is raised in a commit of its own just before the final dot and
    lowered on a definite refusal, and the database refuses a third. `rendered` are the exact bytes,
    kept while a copy may be repeated, so that both are the same. `begun_at` tells that
    a worker took this very mail in hand: only then is its death held against the mail, in
    `own_failures`. `lease_token` fences: who no longer holds it may not write here.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, null=True, related_name="emails"
    )
    request = models.ForeignKey(
        SubscriptionRequest,
        on_delete=models.CASCADE,
        null=True,
        related_name="emails",
        db_index=False,
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=MailPurpose.choices)
    to_address = models.CharField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=12)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    provider_id = models.CharField(_("id at the provider"), max_length=255, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    rendered = models.BinaryField(null=True)
    priority = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(
        _("state"), max_length=20, choices=MailState.choices, default=MailState.QUEUED
    )
    maybe_delivered = models.SmallIntegerField(_("copies that may have arrived"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    own_failures = models.PositiveSmallIntegerField(_("failures on our side"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(_("attempt begun"), null=True)
    last_code = models.PositiveSmallIntegerField(_("last reply"), null=True)
    last_text = models.CharField(_("what happened"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("given up after"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    repeated_in = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="repeats", db_index=False
    )
    acknowledged_at = models.DateTimeField(_("seen by the desk"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["priority", "next_try_at"],
                condition=Q(state__in=sorted(WAITING_STATES)),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=sorted(WAITING_STATES)),
                name="outbox_waiting_by_expiry",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=MailState.SENDING),
                name="outbox_leased",
            ),
            models.Index(
                fields=["state"],
                condition=Q(state__in=sorted(ALARMING_STATES), acknowledged_at__isnull=True),
                name="outbox_alarming",
            ),
            # Few mails have one of these, and each claim and each step of a mail writes to every
            # index that holds it: so these hold only the few.
            models.Index(
                fields=["request"],
                condition=Q(request__isnull=False),
                name="outbox_by_request",
            ),
            models.Index(
                fields=["repeated_in"],
                condition=Q(repeated_in__isnull=False),
                name="outbox_repeated",
            ),
            models.Index(
                fields=["acknowledged_by"],
                condition=Q(acknowledged_by__isnull=False),
                name="outbox_acknowledged",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(maybe_delivered__range=(0, 2)), name="outbox_at_most_two_copies"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="outbox_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=MailPurpose.values), name="outbox_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(subscriber__isnull=False, request__isnull=True)
                | Q(subscriber__isnull=True, request__isnull=False),
                name="outbox_goes_to_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MailState.SENDING, lease_token__isnull=False, lease_until__isnull=False
                )
                | (
                    ~Q(state=MailState.SENDING)
                    & Q(lease_token__isnull=True, lease_until__isnull=True, begun_at__isnull=True)
                ),
                name="outbox_lease_only_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(SETTLED_STATES), settled_at__isnull=False)
                | (~Q(state__in=sorted(SETTLED_STATES)) & Q(settled_at__isnull=True)),
                name="outbox_settled_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.QUEUED) | Q(maybe_delivered=0),
                name="outbox_queued_never_left",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.UNKNOWN) | Q(maybe_delivered=1),
                name="outbox_unknown_may_have_arrived_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.UNRESOLVED) | Q(maybe_delivered__gte=1),
                name="outbox_unresolved_may_have_arrived",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.SENT) | Q(maybe_delivered__gte=1),
                name="outbox_sent_was_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(state__in=sorted(ALARMING_STATES)),
                name="outbox_only_alarms_are_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="outbox_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_address}: {self.subject or self.get_purpose_display()}"
