"""What waits for somebody at the desk, with counts and the lists that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.enums import Evidence, ProposalState, Publication, Schedule
from commitments.models import Commitment, StatusProposal


@dataclass(frozen=True, slots=True)
class Queue:
    """`count` of those that wait; `url` is the list that shows exactly them."""

    name: str
    label: str | Promise
    icon: str
    url: str
    count: int


def waiting_queues() -> list[Queue]:
    """The queues that the menu shows on every page; two queries."""
    commitments = reverse("admin:commitments_commitment_changelist")
    proposals = reverse("admin:commitments_statusproposal_changelist")
    counts = Commitment.objects.aggregate(
        in_review=Count("pk", filter=Q(publication=Publication.IN_REVIEW)),
        drafts=Count("pk", filter=Q(publication=Publication.DRAFT)),
    )
    waiting = StatusProposal.objects.filter(state=ProposalState.WAITING).count()
    return [
        Queue(
            "approval",
            _("Waiting for approval"),
            "how_to_vote",
            f"{proposals}?state__exact={ProposalState.WAITING}",
            waiting,
        ),
        Queue(
            "review",
            _("In review"),
            "rate_review",
            f"{commitments}?publication__exact={Publication.IN_REVIEW}",
            counts["in_review"],
        ),
        Queue(
            "drafts",
            _("Drafts"),
            "edit_note",
            f"{commitments}?publication__exact={Publication.DRAFT}",
            counts["drafts"],
        ),
    ]


def overdue_without_evidence(now: datetime) -> Queue:
    """Published, the last possible day is past, and nothing shows what became of it."""
    overdue = Commitment.objects.published().where_schedule([Schedule.OVERDUE], now)
    commitments = reverse("admin:commitments_commitment_changelist")
    return Queue(
        "overdue",
        _("Overdue without evidence"),
        "running_with_errors",
        f"{commitments}?schedule={Schedule.OVERDUE}&evidence__exact={Evidence.NONE}"
        f"&publication__exact={Publication.PUBLISHED}",
        overdue.filter(evidence=Evidence.NONE).count(),
    )
