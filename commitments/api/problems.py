"""The kinds of problem that the API tells of: one table, errors of the record and of HTTP alike.

Each kind has an address of its own (`type` in RFC 9457) where a reader finds what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.core import exceptions as django
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as rest

from commitments import exceptions as record
from commitments.api import refusals

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`name` is stable and public; `title` says it in a few words, `remedy` what to do."""

    name: str
    status: int
    title: str | _StrPromise
    remedy: str | _StrPromise


def _kind(
    name: str, status: HTTPStatus, title: str | _StrPromise, remedy: str | _StrPromise
) -> ProblemKind:
    return ProblemKind(name, int(status), title, remedy)


_INVALID_INPUT: Final = _kind(
    "invalid_input",
    HTTPStatus.BAD_REQUEST,
    _("The input is not valid"),
    _("Correct what “errors” names, each with its parameter or field, and ask again."),
)
_MALFORMED: Final = _kind(
    "malformed_request",
    HTTPStatus.BAD_REQUEST,
    _("The request cannot be read"),
    _("Check the syntax of the address, of the headers and of the body."),
)
_NOT_ALLOWED: Final = _kind(
    "not_allowed",
    HTTPStatus.FORBIDDEN,
    _("You may not do this"),
    _("Ask an administrator of the desk for the right that “detail” names."),
)
_NOT_FOUND: Final = _kind(
    "not_found",
    HTTPStatus.NOT_FOUND,
    _("There is nothing at this address"),
    _("Start at the first address of the API and follow its links."),
)
_UNAUTHENTICATED: Final = _kind(
    "not_authenticated",
    HTTPStatus.UNAUTHORIZED,
    _("We do not know who you are"),
    _("Send a valid key."),
)
UNEXPECTED: Final = _kind(
    "unexpected",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    _("Something went wrong on our side"),
    _("Try again later; if it stays, tell us the value of “instance”."),
)
UNAVAILABLE: Final = _kind(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    _("The record cannot be reached right now"),
    _("Nothing was written. Send it again after as many seconds as the header Retry-After says."),
)
PRECONDITION_FAILED: Final = _kind(
    "precondition_failed",
    HTTPStatus.PRECONDITION_FAILED,
    _("The precondition does not hold"),
    _("Read it again; the header ETag of the answer has the present version."),
)

PROBLEMS: Final[dict[type[Exception], ProblemKind]] = {
    record.InvalidInput: _INVALID_INPUT,
    record.WindowError: _kind(
        "window_invalid",
        HTTPStatus.BAD_REQUEST,
        _("This is not a date"),
        _("Write it as “detail” says, or choose one of “nearest”."),
    ),
    record.TransitionRefused: _kind(
        "transition_refused",
        HTTPStatus.CONFLICT,
        _("This move is not possible"),
        _("“code” names what is missing: hand it in, or choose another move."),
    ),
    record.NotAllowed: _NOT_ALLOWED,
    record.StaleRevision: _kind(
        "stale_revision",
        HTTPStatus.PRECONDITION_FAILED,
        _("Somebody else changed it"),
        _("Read it again: “current” is its revision now, “changed” what the others did."),
    ),
    record.StatementInvalid: _kind(
        "statement_invalid",
        HTTPStatus.BAD_REQUEST,
        _("The statement cannot be loaded"),
        _("Correct each row that “errors” names; nothing was loaded."),
    ),
    record.RecordError: _kind(
        "refused",
        HTTPStatus.BAD_REQUEST,
        _("The record refuses this"),
        _("“detail” says why."),
    ),
    rest.ValidationError: _INVALID_INPUT,
    rest.ParseError: _MALFORMED,
    rest.AuthenticationFailed: _UNAUTHENTICATED,
    rest.NotAuthenticated: _UNAUTHENTICATED,
    rest.PermissionDenied: _NOT_ALLOWED,
    rest.NotFound: _NOT_FOUND,
    rest.MethodNotAllowed: _kind(
        "method_not_allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("This method is not possible here"),
        _("The header Allow lists those that are."),
    ),
    rest.NotAcceptable: _kind(
        "not_acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        _("We have no answer in this format"),
        _("Ask for one of “available” in the header Accept."),
    ),
    rest.UnsupportedMediaType: _kind(
        "unsupported_media_type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        _("We cannot read this format"),
        _("Send application/json."),
    ),
    rest.Throttled: _kind(
        "throttled",
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many requests"),
        _("Wait as many seconds as the header Retry-After says."),
    ),
    refusals.PreconditionRequired: _kind(
        "precondition_required",
        HTTPStatus.PRECONDITION_REQUIRED,
        _("Say which version you have read"),
        _("Send the header If-Match with the ETag of what you have read; “etag” is it now."),
    ),
    refusals.RequestInProgress: _kind(
        "request_in_progress",
        HTTPStatus.CONFLICT,
        _("The same request is still running"),
        _("Send it again after as many seconds as the header Retry-After says."),
    ),
    refusals.KeyReused: _kind(
        "idempotency_key_reused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("This Idempotency-Key belongs to another request"),
        _("Make a new key for each new request, and keep it for repeats of that one only."),
    ),
    django.RequestDataTooBig: _kind(
        "too_large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("The body is too large"),
        _("Send it in several smaller requests."),
    ),
    Http404: _NOT_FOUND,
    django.PermissionDenied: _NOT_ALLOWED,
    django.SuspiciousOperation: _MALFORMED,
    django.ValidationError: _INVALID_INPUT,
}

KINDS: Final[dict[str, ProblemKind]] = {
    kind.name: kind for kind in [*PROBLEMS.values(), PRECONDITION_FAILED, UNAVAILABLE, UNEXPECTED]
}


def kind_of(error: Exception) -> ProblemKind:
    """The kind of an error: that of the nearest of its classes which the table has."""
    return next(
        (PROBLEMS[one] for one in type(error).__mro__ if one in PROBLEMS),
        UNEXPECTED,
    )
