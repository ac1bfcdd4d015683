"""ETag and 304 for pages that are the same for everybody (RFC 9110, sections 8.8.3 and 15.4.5).

A tag is the hash of a page's bytes, so it can only be learnt by making the page. It is kept beside
the number of the record's last change and the quarter of an hour (each time zone begins its day at
one, and what is overdue moves with the day): while both stand, who asks again gets a 304 for one
query. Lists, which take longest to make, are kept whole: the next reader gets the same bytes.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page that was made: its tag, its headers, and its packed bytes, None for the tag alone."""

    etag: str
    headers: Mapping[str, str]
    packed: bytes | None

    def response(self) -> HttpResponse | None:
        """The page as it was made."""
        if self.packed is None:
            return None
        return HttpResponse(zlib.decompress(self.packed), headers=dict(self.headers))


def answer_unchanged(view: View[Arguments]) -> View[Arguments]:
    """Give the pages of `view` an ETag, and answer 304 to who has the page already."""
    return _answering(view, is_kept=False)


def answer_kept(view: View[Arguments]) -> View[Arguments]:
    """The same for lists, and give the next reader the bytes that were made for the last one."""
    return _answering(view, is_kept=True)


def _answering(view: View[Arguments], *, is_kept: bool) -> View[Arguments]:
    @functools.wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        key = _key(request, number=last_number(), now=timezone.now())
        known = recall(key)
        if isinstance(known, _Kept):
            made = known.response() if _is_for_all(request) else None
            found = get_conditional_response(request, etag=known.etag, response=made)
            if found is not None and (found.status_code == 304 or made is not None):
                return _described(found, known.etag)
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if _is_for_all(request):
            packed = zlib.compress(response.content, 1) if is_kept else None
            keep({key: _Kept(etag, dict(response.headers), packed)}, seconds=SLOT)
        conditional = get_conditional_response(request, etag=etag, response=response)
        return _described(conditional if conditional is not None else response, etag)

    return answer


def _is_for_all(request: HttpRequest) -> bool:
    """Whether no message waits for this reader, which would stand on the page."""
    names = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return not names & request.COOKIES.keys()


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
