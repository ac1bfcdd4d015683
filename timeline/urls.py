"""Addresses of the public pages, each in every language (`/ru/c/…`)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from timeline.views import pages

app_name = "timeline"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("c/<str:public_id>/", pages.commitment, name="commitment"),
    path("", include("timeline.subscription_urls")),
]
