"""Which commitments an editor should look at again, and why: the reasons, each with its condition.

Nothing changes a status by itself (docs/words.md): these reads only say where to look.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

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


MOST_COUNTED: Final = 999
"""Beyond it a queue is only long: on a large record counting to the end would take seconds."""


class LookingAgainQuerySet(StandingQuerySet["Commitment"]):
    """Published commitments that ask for another look."""

    def to_look_at(self, now: datetime, reasons: Iterable[Look] = Look) -> Self:
        """Those with at least one of `reasons` at the instant `now`; one query."""
        asked = list(reasons)
        wanted = Q(pk__in=[])
        for reason in asked:
            wanted |= self._condition(reason, now)
        found: Any = self
        if Look.OVERDUE in asked:
            found = found.alias(look_schedule=schedule_case(now, None))
        return found.filter(Q(publication=Publication.PUBLISHED) & wanted)  # type: ignore[no-any-return]

    def count_to_look_at(self, now: datetime) -> dict[str, int]:
        """How many there are for each reason, and under "any" with at least one.

        Nothing is counted beyond `MOST_COUNTED` + 1, which stands for "more"; a query for each
        reason, for each finds its few by an index of its own.
        """
        found = {
            reason.value: set(
                self.to_look_at(now, [reason])
                .order_by()
                .values_list("pk", flat=True)[: MOST_COUNTED + 1]
            )
            for reason in Look
        }
        found["any"] = set().union(*found.values())
        return {name: min(len(keys), MOST_COUNTED + 1) for name, keys in found.items()}

    def _condition(self, reason: Look, now: datetime) -> Q:
        """When a published commitment asks for a look; `look_schedule` is an alias of OVERDUE."""
        # A day of the UTC is near enough for a span of months.
        today = now.astimezone(ZoneInfo("UTC")).date()
        match reason:
            case Look.OVERDUE:
                # Its last possible day is past, and nothing shows what became of it. The first
                # three say nothing new: they lead the database to its index.
                return Q(
                    status__in=sorted(OPEN_STATUSES),
                    evidence=Evidence.NONE,
                    latest__lte=today,
                    look_schedule=Schedule.OVERDUE,
                )
            case Look.OLD_EVIDENCE:
                return self._of_old_evidence(today - timedelta(days=settings.EVIDENCE_OLD_DAYS))
            case Look.DEAD_LINK:
                return self._among("citations", source__link_state=LinkState.DEAD)
            case Look.LOST_QUOTE:
                return self._among(
                    "citations", quote__gt="", start__isnull=True, source__text_sha256__gt=""
                )
            case Look.STALLED:
                long_ago = today - timedelta(days=settings.STALLED_LONG_DAYS)
                return Q(status=Status.STALLED) & ~self._having(
                    "status_changes", to_status=Status.STALLED, since__gte=long_ago
                )
            case Look.ONLY_CLAIMED:  # the verdict rests on a party's own word
                return Q(status__in=sorted(DELIVERED_STATUSES), evidence=Evidence.CLAIMED)

    def _of_old_evidence(self, old: date) -> Q:
        """An open one whose newest evidence, or search for any, is from before the day `old`."""
        showing = (CitationRole.REPORTS, CitationRole.CONFIRMS)
        return Q(
            Q(evidence_checked_on__isnull=True) | Q(evidence_checked_on__lt=old),
            ~self._having("citations", role__in=showing, source__date__gte=old),
            status__in=sorted(OPEN_STATUSES),
            evidence__in=sorted(set(Evidence) - {Evidence.NONE}),
        )

    def _having(self, relation: str, **conditions: Any) -> Q:
        """Whether a row of `relation` meets all `conditions`; asked of each of few commitments."""
        return Q(Exists(self._rows(relation).filter(commitment=OuterRef("pk"), **conditions)))

    def _among(self, relation: str, **conditions: Any) -> Q:
        """The same the other way round: for few rows, from which the commitments are found."""
        return Q(pk__in=self._rows(relation).filter(**conditions).values("commitment"))

    def _rows(self, relation: str) -> models.QuerySet[Any]:
        related: Any = self.model._meta.get_field(relation).related_model  # noqa: SLF001  # documented
        return related.objects.order_by()  # type: ignore[no-any-return]
