"""Reads of the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from timeline.enums import (
    ALARMING_STATES,
    SETTLED_STATES,
    UNREACHED_STATES,
    WAITING_STATES,
    MailState,
)

if TYPE_CHECKING:
    from timeline.models.outbox_email import OutboxEmail


class OutboxQuerySet(models.QuerySet["OutboxEmail"]):
    """Mails by what has to be done with them."""

    def waiting(self) -> Self:
        """Those that still have to be sent, or sent again."""
        return self.filter(state__in=WAITING_STATES)

    def open(self) -> Self:
        """Those of which it is not known yet what becomes of them."""
        return self.exclude(state__in=SETTLED_STATES)

    def claimable(self, now: datetime) -> Self:
        """Waiting ones whose time has come, the most urgent first."""
        ready = self.waiting().filter(next_try_at__lte=now)
        return ready.order_by("priority", "next_try_at", "pk")

    def expired(self, now: datetime) -> Self:
        """Waiting ones that were tried for too long."""
        return self.waiting().filter(expires_at__lte=now)

    def abandoned(self, now: datetime) -> Self:
        """Those whose worker has let its lease run out: it died, or it hangs."""
        return self.filter(state=MailState.SENDING, lease_until__lte=now)

    def gone_wrong(self) -> Self:
        """Those that did not arrive, or may not have."""
        return self.filter(state__in=ALARMING_STATES)

    def alarming(self) -> Self:
        """Of those, the ones that nobody has looked at yet."""
        return self.gone_wrong().filter(acknowledged_at__isnull=True)

    def unreached(self) -> Self:
        """Those whose reader may not have been told."""
        return self.filter(state__in=UNREACHED_STATES)
