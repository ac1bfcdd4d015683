"""Addresses of subscribing and leaving; they stand in mails, so they are permanent."""

from __future__ import annotations

from django.urls import path

from timeline.views import subscriptions

urlpatterns = [
    path("subscribe/", subscriptions.subscribe, name="subscribe"),
    path("subscriptions/confirm/<str:token>/", subscriptions.confirm, name="confirm"),
    path("subscriptions/manage/<str:token>/", subscriptions.manage, name="manage"),
    path("subscriptions/unsubscribe/<str:token>/", subscriptions.unsubscribe, name="unsubscribe"),
]
