"""The queue of proposed verdicts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commitments.admin.bulk_approval import BulkApprovalAdmin
from commitments.admin.buttons.proposals import Approve, Reject, TakeBack
from commitments.admin.commitment_list import coloured
from commitments.admin.record_admin import person
from commitments.admin.theme import ChoicesFieldListFilter, SimpleListFilter
from commitments.forms.windows import window_words
from commitments.models import StatusProposal
from commitments.window import Window


class MyProposalsFilter(SimpleListFilter):
    """What I have proposed, and what became of it."""

    title = _("whose proposal")
    parameter_name = "mine"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        """Mine, or no matter whose."""
        return [("1", _("My proposals"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[StatusProposal]
    ) -> QuerySet[StatusProposal]:
        """Those that I made."""
        return queryset.filter(actor=person(request)) if self.value() == "1" else queryset


@admin.register(StatusProposal)
class StatusProposalAdmin(BulkApprovalAdmin):
    """Read, then decided on by buttons; made on the page of a commitment."""

    buttons = (Approve(), Reject(), TakeBack())
    change_form_template = "commitments/admin/proposal_page.html"
    list_display = ("commitment", "move", "actor", "recorded_at", "state_column")
    list_filter = (
        ("state", ChoicesFieldListFilter),
        ("to_status", ChoicesFieldListFilter),
        MyProposalsFilter,
    )
    list_select_related = ("commitment", "actor")
    search_fields = ("commitment__title", "commitment__public_id", "actor__username")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A verdict is proposed on the page of its commitment."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites what somebody has proposed."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatusProposal]:
        """With who and what, for list and page."""
        return (
            super()
            .get_queryset(request)
            .select_related("commitment", "actor", "decided_by", "successor")
        )

    @admin.display(description=_("from → to"))
    def move(self, proposal: StatusProposal) -> str:
        """From which status to which."""
        return f"{proposal.get_from_status_display()} → {proposal.get_to_status_display()}"

    @admin.display(description=_("state"), ordering="state")
    def state_column(self, proposal: StatusProposal) -> str:
        """Whether it waits, or how it was decided."""
        return coloured(proposal.state, proposal.get_state_display())

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: StatusProposal | None = None,
    ) -> HttpResponse:
        """With all that the second person has to see, and the buttons."""
        if obj is not None:
            context |= {
                "proposal": obj,
                "since_when": window_words(Window.parse(obj.effective)),
                "citations": obj.citations.select_related("source", "said_by"),
                "links": self.button_links(obj, person(request)).values(),
                "is_own": obj.actor == request.user,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
