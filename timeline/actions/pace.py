"""How many mails may be claimed now: at most so many in any sixty seconds, over all hosts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from timeline.models import SendingPace

WINDOW_SECONDS: Final = 60.0


class Pace:
    """The claims of the last minute, locked until the transaction ends.

    Instants in the future are dropped: after a clock was set back they would stop all mail.
    """

    def __init__(self, *, per_minute: int, now: datetime) -> None:
        rows = SendingPace.objects.filter(pk=1)
        if connection.features.has_select_for_update:
            rows = rows.select_for_update()
        row = rows.first()
        if row is None:
            SendingPace.objects.get_or_create(pk=1)
            row = rows.get()
        self._row = row
        self._now = now.timestamp()
        self._per_minute = per_minute
        self._recent: list[list[float]] = [
            [at, count] for at, count in self._row.recent if 0 <= self._now - at < WINDOW_SECONDS
        ]

    @property
    def allowed(self) -> int:
        """How many may be claimed at once."""
        return max(0, self._per_minute - int(sum(count for _, count in self._recent)))

    @property
    def seconds_to_wait(self) -> float:
        """How long until the next may be claimed; 0 when some may be now."""
        if self.allowed:
            return 0.0
        return WINDOW_SECONDS - (self._now - min(at for at, _ in self._recent))

    def note(self, count: int) -> None:
        """Write down that so many were claimed."""
        self._row.recent = [*self._recent, [self._now, count]]
        self._row.save()
