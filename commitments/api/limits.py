"""How much one caller may ask for: counted by key or by address, told in headers (429 beyond).

Requests are counted in the cache by whole minutes, so all processes count together where Redis
is there. The limit protects the site and is no lock on a door: when the cache is broken or does
not answer, requests pass, and it is left alone for a while so that nobody has to wait for it.

The headers are `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10,
structured fields (RFC 9651). Its first versions had RateLimit-Limit, -Remaining and -Reset, which
could not say what is counted; they are not sent as well, for two answers could contradict.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import Throttled

WINDOW: Final = 60  # seconds
LEFT_ALONE: Final = 10.0
"""So many seconds nothing is asked of a cache that has failed."""

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """Where a caller stands with `policy` after this request; `reset` is in seconds."""

    policy: str
    quota: int
    used: int
    reset: int

    def headers(self) -> dict[str, str]:
        """The two fields, for every answer."""
        left = max(0, self.quota - self.used)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={left};t={self.reset}',
        }


class Breaker:
    """Keeps this process from asking a cache that has just failed."""

    def __init__(self) -> None:
        self.closed_until = 0.0

    def is_open(self) -> bool:
        """Whether the cache may be asked."""
        return time.monotonic() >= self.closed_until

    def trip(self) -> None:
        """Leave the cache alone for a while."""
        self.closed_until = time.monotonic() + LEFT_ALONE


_breaker: Final = Breaker()


def count_request(*, caller: str, method: str, address: str, now: datetime) -> Count | None:
    """Count this request; None where there is no limit, or nobody could count.

    `caller` is the name of a key or user, "" for whoever is known by its `address` only.
    """
    policy, quota = policy_of(caller, method)
    if not quota or method == "OPTIONS":  # a browser asks so before what it means to ask
        return None
    second = int(now.timestamp())
    used = _used(f"api-limit:{policy}:{caller or address}:{second // WINDOW}")
    return None if used is None else Count(policy, quota, used, WINDOW - second % WINDOW)


def demand_below(count: Count | None) -> None:
    """Raise Throttled (429), with the seconds to wait, for who has asked too much."""
    if count is not None and count.used > count.quota:
        raise Throttled(wait=count.reset)


def tell(count: Count | None, response: HttpResponseBase) -> None:
    """Put the headers on an answer."""
    if count is not None:
        for name, value in count.headers().items():
            response[name] = value


def policy_of(caller: str, method: str) -> tuple[str, int]:
    """The one limit that a request counts against, and its quota; 0 is "no limit"."""
    if method not in SAFE:
        return "writes", settings.API_WRITES_PER_MINUTE
    if caller:
        return "keys", settings.API_KEY_PER_MINUTE
    return "anonymous", settings.API_ANONYMOUS_PER_MINUTE


def asking_host(request: HttpRequest) -> str:
    """The asking host, past as many proxies as are ours; the header alone is never believed."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.NUM_PROXIES and len(forwarded) >= settings.NUM_PROXIES:
        return forwarded[-settings.NUM_PROXIES].strip() or text
    return text


def client_address(request: HttpRequest) -> str:
    """What is counted of `asking_host`: of an IPv6 address the network (/64).

    A host has all addresses of its network at will.
    """
    text = asking_host(request)
    try:
        found = ipaddress.ip_address(text)
    except ValueError:  # a socket, or a proxy that adds a port
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))


def _used(key: str) -> int | None:
    if not _breaker.is_open():
        return None
    try:
        return _increased(caches["limits"], key)
    except Exception:
        _breaker.trip()
        logger.warning("The cache does not count; requests pass without a limit", exc_info=True)
        return None


def _increased(cache: BaseCache, key: str) -> int:
    """The count with this request, kept for two windows; mostly one question to the cache."""
    try:
        return cache.incr(key)
    except ValueError:  # the first of its minute
        return 1 if cache.add(key, 1, timeout=2 * WINDOW) else cache.incr(key)
