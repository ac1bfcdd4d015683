"""Which commitments an editor should look at again, and why: the reasons, each with its condition.

Nothing changes a status by itself (docs/words.md): these reads only say where to look. A reason is
an SQL condition on one row, so that all of them are counted in one query.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from commitments.enums import (
    DELIVERED_STATUSES,
    OPEN_STATUSES,
    CitationRole,
    Evidence,
    LinkState,
    Publication,
    Schedule,
    Status,
)
from commitments.querysets.standing import StandingQuerySet, schedule_case

if TYPE_CHECKING:
    from commitments.models.commitment import Commitment


class Look(enum.StrEnum):
    """Why somebody should look again; the values stand in the addresses of the lists."""

    OVERDUE = "overdue"
    OLD_EVIDENCE = "old_evidence"
    DEAD_LINK = "dead_link"
    LOST_QUOTE = "lost_quote"
    STALLED = "stalled"
    ONLY_CLAIMED = "only_claimed"


class LookingAgainQuerySet(StandingQuerySet["Commitment"]):
    """Published commitments that ask for another look."""

    def to_look_at(self, now: datetime, reasons: Iterable[Look] = Look) -> Self:
        """Those with at least one of `reasons` at the instant `now`; one query."""
        found = self.annotate(**self._facts(now))
        condition = Q()
        for reason in reasons:
            condition |= _CONDITIONS[reason]
        return found.filter(_PUBLISHED & condition)

    def count_to_look_at(self, now: datetime) -> dict[str, int]:
        """How many there are for each reason, and under "any" with at least one; one query."""
        anything = Q()
        for condition in _CONDITIONS.values():
            anything |= condition
        counts = {reason.value: _CONDITIONS[reason] for reason in Look} | {"any": anything}
        found = self.order_by().filter(_PUBLISHED).annotate(**self._facts(now))
        return found.aggregate(
            **{name: Count("pk", filter=condition) for name, condition in counts.items()}
        )

    def _facts(self, now: datetime) -> dict[str, Any]:
        """What the conditions look at."""
        # A day of the UTC is near enough for a span of months.
        today = now.astimezone(ZoneInfo("UTC")).date()
        old = today - timedelta(days=settings.EVIDENCE_OLD_DAYS)
        long_ago = today - timedelta(days=settings.STALLED_LONG_DAYS)
        showing = (CitationRole.REPORTS, CitationRole.CONFIRMS)
        return {
            "look_schedule": schedule_case(now, None),
            "look_new_evidence": self._having(
                citations__role__in=showing, citations__source__date__gte=old
            ),
            "look_old_search": Q(evidence_checked_on__isnull=True) | Q(evidence_checked_on__lt=old),
            "look_dead_link": self._having(citations__source__link_state=LinkState.DEAD),
            "look_lost_quote": self._having(
                citations__quote__gt="",
                citations__start__isnull=True,
                citations__source__text_sha256__gt="",
            ),
            "look_newly_stalled": self._having(
                status_changes__to_status=Status.STALLED, status_changes__since__gte=long_ago
            ),
        }

    def _having(self, **conditions: Any) -> Exists:
        """Whether one related row meets all `conditions`; a subquery, so that no row is doubled."""
        return Exists(type(self)(self.model).filter(pk=OuterRef("pk"), **conditions))


_PUBLISHED = Q(publication=Publication.PUBLISHED)
_CONDITIONS = {
    # Its last possible day is past, and nothing shows what became of it.
    Look.OVERDUE: Q(look_schedule=Schedule.OVERDUE, evidence=Evidence.NONE),
    # An open one whose newest evidence, or search for any, is long ago.
    Look.OLD_EVIDENCE: Q(
        status__in=sorted(OPEN_STATUSES), look_new_evidence=False, look_old_search=True
    )
    & ~Q(evidence=Evidence.NONE),
    Look.DEAD_LINK: Q(look_dead_link=True),
    Look.LOST_QUOTE: Q(look_lost_quote=True),
    Look.STALLED: Q(status=Status.STALLED, look_newly_stalled=False),
    # The verdict rests on a party's own word.
    Look.ONLY_CLAIMED: Q(status__in=sorted(DELIVERED_STATUSES), evidence=Evidence.CLAIMED),
}
