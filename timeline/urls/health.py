"""Addresses for whoever watches the house."""

from __future__ import annotations

from django.urls import path

from timeline import health

urlpatterns = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
]
