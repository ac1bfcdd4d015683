"""A loaded program that forks real tickers of itself: `python -m tests.faults.hive`.

It reads words from standard input, one a line, and answers with the number of the process that it
forked for each:

    work            a `tick --loop` that goes on until it is killed
    tick TIME       one tick and its delivery at a time of ISO 8601, then "done 0"
    fill COUNT      so many mails in the outbox, then "done COUNT"
    report          "done" and, as JSON, each mail with what became of it

A killed ticker is replaced in a moment, where a new program would need seconds to start. Leases and
pauses are short (`tests/faults/short_times.py`).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import django
import time_machine
from django.core.mail.utils import DNS_NAME
from django.core.management import call_command
from django.utils import timezone

django.setup()

from tests.faults.short_times import shorten_times  # noqa: E402
from tests.timeline.mail.builders import make_queued  # noqa: E402
from timeline.models import OutboxEmail  # noqa: E402

ANSWERS: Final = os.dup(sys.stdout.fileno())


def work() -> None:
    call_command("tick", loop=True)


def tick(moment: str) -> int:
    with time_machine.travel(datetime.fromisoformat(moment), tick=True):
        call_command("tick")
    return 0


def fill(count: str) -> int:
    return len(make_queued(int(count), now=timezone.now()))


def report() -> list[list[Any]]:
    columns = ("message_id", "state", "maybe_delivered", "last_text")
    return [list(row) for row in OutboxEmail.objects.values_list(*columns)]


COMMANDS: Final[dict[str, Callable[..., Any]]] = {
    "work": work,
    "tick": tick,
    "fill": fill,
    "report": report,
}


def _say(words: str) -> None:
    os.write(ANSWERS, f"{words}\n".encode())


def main() -> None:
    """Fork for each word; the children that have ended are forgotten at once."""
    shorten_times()
    DNS_NAME.get_fqdn()  # asked of the net once, and not by each child
    # What the program logs goes to a file: nobody reads the pipe while tickers are at work.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _say("ready")
    while line := sys.stdin.readline():
        word, *arguments = line.split()
        number = os.fork()
        if number == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            result = COMMANDS[word](*arguments)
            _say(f"done {json.dumps(result)}")
            os._exit(0)
        _say(str(number))
    os.killpg(0, signal.SIGKILL)  # whoever started us is gone: so are we and all tickers


if __name__ == "__main__":
    main()
