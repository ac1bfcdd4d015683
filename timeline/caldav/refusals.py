"""What a CalDAV request is refused with: an HTTP status, and the precondition that failed."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from timeline.exceptions import TimelineError


class Refusal(TimelineError):
    """`status` of HTTP; `condition` is the element of the failed precondition, "D:name", or ""."""

    code: ClassVar[str] = "caldav_refused"

    def __init__(self, status: HTTPStatus, message: str, *, condition: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.condition = condition


def not_found() -> Refusal:
    """The same for what never was, what is no more, and what is not for this reader."""
    return Refusal(HTTPStatus.NOT_FOUND, "There is nothing here.")
