"""The addresses of this part of the API, below `/api/v1/`; they are added to, never changed."""

from __future__ import annotations

from django.urls import URLPattern, path

from timeline.api import changes, subscription_settings, subscriptions, timeline, webhooks

app_name = "timeline_api"

urlpatterns: list[URLPattern] = [
    path("changes/", changes.ChangeList.as_view(), name="changes"),
    path("subscriptions/", subscriptions.Subscriptions.as_view(), name="subscriptions"),
    path(
        "subscriptions/settings/",
        subscription_settings.SubscriptionSettings.as_view(),
        name="subscription-settings",
    ),
    path(
        "subscriptions/<int:number>/",
        subscriptions.OneSubscription.as_view(),
        name="subscription",
    ),
    path("timeline/", timeline.Timeline.as_view(), name="timeline"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<slug:public_id>/", webhooks.OneWebhook.as_view(), name="webhook"),
    path(
        "webhooks/<slug:public_id>/secret/",
        webhooks.WebhookSecret.as_view(),
        name="webhook-secret",
    ),
    path(
        "webhooks/<slug:public_id>/deliveries/",
        webhooks.WebhookDeliveries.as_view(),
        name="webhook-deliveries",
    ),
    path(
        "webhooks/<slug:public_id>/deliveries/<int:number>/replay/",
        webhooks.WebhookReplay.as_view(),
        name="webhook-replay",
    ),
]
