"""What Django refuses before a view runs, or answers after one has failed.

Below `/api/` it is a problem as everywhere there (`commitments/api/errors.py`); elsewhere it is
the page of the site.
"""

from __future__ import annotations

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import csrf, defaults
from django.views.decorators.csrf import requires_csrf_token

from commitments.api.base import open_to_all
from commitments.api.errors import problem_response, unexpected_document
from commitments.api.languages import asked_language
from commitments.api.refusals import CsrfFailed

API: Final = "/api/"


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
    """500: what nobody foresaw."""
    return _problem(request, None) or defaults.server_error(request)


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
