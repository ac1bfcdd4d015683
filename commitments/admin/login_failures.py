"""Wrong passwords at the desk: who was shut out, from where, and letting them in again."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.actions.logins import let_in_again
from commitments.admin.record_admin import person
from commitments.admin.theme import ModelAdmin

# The library has no Kazakh; under these names it is in our own translations.
NAMES = (_("access attempt"), _("access attempts"), _("Attempt Time"), _("IP Address"))


@admin.register(AccessAttempt)
class LoginFailureAdmin(ModelAdmin[AccessAttempt]):
    """A row for each account, address and browser; older than 15 minutes they count no more."""

    actions = ("let_in",)
    list_display = ("account", "ip_address", "failures", "attempt_time")
    search_fields = ("username", "ip_address")
    fields = (("username", "ip_address"), "failures_since_start", "attempt_time", "user_agent")
    ordering = ("-attempt_time",)

    @admin.display(description=_("account"), ordering="username")
    def account(self, attempt: AccessAttempt) -> str:
        """The name that was typed; there need be no such account."""
        return attempt.username or "—"

    @admin.display(description=_("wrong passwords"), ordering="failures_since_start")
    def failures(self, attempt: AccessAttempt) -> int:
        """How many came from there."""
        return int(attempt.failures_since_start)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only wrong passwords add to it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What happened is not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who is shut out is let in again instead."""
        return False

    def has_let_in_permission(self, request: HttpRequest) -> bool:
        """An administrator."""
        return person(request).is_superuser

    @admin.action(description=_("Let them in again"), permissions=["let_in"])
    def let_in(self, request: HttpRequest, chosen: QuerySet[AccessAttempt]) -> None:
        """Forget what counts against the chosen accounts and addresses."""
        ids = list(chosen.values_list("pk", flat=True))
        count = let_in_again(ids=ids, actor=person(request))
        sentence = ngettext(
            "%(count)d count of wrong passwords was forgotten.",
            "%(count)d counts of wrong passwords were forgotten.",
            count,
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
