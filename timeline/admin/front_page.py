"""The front page of the desk with the mails that went wrong, for those who look after mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.admin.queues import Queue
from commitments.admin.record_admin import person
from commitments.admin.site import dashboard as dashboard_of_the_record
from timeline.models import OutboxEmail, SendingHold


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the front page, for DASHBOARD_CALLBACK.

    One query more for everybody, and one for a postmaster.
    """
    context = dashboard_of_the_record(request, context)
    _warn_of_a_hold(request)
    if not person(request).has_perm("timeline.view_outboxemail"):
        return context
    count = OutboxEmail.objects.alarming().count()
    queues = context.get("queues")
    if queues is not None:
        return {**context, "queues": (*queues, _mails(count))}
    if count:  # a postmaster who keeps no record sees no cards
        messages.warning(request, alarm_sentence(count))
    return context


def _warn_of_a_hold(request: HttpRequest) -> None:
    """Everybody at the desk is told that their readers hear nothing; a postmaster can end it."""
    hold = SendingHold.objects.open().first()
    if hold is None:
        return
    sentence = _("Mail is on hold since %(since)s UTC: %(reason)s. Postmasters can let it leave.")
    words = sentence % {"since": f"{hold.since:%Y-%m-%d %H:%M}", "reason": hold.reason}
    if person(request).has_perm("timeline.change_outboxemail"):
        address = reverse("admin:timeline_sendinghold_lift", args=[hold.pk])
        link = format_html(
            '<a class="underline" href="{}">{}</a>', address, _("Let mail leave again")
        )
        words = format_html("{} {}", words, link)
    messages.warning(request, words)


def alarm_sentence(count: int) -> str:
    """How many mails may not have reached their readers, in words."""
    sentence = ngettext(
        "%(count)d mail may not have reached its reader.",
        "%(count)d mails may not have reached their readers.",
        count,
    )
    return sentence % {"count": count}


def _mails(count: int) -> Queue:
    address = reverse("admin:timeline_outboxemail_changelist")
    return Queue("mails", _("Mails gone wrong"), "mark_email_unread", f"{address}?unseen=1", count)
