"""Send to review, publish, retract: many at once, chosen in the list and confirmed on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models.query import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from commitments.actions.bulk import act_on_all
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.admin.buttons.base import ButtonsAdmin
from commitments.admin.record_admin import person
from commitments.exceptions import BulkRefused
from commitments.forms.theme import Textarea
from commitments.models import Commitment, User
from commitments.roles import CHANGE, PUBLISH, may

MOST: Final = 500
"""How many can be moved at once: what one person can have looked at."""


class BulkForm(forms.Form):
    """Which revision of which commitment was shown: `pk:revision` with commas between them."""

    rows = forms.RegexField(r"^\d{1,18}:\d{1,9}(,\d{1,18}:\d{1,9})*$", widget=forms.HiddenInput)

    def revisions(self) -> dict[int, int]:
        """The revision that was shown, by the key of its commitment."""
        pairs = (pair.split(":") for pair in self.cleaned_data["rows"].split(","))
        return {int(key): int(revision) for key, revision in pairs}


class BulkReasonForm(BulkForm):
    """With the reason that stands in the history of each."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True, slots=True)
class BulkMove:
    """What can be done with many; `act` is given commitment, revision, form, user and time."""

    name: str
    label: str | Promise
    explanation: str | Promise
    permission: str
    act: Callable[[Commitment, int, Mapping[str, Any], User, datetime], Commitment]
    form_class: type[BulkForm] = BulkForm
    is_grave: bool = False


def _review(
    commitment: Commitment, revision: int, _values: Mapping[str, Any], user: User, now: datetime
) -> Commitment:
    return submit_for_review(commitment=commitment, actor=user, now=now, expected_revision=revision)


def _publish(
    commitment: Commitment, revision: int, _values: Mapping[str, Any], user: User, now: datetime
) -> Commitment:
    return publish_commitment(
        commitment=commitment, actor=user, now=now, expected_revision=revision
    )


def _retract(
    commitment: Commitment, revision: int, values: Mapping[str, Any], user: User, now: datetime
) -> Commitment:
    return retract_commitment(
        commitment=commitment,
        actor=user,
        now=now,
        reason=values["reason"],
        expected_revision=revision,
    )


MOVES: Final = {
    move.name: move
    for move in (
        BulkMove(
            "review",
            gettext_lazy("Send to review"),
            gettext_lazy("An approver finds them in the queue “in review” and publishes them."),
            CHANGE,
            _review,
        ),
        BulkMove(
            "publish",
            gettext_lazy("Publish"),
            gettext_lazy(
                "Everybody sees them on the page, in the API and in the calendars, from now on."
            ),
            PUBLISH,
            _publish,
        ),
        BulkMove(
            "retract",
            gettext_lazy("Retract"),
            gettext_lazy(
                "Drafts go to the archive. What was published disappears from page and API. "
                "Nothing is deleted: they can be published again."
            ),
            CHANGE,
            _retract,
            BulkReasonForm,
            is_grave=True,
        ),
    )
}


class BulkAdmin(ButtonsAdmin[Commitment]):
    """A list of commitments in which many can be chosen and moved together."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The moves that whoever is working here may make."""
        if IS_POPUP_VAR in request.GET:
            return {}
        return {
            move.name: (_confirming(move), move.name, move.label)
            for move in MOVES.values()
            if may(person(request), move.permission)
        }

    def get_urls(self) -> list[URLPattern]:
        """With the address that the page of a move is sent to."""
        view = self.admin_site.admin_view(require_POST(self.bulk_view))
        return [
            path("bulk/<slug:name>/", view, name="commitments_commitment_bulk"),
            *super().get_urls(),
        ]

    def bulk_view(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """Make the move for all that were shown, or tell which are refused and why."""
        user, now = person(request), timezone.now()
        move = MOVES.get(name)
        if move is None:
            raise Http404
        if not may(user, move.permission):
            raise PermissionDenied
        form = move.form_class(request.POST)
        form.full_clean()
        if "rows" in form.errors:
            raise Http404
        revisions = form.revisions()
        commitments = list(Commitment.objects.filter(pk__in=revisions).order_by("pk")[:MOST])
        if not form.is_valid():
            return self.bulk_page(request, move, commitments, form)
        act = partial(_act, move, form.cleaned_data, user, now)
        try:
            done = act_on_all(rows=[(one, revisions[one.pk]) for one in commitments], act=act)
        except BulkRefused as error:
            messages.error(request, error.message)
            return self.bulk_page(request, move, commitments, form, error)
        messages.success(request, _told(move, len(done)))
        return HttpResponseRedirect(reverse("admin:commitments_commitment_changelist"))

    def bulk_page(
        self,
        request: HttpRequest,
        move: BulkMove,
        commitments: Iterable[Commitment],
        form: BulkForm | None = None,
        error: BulkRefused | None = None,
    ) -> HttpResponse:
        """Every chosen commitment with what the move needs, and what was refused."""
        chosen = list(Commitment.objects.filter(pk__in=[one.pk for one in commitments]))
        shown = move.form_class(
            {"rows": _rows(chosen), "reason": form.data.get("reason", "") if form else ""}
        )
        # What the page shows now is what it is sent back for; a complaint needs a first try.
        if form is None:
            shown.errors.clear()
        refused = {public_id: str(one) for public_id, one in error.refusals} if error else {}
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "opts": self.opts,
            "move": move,
            "is_grave": move.is_grave,
            "submit_label": move.label,
            "chosen": [(one, refused.get(one.public_id, "")) for one in chosen],
            "is_refused": bool(refused),
            "form": shown,
            "media": self.media + shown.media,
            "address": reverse("admin:commitments_commitment_bulk", args=[move.name]),
            "back": reverse("admin:commitments_commitment_changelist"),
        }
        return TemplateResponse(request, "commitments/admin/bulk_page.html", context)


def _act(
    move: BulkMove,
    values: Mapping[str, Any],
    user: User,
    now: datetime,
    commitment: Commitment,
    revision: int,
) -> Commitment:
    return move.act(commitment, revision, values, user, now)


def _confirming(move: BulkMove) -> Callable[..., HttpResponseBase | None]:
    def confirm(
        admin: BulkAdmin, request: HttpRequest, chosen: QuerySet[Commitment]
    ) -> HttpResponseBase | None:
        keys = list(chosen.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            sentence = _("Choose at most %(most)d at once: each of them should be looked at.")
            messages.error(request, sentence % {"most": MOST})
            return None
        return admin.bulk_page(request, move, Commitment.objects.filter(pk__in=keys))

    return confirm


def _rows(commitments: Iterable[Commitment]) -> str:
    return ",".join(f"{one.pk}:{one.revision}" for one in commitments)


def _told(move: BulkMove, number: int) -> str:
    sentences = {
        "review": ngettext(
            "%(number)d commitment sent to review.",
            "%(number)d commitments sent to review.",
            number,
        ),
        "publish": ngettext(
            "%(number)d commitment published.", "%(number)d commitments published.", number
        ),
        "retract": ngettext(
            "%(number)d commitment retracted; its history stays.",
            "%(number)d commitments retracted; their history stays.",
            number,
        ),
    }
    return sentences[move.name] % {"number": number}
