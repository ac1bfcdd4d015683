"""A real ticker that gets a signal at an exact point: `python -m ... POINT SIGNAL`.

POINT is where in the life of a mail it happens:

    claimed    the lease is written, nothing has been said to the mail host
    announced  RCPT was accepted, DATA not yet said
    raised     `maybe_delivered` is committed, the final dot not yet written
    accepted   the host has said 250, that is not yet written down
    composing  the mail was begun and is being written (as when memory runs out there)

SIGNAL is a name such as SIGKILL or SIGSTOP. The program itself has no such points: they are put
around its functions here, in a process of its own.
"""

from __future__ import annotations

import os
import pkgutil
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command

POINTS = {
    "claimed": ("timeline.actions.delivery", "look_again"),
    "composing": ("timeline.actions.letters.Letter", "written"),
    "announced": ("smtplib.SMTP", "docmd"),
    "raised": ("timeline.mail.smtp.SmtpTransport", "_finish"),
    "accepted": ("timeline.actions.outbox", "record_sent"),
}


def main(point: str, name: str) -> None:
    """Tick once, with a signal to this process at the point."""
    django.setup()
    owner_name, attribute = POINTS[point]
    owner = pkgutil.resolve_name(owner_name)
    original = getattr(owner, attribute)
    setattr(owner, attribute, _interrupted(original, point, signal.Signals[name]))
    call_command("tick")


def _interrupted(original: Callable[..., Any], point: str, number: signal.Signals) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if point != "announced" or "DATA" in args:
            sys.stdout.write(f"reached {point}\n")
            sys.stdout.flush()
            os.kill(os.getpid(), number)
        return original(*args, **kwargs)

    return wrapper


if __name__ == "__main__":
    main(*sys.argv[1:])
