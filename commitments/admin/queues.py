"""What waits for somebody at the desk, with counts and the lists that show it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.admin.record_admin import person
from commitments.enums import ProposalState, Publication
from commitments.models import Commitment, RecordHead, StatusProposal, User
from commitments.querysets.looking_again import MOST_COUNTED, Look

ANY: Final = "any"
"""The value of `look` in an address for those with at least one reason."""

# Why somebody should look again, in the words of the desk, with an icon of the theme.
REASONS: Final[dict[Look, tuple[str | Promise, str]]] = {
    Look.OVERDUE: (_("Overdue without evidence"), "running_with_errors"),
    Look.OLD_EVIDENCE: (_("Evidence is old"), "history_toggle_off"),
    Look.DEAD_LINK: (_("Dead source link"), "link_off"),
    Look.LOST_QUOTE: (_("Quote no longer found"), "format_quote"),
    Look.STALLED: (_("Stalled for long"), "hourglass_disabled"),
    Look.ONLY_CLAIMED: (_("Delivered on a claim only"), "record_voice_over"),
}

_KEPT: Final = "commitments.queues"
_KEPT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Queue:
    """`count` of those that wait; `url` is the list that shows exactly them."""

    name: str
    label: str | Promise
    icon: str
    url: str
    count: int

    @property
    def shown(self) -> str:
        """The count as the desk says it: beyond a number it is only long."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


@dataclass(frozen=True, slots=True)
class Queues:
    """Those of the whole desk and of one person, and those that ask for another look."""

    waiting: tuple[Queue, ...]
    looking: tuple[Queue, ...]


def queues_of(request: HttpRequest) -> Queues:
    """The queues for whoever is working here; counted once for a page, by ten queries."""
    if _KEPT not in request.META:
        request.META[_KEPT] = queues(person(request), timezone.now())
    return cast("Queues", request.META[_KEPT])


def queues(user: User, now: datetime) -> Queues:
    """Every queue with its count for `user` at the instant `now`; ten queries at most."""
    commitments = reverse("admin:commitments_commitment_changelist")
    to_look_at = Commitment.objects.count_to_look_at(now)
    looking = tuple(
        Queue(reason.value, label, icon, f"{commitments}?look={reason.value}", to_look_at[reason])
        for reason, (label, icon) in REASONS.items()
    )
    again = Queue(
        "look", _("Needs another look"), "visibility", f"{commitments}?look={ANY}", to_look_at[ANY]
    )
    approval, proposed = _of_proposals(user)
    untitled = Queue(
        "untitled",
        _("Titles to translate"),
        "translate",
        f"{commitments}?untitled={ANY}",
        _count_untitled(),
    )
    return Queues((approval, *_of_drafts(user, commitments), proposed, again, untitled), looking)


def _count_untitled() -> int:
    """How many lack a title; counted once for each state of the record.

    Where nearly all have theirs, all are looked through, and the menu stands on every page.
    """
    number = RecordHead.objects.values_list("number", flat=True).first() or 0
    key = f"commitments.untitled-{number}"
    with suppress(Exception):  # each backend raises errors of its own, and the desk goes on
        kept = cache.get(key)
        if isinstance(kept, int):
            return kept
    count = Commitment.objects.count_untitled_in(languages())
    with suppress(Exception):
        cache.set(key, count, _KEPT_SECONDS)
    return count


def languages() -> list[str]:
    """The codes of the languages that the site speaks."""
    return [code for code, _name in settings.LANGUAGES]


def _of_drafts(user: User, address: str) -> tuple[Queue, ...]:
    of_user = Commitment.objects.in_work_of(user).order_by().values("pk")
    counts = Commitment.objects.order_by().aggregate(
        in_review=Count("pk", filter=Q(publication=Publication.IN_REVIEW)),
        drafts=Count("pk", filter=Q(publication=Publication.DRAFT)),
        mine=Count("pk", filter=Q(pk__in=of_user)),
    )
    review = f"{address}?publication__exact={Publication.IN_REVIEW}"
    drafts = f"{address}?publication__exact={Publication.DRAFT}"
    return (
        Queue("review", _("In review"), "rate_review", review, counts["in_review"]),
        Queue("drafts", _("Drafts"), "edit_note", drafts, counts["drafts"]),
        Queue("mine", _("My work"), "person_edit", f"{address}?mine=1", counts["mine"]),
    )


def _of_proposals(user: User) -> tuple[Queue, Queue]:
    address = reverse("admin:commitments_statusproposal_changelist")
    counts = StatusProposal.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(state=ProposalState.WAITING)),
        mine=Count("pk", filter=Q(actor=user)),
    )
    waiting = f"{address}?state__exact={ProposalState.WAITING}"
    mine = f"{address}?mine=1"
    return (
        Queue("approval", _("Waiting for approval"), "how_to_vote", waiting, counts["waiting"]),
        Queue("my_proposals", _("My proposals"), "outgoing_mail", mine, counts["mine"]),
    )
