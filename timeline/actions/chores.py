"""What the tick looks after for the record, beside telling people: links are checked, a few a tick.

It waits for other people's servers, so it never runs in the way of a reminder: Celery has a task
of its own for it, and the second ticker a thread of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings

from commitments.actions.link_checks import check_links, links_are_due

LINKS_IN_A_TICK: Final = 20
SECONDS_IN_A_TICK: Final = 20.0


def links_wait(*, now: datetime) -> bool:
    """Whether links are to be checked now, and nobody is at it; off with LINK_CHECK_HOURS=0."""
    return bool(settings.LINK_CHECK_HOURS) and links_are_due(now=now)


def check_some_links(*, now: datetime) -> int:
    """Check a few of the links that are due; returns how many. Side effects: `check_links`."""
    if not links_wait(now=now):
        return 0
    return check_links(now=now, limit=LINKS_IN_A_TICK, seconds=SECONDS_IN_A_TICK).total()
