"""Sources at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Field
from django.db.models.query import QuerySet
from django.forms import Field as FormField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commitments.actions.sources import save_source, sha256_of
from commitments.admin.commitment_list import coloured
from commitments.admin.named_records import NamedRecordAdmin
from commitments.admin.record_admin import person
from commitments.admin.statement_page import marked_view, may_enter, statement_view
from commitments.admin.theme import ChoicesFieldListFilter
from commitments.forms.records import SourceForm
from commitments.forms.theme import Textarea
from commitments.forms.windows import day_in_words
from commitments.models import Source, User


@admin.register(Source)
class SourceAdmin(NamedRecordAdmin[Source]):
    """Where it was said; one source carries many commitments."""

    form = SourceForm
    change_form_template = "commitments/admin/source_page.html"
    list_display = ("title", "date", "kind", "publisher", "cited", "link_state")
    list_filter = (("kind", ChoicesFieldListFilter), ("link_state", ChoicesFieldListFilter))
    ordering = ("-date", "title")
    search_fields = ("title", "publisher", "url", "key", "public_id")
    readonly_fields = ("archived", "link_answer")
    fieldsets = (
        (None, {"fields": ("title", ("kind", "date"), ("publisher", "place"), "language")}),
        (_("Where to find it"), {"fields": ("url", "link_answer", "archive_url", "independent")}),
        (_("Text"), {"fields": ("text", "archived")}),
        (_("In other languages"), {"fields": ("translations",)}),
    )

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        """Give the text room."""
        if db_field.name == "text":
            kwargs["widget"] = Textarea(attrs={"rows": 14})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """With the number of times that it is cited."""
        return super().get_queryset(request).annotate(citation_count=Count("citations"))

    @admin.display(description=_("cited"), ordering="citation_count")
    def cited(self, source: Source) -> int:
        """How often it is cited."""
        return int(getattr(source, "citation_count", 0))

    @admin.display(description=_("answer of the address"))
    def link_answer(self, source: Source) -> Any:
        """What the address answered when it was last asked, and when that was."""
        if source.link_checked_at is None:
            return _("Not asked yet.")
        day = day_in_words(timezone.localdate(source.link_checked_at))
        state = coloured(source.link_state, source.get_link_state_display())
        return format_html("{} {} ({})", state, source.link_detail, day)

    @admin.display(description=_("SHA-256 of the text"))
    def archived(self, source: Source) -> Any:
        """The hash by which anybody can check the stored text."""
        if not source.text_sha256:
            return _("No text is stored yet: quotes cannot be checked.")
        return format_html("<code>{}</code>", source.text_sha256)

    def get_urls(self) -> list[URLPattern]:
        """With the screen on which one works through a statement."""
        screen = self.admin_site.admin_view(statement_view)
        found = self.admin_site.admin_view(marked_view)
        return [
            path("<int:object_id>/statement/", screen, name="commitments_source_statement"),
            path("<int:object_id>/statement/marked/", found, name="commitments_source_marked"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the way to that screen, for whoever may enter commitments."""
        context = {**(extra_context or {}), "may_enter": may_enter(person(request))}
        return super().change_view(request, object_id, form_url, context)

    def write(self, record: Source, *, actor: User, now: datetime) -> object:
        """Through the action."""
        return save_source(source=record, actor=actor, now=now)

    def in_the_form(self, changed: Mapping[str, Any], form: ModelForm[Source]) -> Mapping[str, Any]:
        """Of a text the log holds its hash only: the words are those of the form and the record."""
        by_field = dict(changed)
        if hashes := by_field.pop("text_sha256", None):
            own = form.cleaned_data["text"]
            is_untouched = sha256_of(own) == hashes[0]
            by_field["text"] = [own if is_untouched else "", form.initial["text"]]
        return by_field
