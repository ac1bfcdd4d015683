"""Who guesses at secret addresses, and how often: by the host behind the proxies that are ours."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from commitments.api.limits import asking_host
from timeline.keeping import count_up

MISSES_A_MINUTE: Final = 30


def guesses_too_much(request: HttpRequest) -> bool:
    """Count one wrong secret of this host; whether it has tried more in this minute than a typist.

    The host is counted under a keyed hash for a minute, and is written down nowhere.
    """
    host = salted_hmac("timeline.feeds.misses", asking_host(request), algorithm="sha256")
    return count_up(f"feed-misses-{host.hexdigest()}", seconds=60) > MISSES_A_MINUTE
