"""Keys of the API at the desk: issue one, see when it was last used, revoke it.

Whoever may read the record may have keys of their own, for a key never gives more than its user
has; an administrator sees and revokes all of them. A new key is shown in the answer to the request
that made it and in no other place: not in a message, which would stand in a cookie.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import rest_framework_api_key.admin  # noqa: F401 - it registers a page, which goes again below
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from rest_framework_api_key.models import APIKey as KeyOfNobody

from commitments.actions.api_keys import issue_key, revoke_key
from commitments.admin.buttons.base import Button, ButtonsAdmin
from commitments.admin.record_admin import person, refusing
from commitments.forms.api_keys import ApiKeyForm, RevokeForm
from commitments.models import ApiKey, Scope, User
from commitments.roles import may

VIEW = "commitments.view_commitment"

# The library's own keys act for nobody and have no scopes; none is ever made.
admin.site.unregister(KeyOfNobody)


class Revoke(Button[ApiKey]):
    """Let the key do nothing any more."""

    name = "revoke"
    label = gettext_lazy("Revoke")
    icon = "key_off"
    permission = VIEW
    explanation = gettext_lazy(
        "What uses this key is refused from now on. This cannot be taken back."
    )
    is_grave = True

    def is_offered(self, record: ApiKey, user: User) -> bool:
        """Once is enough."""
        return not record.revoked

    def form(self, record: ApiKey, request: HttpRequest) -> forms.Form:
        """Nothing to fill in."""
        return RevokeForm(request.POST if request.method == "POST" else None)

    def press(self, record: ApiKey, form: forms.Form, *, user: User, now: datetime) -> str:
        """Revoke it."""
        revoke_key(key=record, actor=user)
        return _("The key was revoked.")


@admin.register(ApiKey)
class ApiKeyAdmin(ButtonsAdmin[ApiKey]):
    """Own keys; all of them for an administrator."""

    buttons = (Revoke(),)
    form = ApiKeyForm
    change_form_template = "commitments/admin/key_page.html"
    shown_once_template = "commitments/admin/key_shown_once.html"
    list_display = (
        "name",
        "prefix",
        "user",
        "allowed",
        "state",
        "created",
        "last_used_at",
    )
    list_select_related = ("user",)
    search_fields = ("name", "=prefix", "user__username")
    ordering = ("-created", "-pk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may read the record."""
        return may(person(request), VIEW)

    def has_view_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Own keys only, but for an administrator; `get_queryset` holds to it as well."""
        user = person(request)
        own = obj is None or obj.user_id == user.pk or user.is_superuser
        return own and may(user, VIEW)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may read the record."""
        return may(person(request), VIEW)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key that somebody uses is not turned into another one."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        """Own keys; all of them for an administrator."""
        user, keys = person(request), super().get_queryset(request)
        return keys if user.is_superuser else keys.filter(user=user)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        """Only an administrator issues keys for others."""
        whose = ("user",) if person(request).is_superuser else ()
        return ("name", "allowed", "last_day", *whose)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """For oneself."""
        return {"user": person(request).pk, **super().get_changeform_initial_data(request)}

    def save_model(
        self, request: HttpRequest, obj: ApiKey, form: ModelForm[ApiKey], change: bool
    ) -> None:
        """Issue it through the action."""
        values = form.cleaned_data
        with refusing():
            row, plain = issue_key(
                user=values.get("user") or person(request),
                name=values["name"],
                scopes=values["allowed"],
                expiry_date=values["expiry_date"],
                actor=person(request),
                now=timezone.now(),
            )
        obj.pk = row.pk
        obj.refresh_from_db()
        setattr(obj, "plain", plain)  # noqa: B010  # for this answer, and never stored

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the key, this once."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Your new key"),
            "opts": self.opts,
            "original": obj,
            "plain": getattr(obj, "plain", ""),
            "back": self.url_after(obj),
        }
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, self.shown_once_template, context, headers=headers)

    @admin.display(description=gettext_lazy("may"))
    def allowed(self, key: ApiKey) -> str:
        """Its scopes in words."""
        return scopes_in_words(key)

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> str:
        """Whether it can be used."""
        return state_of(key, timezone.now())

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: ApiKey | None = None,
    ) -> HttpResponse:
        """With what is known of it, and the button; a new one is issued, and that is all."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if obj is not None:
            context |= {
                "key": obj,
                "allowed": scopes_in_words(obj),
                "state": state_of(obj, timezone.now()),
                "links": self.button_links(obj, person(request)).values(),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


def scopes_in_words(key: ApiKey) -> str:
    """As "read, write", in the reader's language."""
    return ", ".join(str(scope.label) for scope in Scope if scope in key.scope_set)


def state_of(key: ApiKey, now: datetime) -> str:
    """Revoked, expired, of a closed account, or in force; as a word in its colour."""
    if key.revoked:
        colour, word = "red", pgettext("API key", "revoked")
    elif key.expired_at(now):
        colour, word = "orange", _("expired")
    elif not key.user.is_active:
        colour, word = "orange", _("account closed")
    else:
        colour, word = "green", _("in force")
    return format_html('<span class="word {}">{}</span>', colour, word)
