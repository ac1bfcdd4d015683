"""Reads of subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from timeline.enums import SubscriberState

if TYPE_CHECKING:
    from timeline.models.subscription import Subscription


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions by whether they are to be served."""

    def live(self) -> Self:
        """Those that have not ended, of subscribers who get mail."""
        return self.filter(ended_at__isnull=True, subscriber__state=SubscriberState.ACTIVE)

    def to_plan(self) -> Self:
        """New, changed or ended ones whose reminders have to be planned anew."""
        return self.filter(needs_planning=True).order_by("pk")
