"""The front page of 10,000 commitments: made, kept, and unchanged; its weight and its queries.

Calls per second against one per second for a page that is made anew, ten for a kept one and a
hundred for a 304, so a ratio of 1 is that bound. HOW_MANY=1000 to try it; DATABASE_URL as anywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, not only with -m

from benchmarks.frame import a_database, calls_per_second, finish, report, set_up_django

set_up_django()

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.made_up import make_commitments

HOW_MANY = int(os.environ.get("HOW_MANY", "10000"))
SECONDS = float(os.environ.get("SECONDS", "5"))
MOST_BYTES, MOST_QUERIES = 200_000, 12
PAGES = ("/", "/?group=topic", "/parties/party-1/?group=topic")


def made_anew(client: Client, address: str) -> Callable[[], Any]:
    """Ask as if nobody had asked before."""

    def ask() -> Any:
        cache.clear()
        return client.get(address)

    return ask


def measure(client: Client, address: str) -> bool:
    """Print the lines of one page; returns whether all bounds are kept."""
    with CaptureQueriesContext(connection) as asked:
        first = made_anew(client, address)()
    size = len(first.content)
    known = {"If-None-Match": first["ETag"]}
    calls: dict[str, tuple[Callable[[], Any], float]] = {
        "made": (made_anew(client, address), 1),
        "kept": (lambda: client.get(address), 10),
        "304": (lambda: client.get(address, headers=known), 100),
    }
    found = [
        report(f"{address} bytes", value=MOST_BYTES, unit="bytes", baseline=size, target=1),
        report(f"{address} queries", value=MOST_QUERIES, unit="", baseline=len(asked), target=1),
    ]
    for name, (call, least) in calls.items():
        speed = calls_per_second(call, SECONDS)
        found.append(
            report(f"{address} {name}", value=speed, unit="calls/s", baseline=least, target=1)
        )
    return all(found)


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    with a_database():
        make_commitments(HOW_MANY)
        client = Client()
        found = [measure(client, address) for address in PAGES]
    finish(all_ok=all(found))


if __name__ == "__main__":
    main()
