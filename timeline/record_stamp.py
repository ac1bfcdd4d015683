"""The number of the record's last change without a query, where a shared cache (Redis) is set up.

A feed answers 304 while this number stands, so it must not be behind. Two things see to that:

* Every request that may write raises a *generation* in the cache before its answer leaves
  (`timeline.middleware`). A number counts only while the generation stands under which it was read
  from the database: a reader that was slow, and keeps an old number after that, keeps it under the
  old generation, where nobody looks. Who saw the answer to a write sees the write in the feed.
* What is written past the web (by a command, or by a process that died on its way) shows after
  `TRUSTED_SECONDS`; the answer itself allows every cache on its way a minute.

Without Redis the processes' caches know nothing of each other: a query is made each time. Personal
feeds ask the database always, since a revoked one must stop at once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from django.conf import settings

from timeline.keeping import keep, keep_first, recall_many
from timeline.record_reader import read_head, record_source

TRUSTED_SECONDS: Final = 10
_GENERATION: Final = "record-generation"
_NUMBER: Final = "record-number"


def last_number() -> int:
    """The number of the last change that a reader may have seen; one query at most."""
    return last_number_and([])[0]


def last_number_and(keys: Sequence[str]) -> tuple[int, dict[str, object]]:
    """The same, and what is kept under `keys`: all in one round trip to the cache."""
    if not settings.REDIS_URL:
        return read_head(), recall_many(keys)
    number_key = _number_key()
    known = recall_many([_GENERATION, number_key, *keys])
    generation = known.get(_GENERATION)
    match known.get(number_key):
        case (under, int(number)) if under == generation:
            return number, known
    return _read_under(generation), known


def forget_number() -> None:
    """Let no number count that was read before: the record may have changed."""
    if settings.REDIS_URL:
        keep({_GENERATION: time.time_ns()}, seconds=None)


def _read_under(generation: object) -> int:
    """Read the number, and keep it under the generation that stood before the reading."""
    before = time.time_ns() if generation is None else generation
    number = read_head()
    if generation is None:
        keep_first(_GENERATION, before, seconds=None)
    keep({_number_key(): (before, number)}, seconds=TRUSTED_SECONDS)
    return number


def _number_key() -> str:
    """Where the number is kept: a copy of the database that may be behind has one of its own.

    Else what is read from the copy would be kept under a number that the copy has not reached.
    """
    return f"{_NUMBER}-{record_source()}"
