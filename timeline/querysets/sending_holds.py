"""Reads of the holds on mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from timeline.models.sending_hold import SendingHold


class SendingHoldQuerySet(models.QuerySet["SendingHold"]):
    """Holds by whether they still stand."""

    def open(self) -> Self:
        """Those that nobody has lifted: while there is one, nothing is sent."""
        return self.filter(lifted_at__isnull=True)
