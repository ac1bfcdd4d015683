"""Parties at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.parties import save_party
from commitments.admin.record_admin import RecordAdmin, person, refusing
from commitments.admin.theme import ChoicesFieldListFilter
from commitments.forms.records import PartyForm
from commitments.models import Party


@admin.register(Party)
class PartyAdmin(RecordAdmin[Party]):
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

    def save_model(
        self, request: HttpRequest, obj: Party, form: ModelForm[Party], change: bool
    ) -> None:
        """Save through the action."""
        with refusing():
            save_party(party=obj, actor=person(request), now=timezone.now())
