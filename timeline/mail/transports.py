"""Ways out of the house. Each hands over one mail at a time and tells exactly what it knows.

A transport calls `before_final_dot` when the next thing that it does may make the mail arrive; if
that raises, nothing more is sent. Two errors say what became of a mail: `Refused` is a definite no,
`ConnectionBroken` is silence: before the call that is harmless, after it nobody can know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Refused(Exception):
    """The other side has said no. `is_final`: it will say so again, asking later is useless."""

    def __init__(self, code: int, text: str, *, is_final: bool) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.is_final = is_final


class ConnectionBroken(Exception):
    """The connection could not be made, broke, or fell silent."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail is from and for (one recipient), and its bytes with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said when it took the mail."""

    code: int
    text: str


class Transport(Protocol):
    """One way out, for a row of mails."""

    def open(self) -> None:
        """Make ready; harmless when it is. Raises ConnectionBroken."""

    def deliver(self, envelope: Envelope, *, before_final_dot: Callable[[], None]) -> Reply:
        """Hand one mail over. Raises Refused or ConnectionBroken, and what the callback raises."""

    def close(self) -> None:
        """Let go, whatever has happened; never raises."""


def uses_smtp() -> bool:
    """Whether the settings name a mail host of our own and not another way."""
    return settings.EMAIL_BACKEND == SMTP_BACKEND
