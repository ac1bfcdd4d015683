"""What Django refuses before a view runs, or answers after one has failed.

Below `/api/` it is a problem as everywhere there (`commitments/api/errors.py`); elsewhere it is
the page of the site.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.views import csrf, defaults
from django.views.decorators.csrf import requires_csrf_token

from commitments.api.base import open_to_all
from commitments.api.errors import (
    RETRY_SECONDS,
    is_unavailable,
    problem_response,
    unexpected_document,
)
from commitments.api.languages import asked_language
from commitments.api.refusals import CsrfFailed

API: Final = "/api/"

# The logger of Django itself for this, so that who watches it hears of every one.
_refused_hosts = logging.getLogger("django.security.DisallowedHost")


def refuse_wrong_hosts(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a wrong Host is a problem at the API, with DEBUG as well.

    Where the first one who asks for the Host raises, Django shows a page of its own with DEBUG,
    and no handler is asked. So it stands before all who do.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API):
            return get_response(request)
        try:
            request.get_host()
        except DisallowedHost as error:
            _refused_hosts.error("%s", error, extra={"status_code": 400, "request": request})
            return bad_request(request, error)
        return get_response(request)

    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a wrong Host, or too much of something."""
    return _problem(request, exception) or defaults.bad_request(request, exception)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _problem(request, exception) or defaults.permission_denied(request, exception)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no view has this address, or the view has nothing there."""
    return _problem(request, exception) or defaults.page_not_found(request, exception)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: what nobody foresaw; 503 where the database could not do its work."""
    if problem := _problem(request, None):
        return problem
    if not is_unavailable(sys.exception()):
        return defaults.server_error(request)
    # No context of the request: whoever asks there who is logged in would ask the database.
    page = HttpResponse(render_to_string("503.html"), status=503)
    page["Retry-After"] = str(RETRY_SECONDS)
    page["Cache-Control"] = "no-store"
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF middleware, for CSRF_FAILURE_VIEW."""
    return _problem(request, CsrfFailed()) or csrf.csrf_failure(request, reason)


def _problem(request: HttpRequest, error: Exception | None) -> HttpResponse | None:
    if not request.path_info.startswith(API):
        return None
    language = asked_language(request)
    with translation.override(language):
        if error is None:
            answer = unexpected_document(request, sys.exception())
        else:
            answer = problem_response(error, {"request": request})
    answer["Content-Language"] = language
    open_to_all(answer)
    return answer
