"""Requests that wait for the next change: few at a time, and without the database in hand.

Each one keeps a thread of the web server. So there is a bound for each process (`LONG_POLLS`), and
who finds no place is answered at once: a client that polls loses nothing by it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from timeline.record_reader import read_head

_lock = threading.Lock()
_waiting = 0


@contextmanager
def place_to_wait() -> Iterator[bool]:
    """Whether there is a place; it is given back at the end."""
    global _waiting  # noqa: PLW0603 - the places of this process
    with _lock:
        has_place = _waiting < settings.LONG_POLLS
        _waiting += has_place
    try:
        yield has_place
    finally:
        if has_place:
            with _lock:
                _waiting -= 1


def seconds_until_head_moves(head: int, *, seconds: int) -> int:
    """Wait until the record is beyond `head`, at most `seconds`; return how many are left.

    It asks for the head once a second. In between it holds no connection, let alone a transaction:
    the pool has them back.
    """
    for passed in range(1, seconds + 1):
        for one in connections.all(initialized_only=True):
            if not one.in_atomic_block:  # a transaction of the caller's is not ours to break
                one.close()
        time.sleep(1)
        if read_head() != head:
            return seconds - passed
    return 0
