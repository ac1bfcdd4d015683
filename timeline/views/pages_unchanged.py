"""ETag and 304 for pages that are the same for everybody (RFC 9110, sections 8.8.3 and 15.4.5).

A tag is the hash of a page's bytes, so it can only be learnt by making the page. It is kept beside
the number of the record's last change and the quarter of an hour (each time zone begins its day at
one, and what is overdue moves with the day): while both stand, who asks again gets a 304 for one
query.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from timeline.keeping import keep, recall
from timeline.record_stamp import last_number

SLOT: Final = 900
"""Seconds for which a tag holds while nothing changes."""

_CACHE_CONTROL: Final = "no-cache"
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def answer_unchanged(view: View[Arguments]) -> View[Arguments]:
    """Give the pages of `view` an ETag, and answer 304 to who has the page already."""

    @functools.wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        key = _key(request, number=last_number(), now=timezone.now())
        known = recall(key)
        if isinstance(known, str):
            unchanged = get_conditional_response(request, etag=known)
            if unchanged is not None and unchanged.status_code == 304:
                return _described(unchanged, known)
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        keep({key: etag}, seconds=SLOT)
        conditional = get_conditional_response(request, etag=etag, response=response)
        return _described(conditional if conditional is not None else response, etag)

    return answer


def _described(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    # Kept by anybody, and asked for anew each time: a verdict must not be late.
    response.setdefault("Cache-Control", _CACHE_CONTROL)
    return response


def _key(request: HttpRequest, *, number: int, now: datetime) -> str:
    slot = int(now.timestamp()) // SLOT
    rule = settings.REQUIRE_SECOND_PERSON
    asked = f"{get_language()} {request.get_full_path()} {number} {slot} {rule}"
    return f"page-tag-{hashlib.sha256(asked.encode()).hexdigest()}"
