"""Webhooks at the desk: whose they are, what they were told, and why it did not arrive."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commitments.admin.theme import ChoicesFieldListFilter
from commitments.exceptions import InvalidInput
from timeline.actions.webhook_delivery import replay_delivery
from timeline.actions.webhook_endpoints import switch_off_webhook, switch_on_webhook
from timeline.admin.reading import ReadingAdmin
from timeline.enums import SwitchedOff
from timeline.models import WebhookDelivery, WebhookEndpoint


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadingAdmin[WebhookEndpoint]):
    """Every webhook with its owner and its standing; the secret is shown to its owner only."""

    actions = ("switch_off", "switch_on")
    list_select_related = ("owner",)
    list_display = (
        "url",
        "owner",
        "query",
        "is_active",
        "switched_off_because",
        "failing_since",
        "last_delivered_at",
    )
    list_filter = ("is_active", ("switched_off_because", ChoicesFieldListFilter))
    search_fields = ("url", "owner__username", "=public_id")
    fields = (
        ("url", "owner"),
        ("query", "after_number"),
        ("is_active", "switched_off_at", "switched_off_because"),
        ("created_at", "last_delivered_at", "failing_since"),
    )

    def has_switch_permission(self, request: HttpRequest) -> bool:
        """Who may see a webhook may stop it."""
        return self.has_view_permission(request)

    @admin.action(description=_("Switch off: tell them of nothing more"), permissions=["switch"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        """Stop the chosen ones."""
        for endpoint in chosen:
            switch_off_webhook(endpoint=endpoint, because=SwitchedOff.BY_DESK, now=timezone.now())
        self._tell(request, len(chosen))

    @admin.action(description=_("Switch on: tell them of what comes"), permissions=["switch"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        """Let the chosen ones hear of what changes from now on."""
        for endpoint in chosen:
            switch_on_webhook(endpoint=endpoint)
        self._tell(request, len(chosen))

    def _tell(self, request: HttpRequest, count: int) -> None:
        sentence = ngettext(
            "%(count)d webhook was switched.", "%(count)d webhooks were switched.", count
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadingAdmin[WebhookDelivery]):
    """Every delivery with the answers that it got, and a button to repeat it."""

    actions = ("replay",)
    date_hierarchy = "created_at"
    list_select_related = ("endpoint",)
    list_display = (
        "message",
        "endpoint",
        "record_id",
        "state",
        "what_happened",
        "attempts",
        "created_at",
        "next_try_at",
    )
    list_filter = (("state", ChoicesFieldListFilter),)
    search_fields = ("endpoint__url", "=endpoint__public_id", "=record_id", "last_text")
    fields = (
        ("message", "endpoint"),
        ("number", "record_type", "record_id"),
        ("kind", "is_gone", "recorded_at"),
        ("state", "attempts", "what_happened"),
        ("created_at", "next_try_at", "expires_at", "settled_at"),
        "all_attempts",
    )

    @admin.display(description=_("message"))
    def message(self, delivery: WebhookDelivery) -> str:
        """The id that the receiver knows it by."""
        return delivery.webhook_id

    @admin.display(description=_("what happened"))
    def what_happened(self, delivery: WebhookDelivery) -> str:
        """The last answer, or why there was none."""
        return f"{delivery.last_status or ''} {delivery.last_text}".strip() or "—"

    @admin.display(description=_("attempts"))
    def all_attempts(self, delivery: WebhookDelivery) -> str:
        """Each attempt with its answer and how long it took."""
        rows = (
            (f"{one.at:%Y-%m-%d %H:%M:%S}", one.status or "—", one.text, one.milliseconds)
            for one in delivery.log.order_by("pk")
        )
        return format_html_join("", "<div>{}: {} {} ({} ms)</div>", rows) or "—"

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Who may see a delivery may repeat it."""
        return self.has_view_permission(request)

    @admin.action(description=_("Send again, under the same id"), permissions=["replay"])
    def replay(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        """Send the chosen ones again with the next tick."""
        count = 0
        for delivery in chosen:
            try:
                replay_delivery(delivery=delivery, now=timezone.now())
            except InvalidInput as error:
                sentence = f"{delivery.webhook_id}: {error.message}"
                self.message_user(request, sentence, messages.WARNING)
            else:
                count += 1
        sentence = ngettext(
            "%(count)d delivery will be sent again.",
            "%(count)d deliveries will be sent again.",
            count,
        )
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the endpoint, which is a part of the id."""
        return super().get_queryset(request).select_related("endpoint")
