"""Webhooks: where programs want to be told of changes, what they are owed, what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commitments.validators import validate_line
from timeline.enums import SETTLED_WEBHOOK_STATES, SwitchedOff, WebhookState
from timeline.querysets.webhooks import WebhookDeliveryQuerySet, WebhookEndpointQuerySet


class WebhookEndpoint(models.Model):
    """An address that is told of the changes of a selection, in the name of its owner.

    `after_number` is the last change that deliveries were planned for. No secret is stored: it is
    made of SECRET_KEY and `secret_salt` (`timeline/webhooks/secret.py`), so a copy of the database
    cannot sign. After a rotation `earlier_salt` signs as well until `earlier_until`.
    """

    public_id = models.CharField(max_length=12, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="webhooks",
    )
    url = models.CharField(_("address"), max_length=500, validators=[validate_line])
    query = models.CharField(_("selection"), max_length=2000, blank=True)
    secret_salt = models.CharField(max_length=64)
    earlier_salt = models.CharField(max_length=64, blank=True)
    earlier_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    after_number = models.PositiveBigIntegerField(_("planned up to number"))
    created_at = models.DateTimeField(_("created"))
    last_delivered_at = models.DateTimeField(_("last delivered"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    switched_off_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    switched_off_because = models.CharField(
        _("switched off because"), max_length=20, choices=SwitchedOff.choices, blank=True
    )

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, switched_off_at__isnull=True, switched_off_because="")
                | Q(
                    is_active=False,
                    switched_off_at__isnull=False,
                    switched_off_because__in=SwitchedOff.values,
                ),
                name="webhook_switched_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """That one endpoint is to be told of one change: the outbox and the log of webhooks in one.

    Workers own a row for the time of a lease, as with mails; `lease_token` fences. An endpoint is
    told at least once: who dies after it was told and before that is written down leaves a row
    that is sent again, under the same `webhook_id`.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("webhook"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
    )
    number = models.PositiveBigIntegerField(_("change number"))
    record_type = models.CharField(_("type of record"), max_length=20)
    record_id = models.CharField(_("record"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    is_gone = models.BooleanField(_("gone"), default=False)
    recorded_at = models.DateTimeField(_("recorded"))
    state = models.CharField(
        _("state"), max_length=20, choices=WebhookState.choices, default=WebhookState.QUEUED
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("given up after"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_text = models.CharField(_("what happened"), max_length=300, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state=WebhookState.QUEUED),
                name="webhook_waiting",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=WebhookState.SENDING),
                name="webhook_leased",
            ),
            models.Index(
                fields=["settled_at"],
                condition=Q(settled_at__isnull=False),
                name="webhook_settled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "number"], name="webhook_told_of_once"),
            models.CheckConstraint(
                condition=Q(state__in=WebhookState.values), name="webhook_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=WebhookState.SENDING,
                    lease_token__isnull=False,
                    lease_until__isnull=False,
                )
                | (
                    ~Q(state=WebhookState.SENDING)
                    & Q(lease_token__isnull=True, lease_until__isnull=True)
                ),
                name="webhook_lease_only_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(SETTLED_WEBHOOK_STATES), settled_at__isnull=False)
                | (~Q(state__in=sorted(SETTLED_WEBHOOK_STATES)) & Q(settled_at__isnull=True)),
                name="webhook_settled_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="webhook_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return self.webhook_id

    @property
    def webhook_id(self) -> str:
        """What the receiver knows it by: the same in every attempt and every replay."""
        return f"msg_{self.endpoint.public_id}_{self.number}"


class WebhookAttempt(models.Model):
    """One attempt to deliver: what the other host answered, or why it could not be asked."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    text = models.CharField(_("what happened"), max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}: {self.status or self.text}"
