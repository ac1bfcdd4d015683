"""Reads of the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from timeline.enums import ReminderState, SubscriberState

if TYPE_CHECKING:
    from timeline.models.reminder import Reminder


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders by what has to be done with them."""

    def planned(self) -> Self:
        """Those that wait for their time."""
        return self.filter(state=ReminderState.PLANNED)

    def due(self, now: datetime) -> Self:
        """Planned ones whose time has come, of active subscribers neither paused nor held."""
        subscriber = "subscription__subscriber"
        return (
            self.planned()
            .filter(send_at__lte=now, **{f"{subscriber}__state": SubscriberState.ACTIVE})
            .filter(
                _unset_or_past(f"{subscriber}__paused_until", now),
                _unset_or_past(f"{subscriber}__held_until", now),
            )
        )


def _unset_or_past(column: str, now: datetime) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lte": now})
