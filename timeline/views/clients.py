"""Who asks: the host behind the proxies that are ours."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from timeline.keeping import count_up

MISSES_A_MINUTE: Final = 30


def client_of(request: HttpRequest) -> str:
    """The asking host, past as many proxies as are ours; a header alone is never believed."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.NUM_PROXIES and len(forwarded) >= settings.NUM_PROXIES:
        return str(forwarded[-settings.NUM_PROXIES].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def guesses_too_much(request: HttpRequest) -> bool:
    """Count one wrong secret of this host; whether it has tried more in this minute than a typist.

    The host is counted under a keyed hash for a minute, and is written down nowhere.
    """
    host = salted_hmac("timeline.feeds.misses", client_of(request), algorithm="sha256")
    return count_up(f"feed-misses-{host.hexdigest()}", seconds=60) > MISSES_A_MINUTE
