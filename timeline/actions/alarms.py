"""What the desk does about mails that may not have arrived."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from commitments.models import User
from timeline.models import OutboxEmail


def acknowledge_emails(*, ids: Collection[int], actor: User, now: datetime) -> int:
    """Note that somebody has looked at alarming mails; return how many were still unseen."""
    unseen = OutboxEmail.objects.alarming().filter(pk__in=ids)
    return unseen.update(acknowledged_at=now, acknowledged_by=actor)
