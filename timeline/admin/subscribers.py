"""Who gets mail, and why somebody gets none."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from commitments.admin.theme import ChoicesFieldListFilter
from timeline.admin.reading import ReadingAdmin
from timeline.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(ReadingAdmin[Subscriber]):
    """Confirmed addresses with their state; a subscriber changes their settings themselves."""

    list_display = (
        "address",
        "state",
        "suppression",
        "suppression_text",
        "language",
        "time_zone",
        "confirmed_at",
        "state_changed_at",
    )
    list_filter = (("state", ChoicesFieldListFilter), ("suppression", ChoicesFieldListFilter))
    search_fields = ("address",)
    fields = (
        ("address", "user"),
        ("state", "suppression", "suppression_text"),
        ("language", "time_zone", "wall_time"),
        ("rhythm", "paused_until"),
        ("soft_bounces", "last_bounce_at"),
        ("created_at", "confirmed_at", "state_changed_at"),
        "selections",
    )

    @admin.display(description=_("subscriptions"))
    def selections(self, subscriber: Subscriber) -> str:
        """Each selection, when it reminds, and when it ended."""
        rows = subscriber.subscriptions.order_by("pk")
        parts = ((one.query or _("everything"), one.moments, one.ended_at or "") for one in rows)
        return format_html_join("", "<div>{}: {} {}</div>", parts) or "—"
