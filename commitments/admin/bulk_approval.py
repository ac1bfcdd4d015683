"""Agree to many proposed verdicts at once: chosen in the queue, read on a page, then confirmed.

What a file of commitments brings in waits here as well: whoever approves has every proposal before
their eyes with its reason and evidence, and the rules are those of the single button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.query import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from commitments.actions.bulk import approve_all
from commitments.admin.buttons.base import ButtonsAdmin
from commitments.admin.record_admin import person
from commitments.exceptions import BulkRefused
from commitments.forms.windows import window_words
from commitments.models import StatusProposal
from commitments.roles import APPROVE, may
from commitments.window import Window

MOST: Final = 500
"""How many can be agreed to at once: what one person can have looked at."""
_LABEL: Final = gettext_lazy("Approve the chosen")
_NAME: Final = "approve"
_LIST: Final = "admin:commitments_statusproposal_changelist"


class ApprovalForm(forms.Form):
    """Which proposals were shown: their keys with commas between them."""

    rows = forms.RegexField(r"^\d{1,18}(,\d{1,18})*$", widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal as the page shows it; `refusal` is "" or why it was refused."""

    proposal: StatusProposal
    since: str
    refusal: str


class BulkApprovalAdmin(ButtonsAdmin[StatusProposal]):
    """The queue of proposals, in which many can be chosen."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """To agree to the chosen, for whoever may decide."""
        if not may(person(request), APPROVE):
            return {}
        return {_NAME: (_confirm, _NAME, _LABEL)}

    def get_urls(self) -> list[URLPattern]:
        """With the address that the page is sent to."""
        view: Callable[..., Any] = self.admin_site.admin_view(require_POST(self.approve_view))
        address = path("bulk/approve/", view, name="commitments_statusproposal_bulk")
        return [address, *super().get_urls()]

    def approve_view(self, request: HttpRequest) -> HttpResponseBase:
        """Agree to all that were shown, or tell which are refused and why."""
        user = person(request)
        if not may(user, APPROVE):
            raise PermissionDenied
        form = ApprovalForm(request.POST)
        if not form.is_valid():
            raise Http404
        keys = form.cleaned_data["rows"].split(",")[:MOST]
        proposals = list(self.get_queryset(request).filter(pk__in=keys).order_by("pk"))
        try:
            done = approve_all(proposals=proposals, approver=user, now=timezone.now())
        except BulkRefused as error:
            messages.error(request, error.message)
            return self.approval_page(request, proposals, error)
        sentence = ngettext(
            "%(number)d verdict approved.", "%(number)d verdicts approved.", len(done)
        )
        messages.success(request, sentence % {"number": len(done)})
        return HttpResponseRedirect(reverse(_LIST))

    def approval_page(
        self, request: HttpRequest, chosen: list[StatusProposal], error: BulkRefused | None = None
    ) -> HttpResponse:
        """Every chosen proposal with what its second person has to see."""
        refused = {public_id: str(one) for public_id, one in error.refusals} if error else {}
        rows = ",".join(str(proposal.pk) for proposal in chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": _LABEL,
            "submit_label": _LABEL,
            "opts": self.opts,
            "media": self.media,
            "form": ApprovalForm(initial={"rows": rows}),
            "chosen": [_shown(one, refused) for one in chosen],
            "is_refused": bool(refused),
            "address": reverse("admin:commitments_statusproposal_bulk"),
            "back": reverse(_LIST),
        }
        return TemplateResponse(request, "commitments/admin/bulk_approval.html", context)


def _shown(proposal: StatusProposal, refused: dict[str, str]) -> ShownProposal:
    since = window_words(Window.parse(proposal.effective)) if proposal.effective else ""
    return ShownProposal(proposal, since, refused.get(proposal.commitment.public_id, ""))


def _confirm(
    admin: BulkApprovalAdmin, request: HttpRequest, chosen: QuerySet[StatusProposal]
) -> HttpResponseBase | None:
    proposals = list(chosen.prefetch_related("citations__source").order_by("pk")[: MOST + 1])
    if len(proposals) > MOST:
        sentence = _("Choose at most %(most)d at once: each of them should be looked at.")
        messages.error(request, sentence % {"most": MOST})
        return None
    return admin.approval_page(request, proposals)
