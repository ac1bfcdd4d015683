"""The front page of the desk with the mails that went wrong, for those who look after mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.admin.queues import Queue
from commitments.admin.record_admin import person
from commitments.admin.site import dashboard as dashboard_of_the_record
from timeline.models import OutboxEmail


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the front page, for DASHBOARD_CALLBACK; one query more for a postmaster."""
    context = dashboard_of_the_record(request, context)
    if not person(request).has_perm("timeline.view_outboxemail"):
        return context
    count = OutboxEmail.objects.alarming().count()
    queues = context.get("queues")
    if queues is not None:
        return {**context, "queues": (*queues, _mails(count))}
    if count:  # a postmaster who keeps no record sees no cards
        messages.warning(request, alarm_sentence(count))
    return context


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
