"""Reads of subscribers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from timeline.enums import SubscriberState

if TYPE_CHECKING:
    from timeline.models.subscriber import Subscriber


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Subscribers by whether mail may go to them."""

    def active(self) -> Self:
        """Those who have not left and whose address has not been switched off."""
        return self.filter(state=SubscriberState.ACTIVE)
