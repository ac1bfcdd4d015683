"""What the page of a commitment shows above its form: where it stands, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.admin.buttons.base import ButtonLink
from commitments.admin.buttons.status import status_choices
from commitments.enums import ProposalState
from commitments.forms.windows import day_in_words, window_words
from commitments.models import Commitment, StatusProposal, User
from commitments.roles import CHANGE, may
from commitments.time_zones import day_at
from commitments.window import Window


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four things that are never mixed, with its buttons."""

    label: str | Promise
    value: str | Promise
    colour: str
    detail: str
    buttons: tuple[ButtonLink, ...]


COLOUR_OF = {
    "overdue": "red",
    "due_soon": "orange",
    "open": "blue",
    "delivered": "green",
    "partly_delivered": "green",
    "not_delivered": "red",
    "on_time": "green",
    "early": "green",
    "late": "orange",
    "published": "green",
    "in_review": "orange",
    "retracted": "red",
    "documented": "green",
    "confirmed": "green",
    "claimed": "orange",
    "stalled": "orange",
    "waiting": "orange",
    "approved": "green",
    "rejected": "red",
    "alive": "green",
    "dead": "red",
    "silent": "orange",
    "closed": "orange",
}


def cards(
    commitment: Commitment, links: Mapping[str, ButtonLink], user: User, now: datetime
) -> list[Card]:
    """Publication, date, status and evidence of `commitment` with the buttons that `user` has."""

    def having(*names: str) -> tuple[ButtonLink, ...]:
        return tuple(links[name] for name in names if name in links)

    today = day_at(commitment.time_zone, now)
    schedule = commitment.schedule_on(today, due_soon_days=settings.DUE_SOON_DAYS)
    return [
        Card(
            gettext_lazy("Publication"),
            commitment.get_publication_display(),
            COLOUR_OF.get(commitment.publication, ""),
            _("revision %(number)d") % {"number": commitment.revision},
            having("review", "to-draft", "publish", "retract", "merge", "split"),
        ),
        Card(
            gettext_lazy("When"),
            window_words(commitment.window_value),
            COLOUR_OF.get(schedule, ""),
            _window_detail(commitment, str(schedule.label)),
            having("date", "anchor", "occurrences"),
        ),
        Card(
            gettext_lazy("Status"),
            commitment.get_status_display(),
            COLOUR_OF.get(commitment.status, ""),
            _since(commitment),
            _status_buttons(commitment, user),
        ),
        Card(
            gettext_lazy("Evidence"),
            commitment.get_evidence_display(),
            COLOUR_OF.get(commitment.evidence, ""),
            _looked_for(commitment),
            having("evidence", "value", "remove-target"),
        ),
    ]


def _window_detail(commitment: Commitment, schedule: str) -> str:
    if commitment.earliest is None and commitment.latest is None:
        return schedule
    first, last = day_in_words(commitment.earliest), day_in_words(commitment.latest)
    days = first if first == last else f"{first} – {last}"
    return f"{schedule} · {commitment.window} · {days}"


def _since(commitment: Commitment) -> str:
    if not commitment.effective:
        return ""
    when = window_words(Window.parse(commitment.effective))
    return _("since %(when)s") % {"when": when}


def _looked_for(commitment: Commitment) -> str:
    day = commitment.evidence_checked_on
    if day is None:
        return _("nobody has looked yet")
    return _("last looked for on %(day)s") % {"day": day_in_words(day)}


def _status_buttons(commitment: Commitment, user: User) -> tuple[ButtonLink, ...]:
    if not (may(user, CHANGE) and status_choices(commitment, user)):
        return ()
    url = reverse("admin:commitments_commitment_status", args=[commitment.pk])
    return (ButtonLink(gettext_lazy("Change the status"), "flag", url),)


def waiting_proposal(commitment: Commitment) -> StatusProposal | None:
    """The verdict that waits for a second person, with its proposer."""
    waiting = commitment.status_proposals.filter(state=ProposalState.WAITING)
    return waiting.select_related("actor").first()
