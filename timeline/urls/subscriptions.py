"""Addresses of subscribing and leaving; they stand in mails, so they are permanent."""

from __future__ import annotations

from django.urls import path

from timeline.views import mailbox, owner, subscriptions

urlpatterns = [
    path("subscribe/mail/", subscriptions.subscribe, name="subscribe"),
    path("mailbox/", mailbox.mails, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.mail, name="mailbox_mail"),
    path("mailbox/<str:key>/html/", mailbox.mail_html, name="mailbox_html"),
    path("subscriptions/confirm/<str:token>/", subscriptions.confirm, name="confirm"),
    path("subscriptions/manage/<str:token>/", subscriptions.manage, name="manage"),
    path("subscriptions/answer/<str:token>/", owner.answer, name="owner_answer"),
    path("subscriptions/unsubscribe/<str:token>/", subscriptions.unsubscribe, name="unsubscribe"),
]
