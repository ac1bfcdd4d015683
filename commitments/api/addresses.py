"""Absolute addresses within the API: the same whichever host name a request came in by."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode


def address(route: str, *args: str, query: Mapping[str, str] | None = None) -> str:
    """The address of the route `route` of this API, with `query` behind it."""
    found: str = settings.SITE_URL + route_path(route, *args)
    return f"{found}?{urlencode(query)}" if query else found


# A page of a list has some hundred addresses, mostly the same ones again.
@functools.lru_cache(maxsize=4096)
def route_path(route: str, *args: str) -> str:
    """The path of the route `route` of this API."""
    return reverse(f"api:{route}", args=args)
