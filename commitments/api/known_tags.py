"""Which ETag an answer has, without making the answer: while the record stands, so does the tag.

A tag is the hash of an answer's bytes, so it can only be learnt by making them. Here the headers
of the answer are kept beside the number of the record's last change, and a program that asks again
with the same tag gets its 304 for one short query. What is public is the same for everybody, so
only requests that show no key come here.

The number is read before the rows are: what changes in between is kept under a number that is
behind already, and nobody asks for that one again once the change is in.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac

from commitments.models import RecordHead

SLOT: Final = 900
"""Seconds. Every time zone begins its day at a quarter hour, and schedules move with the day."""

TOLD: Final = ("ETag", "Cache-Control", "Vary", "Content-Language")
"""Headers of a 304 (RFC 9110, 15.4.5)."""

_REMEMBERED: Final = "commitments.known_tag"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the answer to a request: where it is kept, and its headers."""

    key: str
    headers: Mapping[str, str] | None

    def unchanged(self, request: HttpRequest) -> HttpResponse | None:
        """304 where the request has the tag already; None where the answer has to be made."""
        if self.headers is None:
            return None
        answer = get_conditional_response(request, etag=self.headers["ETag"])
        if answer is not None:
            for name, value in self.headers.items():
                answer[name] = value
        return answer


def remember(request: HttpRequest, known: Known | None) -> None:
    """Let the view know where to keep the tag, once it has made the answer."""
    request.META[_REMEMBERED] = known


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the headers of the whole answer to `request`, if it was looked up before."""
    known = request.META.get(_REMEMBERED)
    if not isinstance(known, Known):
        return
    headers = {name: response[name] for name in TOLD if response.has_header(name)}
    try:
        cache.set(known.key, headers, SLOT)
    except Exception:
        logger.warning("The cache does not keep; answers are made anew", exc_info=True)


def look_up(request: HttpRequest, *, language: str, now: datetime) -> Known | None:
    """What is known of the answer to a request with If-None-Match; None for all others.

    None also where neither cache nor database answers: the view will say so.
    """
    meta = request.META
    if request.method not in {"GET", "HEAD"} or "HTTP_IF_NONE_MATCH" not in meta:
        return None
    if "HTTP_AUTHORIZATION" in meta or "HTTP_IF_MATCH" in meta:
        return None
    try:
        key = f"api-tag-{stamp(request, language=language, now=now)}"
        return Known(key, cache.get(key))
    except Exception:
        logger.warning("No tag could be looked up; answers are made anew", exc_info=True)
        return None


def stamp(request: HttpRequest, *, language: str, now: datetime) -> str:
    """The same text for the same request while the record and the quarter of the hour stand.

    Keyed, so that nobody reads the number of the last change out of it.
    """
    meta = request.META
    slot = int(now.timestamp()) // SLOT
    parts = (_head(), slot, language, request.path, meta.get("QUERY_STRING", ""))
    asked = repr((*parts, meta.get("HTTP_ACCEPT", "")))
    return salted_hmac("commitments.api.tag", asked, algorithm="sha256").hexdigest()[:40]


def _head() -> int:
    """The number of the last change of the record."""
    with connections[router.db_for_read(RecordHead)].cursor() as cursor:
        cursor.execute("SELECT number FROM commitments_recordhead")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
