"""Errors become answers here and nowhere else: `application/problem+json` (RFC 9457).

The same for every status, for what Django refuses before a view runs and for what nobody
foresaw. `type` names the kind (`problems.py`), `code` the very case; `errors` has what is wrong
with each parameter or field.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions as rest
from rest_framework.views import set_rollback

from commitments.api.addresses import address
from commitments.api.problems import UNAVAILABLE, UNEXPECTED, ProblemKind, kind_of
from commitments.api.refusals import MalformedBody, PreconditionRequired, revision_tag
from commitments.exceptions import (
    InvalidInput,
    PhraseError,
    QuoteNotFound,
    RecordError,
    StaleRevision,
    StatementInvalid,
    TransitionRefused,
)
from commitments.window_text import Sentence

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 10
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
NAMED_HEADERS: Final = frozenset({"If-Match", "Idempotency-Key"})

_TOLD_BY_THEIR_KIND: Final = (
    rest.MethodNotAllowed,
    rest.NotAcceptable,
    rest.NotFound,
    rest.Throttled,
)
# They say no more than the kind does.
_CODES_OF_THE_FRAMEWORK: Final = frozenset(
    one.default_code
    for one in vars(rest).values()
    if isinstance(one, type) and issubclass(one, rest.APIException)
)

logger = logging.getLogger(__name__)

Item = dict[str, str]


def problem_response(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The answer to an error in a view of the API; Django REST framework's EXCEPTION_HANDLER."""
    set_rollback()
    request: HttpRequest = context["request"]
    kind = kind_of(error)
    if kind is UNEXPECTED:
        # What listens to errors of Django hears of this one too; a test client raises it.
        got_request_exception.send(sender=None, request=request)
        return unexpected_document(request, error)
    response = problem_document(
        kind,
        detail=_detail(error),
        code=_code(error, kind),
        errors=[_placed(*item, request=request) for item in _items(error)],
        **_extensions(error),
    )
    for name, value in _headers(error).items():
        response[name] = value
    return response


def problem_document(
    kind: ProblemKind,
    *,
    detail: str = "",
    code: str = "",
    errors: list[Item] | None = None,
    **extensions: Any,
) -> HttpResponse:
    """A problem as JSON; usable where no view has run. Its text is in the active language."""
    body = {
        "type": address("problem", kind.name),
        "title": str(kind.title),
        "status": kind.status,
        "detail": detail or str(kind.remedy),
        "code": code or kind.name,
        **({"errors": errors} if errors else {}),
        **extensions,
    }
    # "replace": no text of a stranger may break the answer that tells of it.
    content = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return HttpResponse(content, status=kind.status, content_type=MEDIA_TYPE)


def unexpected_document(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Say nothing of the error outside, and everything in the log, under one number.

    Where the database is away or has no room it is 503: that is over by itself, or soon seen to.
    """
    instance = f"urn:uuid:{uuid.uuid4()}"
    logger.error("%s at %s", instance, request.path, exc_info=error)
    if not is_unavailable(error):
        return problem_document(UNEXPECTED, instance=instance)
    answer = problem_document(UNAVAILABLE, instance=instance)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the database could not do its work: away, restarted, locked for long, disk full."""
    return isinstance(error, OperationalError | InterfaceError)


def _detail(error: Exception) -> str:
    if isinstance(error, RecordError):
        return _sentence(error.message)
    if isinstance(error, rest.ValidationError | ValidationError):
        return next((sentence for _path, _code, sentence in _items(error)), "")
    if isinstance(error, _TOLD_BY_THEIR_KIND):
        return ""
    return str(error.detail) if isinstance(error, rest.APIException) else ""


def _sentence(message: str) -> str:
    """Put the sentence of a room without Django into the reader's language."""
    if isinstance(message, Sentence):
        return _(message.template) % message.params
    return str(message)


def _code(error: Exception, kind: ProblemKind) -> str:
    if isinstance(error, RecordError):
        return error.specific_code
    own = getattr(getattr(error, "detail", None), "code", "")
    return own if own and own not in _CODES_OF_THE_FRAMEWORK else kind.name


def _items(error: Exception) -> Iterator[tuple[str, str, str]]:
    """(path, code, sentence) of every single thing that is wrong; the path is "" for the whole."""
    if isinstance(error, InvalidInput):
        for field, sentences in error.errors.items():
            yield from ((field, error.specific_code, _sentence(one)) for one in sentences)
    elif isinstance(error, StatementInvalid):
        yield from (("", error.code, problem) for problem in error.problems)
    elif isinstance(error, TransitionRefused) and error.unmet:
        yield from error.unmet
    elif isinstance(error, RecordError):
        if error.field and not isinstance(error, StaleRevision):  # it is in no field of a body
            yield error.field, error.specific_code, _sentence(error.message)
    elif isinstance(error, ValidationError):
        yield from (("", "invalid_input", str(sentence)) for sentence in error.messages)
    elif isinstance(error, rest.ValidationError):
        yield from _details(error.detail, "")


def _details(detail: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name == "non_field_errors"
            yield from _details(inner, path if whole else f"{path}/{name}".lstrip("/"))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _details(inner, f"{path}/{place}".lstrip("/") if nested else path)
    else:
        yield path, getattr(detail, "code", "invalid"), str(detail)


def _placed(path: str, code: str, sentence: str, *, request: HttpRequest) -> Item:
    """Where it is wrong: a parameter of the query, or a JSON pointer (RFC 6901) into the body."""
    item = {"code": code, "detail": sentence}
    if path in NAMED_HEADERS:
        return {"header": path} | item
    if request.method in SAFE_METHODS or path in request.GET:
        return ({"parameter": path} if path else {}) | item
    return {"pointer": f"#/{path}" if path else "#"} | item


def _extensions(error: Exception) -> dict[str, Any]:
    if isinstance(error, PhraseError):
        return {"nearest": list(error.nearest)}
    if isinstance(error, QuoteNotFound):
        return {"nearest": [error.nearest] if error.nearest else []}
    if isinstance(error, StaleRevision):
        return _present(error) | {"changed": dict(error.changed)}
    if isinstance(error, PreconditionRequired):
        return _present(error)
    if isinstance(error, MalformedBody):
        return {"line": error.line, "column": error.column} if error.line else {}
    if isinstance(error, rest.NotAcceptable):
        available = error.available_renderers or []
        return {"available": [renderer.media_type for renderer in available]}
    return {}


def _present(error: StaleRevision | PreconditionRequired) -> dict[str, Any]:
    """The version that a write would have to name: its revision, and that as a tag."""
    return {"current": error.current, "etag": revision_tag(error.current)}


def _headers(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, StaleRevision | PreconditionRequired):
        headers["ETag"] = revision_tag(error.current)
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(auth_header)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
