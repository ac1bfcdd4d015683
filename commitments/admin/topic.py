"""Topics at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.parties import save_topic
from commitments.admin.record_admin import RecordAdmin, person, refusing
from commitments.forms.records import TopicForm
from commitments.models import Topic


@admin.register(Topic)
class TopicAdmin(RecordAdmin[Topic]):
    """What a commitment is about."""

    form = TopicForm
    list_display = ("name", "key")
    search_fields = ("name", "key", "translations")
    fieldsets = (
        (None, {"fields": ("name", "key")}),
        (_("In other languages"), {"fields": ("translations",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """The key is the name in addresses: it stays."""
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """Propose a key from the name."""
        return {} if obj else {"key": ("name",)}

    def save_model(
        self, request: HttpRequest, obj: Topic, form: ModelForm[Topic], change: bool
    ) -> None:
        """Save through the action."""
        with refusing():
            save_topic(topic=obj, actor=person(request), now=timezone.now())
