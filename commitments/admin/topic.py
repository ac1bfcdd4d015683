"""Topics at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commitments.actions.parties import save_topic
from commitments.admin.named_records import NamedRecordAdmin
from commitments.forms.records import TopicForm
from commitments.models import Topic, User


@admin.register(Topic)
class TopicAdmin(NamedRecordAdmin[Topic]):
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

    def write(self, record: Topic, *, actor: User, now: datetime) -> object:
        """Through the action."""
        return save_topic(topic=record, actor=actor, now=now)
