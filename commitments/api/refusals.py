"""What HTTP itself refuses here and Django REST framework has no error for."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, PermissionDenied


def revision_tag(revision: int) -> str:
    """The tag by which errors and answers to writes name a revision, for If-Match."""
    return f'"{revision}"'


class PreconditionRequired(APIException):
    """A write without If-Match; `current` is the present revision."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"

    def __init__(self, *, current: int) -> None:
        super().__init__(_("Send the header If-Match with the ETag that you have read."))
        self.current = current


class RequestInProgress(APIException):
    """The first request with this Idempotency-Key is still running; `wait` is in seconds."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "request_in_progress"

    def __init__(self, wait: int) -> None:
        super().__init__(_("The first request with this key is not finished yet."))
        self.wait = wait


class KeyReused(APIException):
    """The Idempotency-Key came before, with another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(_("This key came before with another request."))


class ScopeMissing(PermissionDenied):
    """A key that was not made for this; `auth_header` says so to a program (RFC 6750, 3.1)."""

    default_code = "scope_missing"

    def __init__(self, scope: str) -> None:
        sentence = _("This key does not have the scope “%(scope)s”; issue one that has.")
        super().__init__(sentence % {"scope": scope})
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class MalformedBody(ParseError):
    """A body that is no JSON; `line` and `column` count from 1, 0 where there is no one place."""

    def __init__(self, reason: str, *, line: int = 0, column: int = 0) -> None:
        where = {"line": line, "column": column, "reason": reason}
        at_one_place = _("The JSON cannot be read at line %(line)d, column %(column)d: %(reason)s.")
        sentence = at_one_place if line else _("The JSON cannot be read: %(reason)s")
        super().__init__(sentence % where, code="malformed_json")
        self.line, self.column = line, column


class CsrfFailed(PermissionDenied):
    """A write with a session and without its token."""

    default_code = "csrf_failed"

    def __init__(self) -> None:
        super().__init__(_("Send the CSRF token of your session in the header X-CSRFToken."))
