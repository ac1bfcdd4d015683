"""Absolute addresses of this part of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode


def address(route: str, *args: str, query: Mapping[str, Any] | None = None) -> str:
    """The address of the route `route` of `timeline/api/urls.py`, with `query` behind it."""
    found = settings.SITE_URL + reverse(f"timeline_api:{route}", args=args)
    return f"{found}?{urlencode(query, doseq=True)}" if query else found
