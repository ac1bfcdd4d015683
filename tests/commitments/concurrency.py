"""Many hands on one record: functions that run at the same moment, each with a connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections

Made = TypeVar("Made")


def at_once(acts: Sequence[Callable[[], Made]]) -> list[Made | Exception]:
    """What each of `acts` gave or raised, in their order; all of them begin together."""
    starting_line = threading.Barrier(len(acts), timeout=60)

    def run(act: Callable[[], Made]) -> Made | Exception:
        starting_line.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001  # the test looks at all of them
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


def many() -> int:
    """How many writers at once: 200, or as many as SQLite lets wait in its one line."""
    return 200 if connection.vendor == "postgresql" else 16
