"""Public reads from a copy of the database, where READ_DATABASE_URL names one.

A request reads the copy if it is public: a GET of what everybody sees, by somebody who shows
neither a session nor a key. Such a reader has written nothing, so it cannot miss its own writes
there. Everything else asks the database itself: the desk, keys, personal calendars, subscriptions,
ticks and their ledger, commands, health.

Number and content of the record come from the same place (`timeline/record_stamp.py`), so a copy
that is behind shows an earlier state, and never an earlier one under a later number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, cast

from django.conf import settings
from django.db import models
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

COPY: Final = "replica"

# What is the same for everybody. An address that is new and not here asks the database itself.
PUBLIC: Final = re.compile(
    r"/(?:(?:ru|kk)/)?"
    r"(?:\Z|(?:c|parties|sources|topics|picture|changes|corrections|methodology)/"
    r"|feeds/(?:commitments\.ics|changes\.(?:atom|json))\Z|api/v1/)"
)

_is_public: ContextVar[bool] = ContextVar("is_public", default=False)


def is_public(request: HttpRequest) -> bool:
    """Whether the answer to `request` may come from the copy."""
    return (
        request.method in {"GET", "HEAD"}
        and "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and PUBLIC.match(request.path_info) is not None
    )


def read_public_from_the_copy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: let the router know whether the request of this thread is public."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not is_public(request):
            return get_response(request)
        with _public():
            response = get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            parts = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = _streamed(parts)
        return response

    return answer


@contextmanager
def _public() -> Iterator[None]:
    token = _is_public.set(True)
    try:
        yield
    finally:
        _is_public.reset(token)


def _streamed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same parts, each made as the request itself was: what streams is written after it."""
    while True:
        with _public():
            part = next(parts, None)
        if part is None:
            return
        yield part


class PublicReads:
    """The router: the copy for what is read in a public request, else the database itself."""

    def db_for_read(self, _model: type[models.Model], **_hints: Any) -> str:
        return COPY if _is_public.get() else "default"

    def db_for_write(self, _model: type[models.Model], **_hints: Any) -> str:
        return "default"

    def allow_relation(self, _one: models.Model, _other: models.Model, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """The copy follows by itself."""
        return db != COPY
