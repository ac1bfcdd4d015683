"""Reads of webhooks and of what they are owed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from timeline.enums import SETTLED_WEBHOOK_STATES, WebhookState

if TYPE_CHECKING:
    from timeline.models.webhook import WebhookDelivery, WebhookEndpoint


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    """Endpoints by whether they are to be told of anything."""

    def live(self) -> Self:
        """Switched on, of owners whose account is open."""
        return self.filter(is_active=True, owner__is_active=True)

    def to_plan(self, head: int) -> Self:
        """Live ones that the log up to number `head` was not looked through for."""
        return self.live().filter(after_number__lt=head).order_by("pk")


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Deliveries by what has to be done with them."""

    def open(self) -> Self:
        """Those that still have to arrive."""
        return self.exclude(state__in=SETTLED_WEBHOOK_STATES)

    def claimable(self, now: datetime) -> Self:
        """Those whose time has come, or whose worker has let its lease run out."""
        waiting = Q(state=WebhookState.QUEUED, next_try_at__lte=now)
        abandoned = Q(state=WebhookState.SENDING, lease_until__lte=now)
        live = self.filter(endpoint__is_active=True, endpoint__owner__is_active=True)
        return live.filter(waiting | abandoned).order_by("next_try_at", "pk")

    def settled_before(self, instant: datetime) -> Self:
        """Those of which it has been known for long what became of them."""
        return self.filter(settled_at__lt=instant)
