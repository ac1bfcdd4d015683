"""Holds on mail at the desk: why nothing leaves, since when, and the button that lets it leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from commitments.admin.record_admin import person
from commitments.exceptions import InvalidInput
from commitments.forms.theme import TextInput
from timeline.actions.sending_hold import lift_hold
from timeline.admin.reading import ReadingAdmin
from timeline.models import OutboxEmail, Reminder, SendingHold

AS_BROWSERS_WRITE_IT = "%Y-%m-%dT%H:%M:%S"


class LiftForm(forms.Form):
    """What is known of the time between the backup and the restore."""

    sent_until = forms.DateTimeField(
        label=_("The site that was lost sent mail until (UTC)"),
        help_text=_(
            "What was due up to then is not sent again. Leave it empty if nothing was sent after "
            "the backup: then all that waits is sent, once."
        ),
        required=False,
        widget=TextInput(attrs={"type": "datetime-local", "step": "1"}),
    )


@admin.register(SendingHold)
class SendingHoldAdmin(ReadingAdmin[SendingHold]):
    """For postmasters, who may see the mails; to lift a hold is to send them."""

    list_display = ("since", "reason", "backup_at", "lifted_at", "lifted_by", "lift_link")
    list_select_related = ("lifted_by",)
    fields = (
        ("since", "reason"),
        ("backup_at", "sent_until"),
        ("lifted_at", "lifted_by"),
        "lift_link",
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Who may see the mails."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may see the mails may see why none is sent."""
        return person(request).has_perm("timeline.view_outboxemail")

    @admin.display(description=_("mail"))
    def lift_link(self, hold: SendingHold) -> str:
        """The way to the button, as long as it has something to do."""
        if hold.lifted_at is not None:
            return "—"
        address = reverse("admin:timeline_sendinghold_lift", args=[hold.pk])
        words = _("Let mail leave again")
        return format_html('<a class="underline" href="{}">{}</a>', address, words)

    def get_urls(self) -> list[URLPattern]:
        """The page of the button before Django's own, which would take any address."""
        view = self.admin_site.admin_view(self.lift_view)
        return [
            path("<int:hold_id>/lift/", view, name="timeline_sendinghold_lift"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def lift_view(self, request: HttpRequest, hold_id: int) -> HttpResponseBase:
        """Show what waits and ask what was sent before; on POST lift the hold."""
        if not person(request).has_perm("timeline.change_outboxemail"):
            raise PermissionDenied
        hold = get_object_or_404(SendingHold, pk=hold_id)
        is_sent = request.method == "POST" and "lift" in request.POST
        now = timezone.now()
        begin = hold.since.strftime(AS_BROWSERS_WRITE_IT)
        form = LiftForm(request.POST) if is_sent else LiftForm(initial={"sent_until": begin})
        if is_sent and form.is_valid() and self._lift(request, hold, form, now):
            return HttpResponseRedirect(reverse("admin:timeline_sendinghold_changelist"))
        return self._page(request, hold, form, now)

    def _lift(self, request: HttpRequest, hold: SendingHold, form: LiftForm, now: datetime) -> bool:
        try:
            count = lift_hold(
                hold=hold,
                sent_until=form.cleaned_data["sent_until"],
                actor=person(request),
                now=now,
            )
        except InvalidInput as error:
            form.add_error("sent_until" if error.field == "sent_until" else None, error.message)
            return False
        sentence = ngettext(
            "Mail leaves again. %(count)d mail counts as sent before.",
            "Mail leaves again. %(count)d mails count as sent before.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        return True

    def _page(
        self, request: HttpRequest, hold: SendingHold, form: LiftForm, now: datetime
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Let mail leave again"),
            "opts": self.opts,
            "hold": hold,
            "form": form,
            "mails": OutboxEmail.objects.open().count(),
            "reminders": Reminder.objects.due(now).count(),
            "submit_label": _("Let mail leave again"),
            "is_grave": True,
            "back": reverse("admin:timeline_sendinghold_changelist"),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "timeline/admin/lift_hold.html", context)
