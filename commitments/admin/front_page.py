"""The front page of the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from commitments.admin.commitment_state import COLOUR_OF
from commitments.admin.history import history_rows
from commitments.admin.queues import Queues
from commitments.enums import Publication, Schedule
from commitments.models import Commitment, Revision, User
from commitments.roles import may

LAST_CHANGES: Final = 12
_SHOWN: Final = (
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.OPEN,
    Schedule.UPCOMING,
    Schedule.UNDATED,
)


def front_page(user: User, now: datetime, queues: Queues) -> dict[str, Any]:
    """The `queues`, how many published ones stand where, and the newest changes."""
    return {
        "queues": queues.waiting,
        "looking": queues.looking,
        "standings": _standings(now),
        "history": history_rows(Revision.objects.all(), most=LAST_CHANGES),
        "may_add": may(user, "commitments.add_commitment"),
    }


def _standings(now: datetime) -> list[dict[str, Any]]:
    counts = Commitment.objects.published().still_open().count_by_schedule(now)
    address = reverse("admin:commitments_commitment_changelist")
    return [
        {
            "label": one.label,
            "count": counts[one.value],
            "colour": COLOUR_OF.get(one.value, ""),
            "url": f"{address}?schedule={one.value}&publication__exact={Publication.PUBLISHED}",
        }
        for one in _SHOWN
    ]
