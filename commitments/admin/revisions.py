"""The log of the record, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commitments.admin.change_words import field_changes
from commitments.admin.history import names_in, who_did
from commitments.admin.record_admin import RecordAdmin
from commitments.admin.theme import ChoicesFieldListFilter
from commitments.models import Revision


@admin.register(Revision)
class RevisionAdmin(RecordAdmin[Revision]):
    """Every visible change, in one gap-free order; nobody writes here."""

    change_form_template = "commitments/admin/revision_page.html"
    list_display = ("number", "recorded_at", "kind", "record_type", "record", "people", "reason")
    list_filter = (
        ("kind", ChoicesFieldListFilter),
        ("record_type", ChoicesFieldListFilter),
    )
    list_select_related = ("commitment", "actor", "approver")
    search_fields = ("=record_id", "reason", "commitment__title")
    ordering = ("-number",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the actions add to it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The log is never changed."""
        return False

    @admin.display(description=_("record"), ordering="record_id")
    def record(self, revision: Revision) -> str:
        """The title of a commitment, or the name of the record in addresses."""
        return str(revision.commitment) if revision.commitment else revision.record_id

    @admin.display(description=_("by"))
    def people(self, revision: Revision) -> str:
        """Who did it, and who agreed."""
        return who_did(revision.actor, revision.approver)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Revision | None = None,
    ) -> HttpResponse:
        """With the change in words."""
        if obj is not None:
            context |= {
                "revision": obj,
                "who": who_did(obj.actor, obj.approver),
                "changes": list(
                    field_changes(obj.changes, record_type=obj.record_type, names=names_in([obj]))
                ),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
