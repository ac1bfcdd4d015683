"""304 before anything else is done, where the tag that was sent is known to be the present one.

A middleware, since most programs ask again and again for what has not changed: neither session nor
view has anything to say to that. It counts against the limit as every answer does; beyond the limit
the view refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from commitments.api import known_tags, languages, limits
from commitments.api.base import open_to_all

_PREFIX: Final = "/api/"


def answer_unchanged(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware; what it learns of the tag stays on the request for the view to complete."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(_PREFIX) or "HTTP_IF_NONE_MATCH" not in request.META:
            return get_response(request)
        return _not_modified(request) or get_response(request)

    return answer


def _not_modified(request: HttpRequest) -> HttpResponseBase | None:
    now = timezone.now()
    known = known_tags.look_up(request, language=languages.asked_language(request), now=now)
    known_tags.remember(request, known)
    answer = known.unchanged(request) if known else None
    if answer is None:
        return None
    address = limits.client_address(request)
    count = limits.count_request(caller="", method=str(request.method), address=address, now=now)
    if count is not None and count.used > count.quota:
        return None
    limits.tell(count, answer)
    return open_to_all(answer)
