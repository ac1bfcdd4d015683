"""What happens around every request, whatever view answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from timeline.record_stamp import forget_number

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT"})


def forget_the_number_after_writes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let feeds look at the record anew after every request that may have changed it.

    Before its answer leaves: whoever has the answer and then asks for a feed sees the change there.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        try:
            return get_response(request)
        finally:
            if request.method not in _SAFE:
                forget_number()

    return answer
