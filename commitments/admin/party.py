"""Parties at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commitments.actions.parties import save_party
from commitments.admin.named_records import NamedRecordAdmin
from commitments.admin.theme import ChoicesFieldListFilter
from commitments.forms.records import PartyForm
from commitments.models import Party, User


@admin.register(Party)
class PartyAdmin(NamedRecordAdmin[Party]):
    """Who promises, who is responsible, who is the other side."""

    form = PartyForm
    list_display = ("name", "kind", "office", "body", "key")
    list_filter = (("kind", ChoicesFieldListFilter),)
    list_select_related = ("body",)
    search_fields = ("name", "office", "key", "translations")
    autocomplete_fields = ("body",)
    fieldsets = (
        (None, {"fields": ("kind", "name", "key", "office", "body", "country_code")}),
        (_("In other languages"), {"fields": ("translations",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Party | None = None) -> Any:
        """The key is the name in addresses: it stays."""
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Party | None = None) -> Any:
        """Propose a key from the name."""
        return {} if obj else {"key": ("name",)}

    def write(self, record: Party, *, actor: User, now: datetime) -> object:
        """Through the action."""
        return save_party(party=record, actor=actor, now=now)
