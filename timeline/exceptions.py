"""The error tree of what tells people: one root, a stable code each, a sentence for people."""

from __future__ import annotations

from typing import ClassVar


class TimelineError(Exception):
    """Root of everything that subscriptions and mail refuse; `message` says what to do."""

    code: ClassVar[str] = "timeline_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LinkUnknown(TimelineError):
    """A link of a mail that we never sent, or that somebody has changed."""

    code = "link_unknown"


class LinkExpired(TimelineError):
    """A link that was valid once: used, too old, or made void by its owner.

    `query` is the selection that it was about, so that a new mail can be offered.
    """

    code = "link_expired"

    def __init__(self, message: str, *, query: str = "") -> None:
        super().__init__(message)
        self.query = query


class TooManyRequests(TimelineError):
    """One client asks for more mails than a person would."""

    code = "too_many_requests"
