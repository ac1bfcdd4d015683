"""What is kept in the cache, where a cache that does not answer is one that has nothing.

A feed must come also when Redis is gone: it is then made from the record each time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from django.core.cache import cache

logger = logging.getLogger(__name__)


def recall(key: str) -> object:
    """What is kept under `key`, or None."""
    return recall_many([key]).get(key)


def recall_many(keys: Iterable[str]) -> dict[str, object]:
    """What is kept under `keys`, in one round trip; what is not there is left out."""
    try:
        return dict(cache.get_many(list(keys)))
    except Exception:  # noqa: BLE001  # each backend raises errors of its own
        logger.warning("The cache does not answer: nothing is recalled.")
        return {}


def keep(values: Mapping[str, object], *, seconds: int | None) -> None:
    """Keep `values` for so long, None for as long as there is room."""
    try:
        cache.set_many(dict(values), seconds)
    except Exception:  # noqa: BLE001  # as above
        logger.warning("The cache does not answer: nothing is kept.")


def keep_first(key: str, value: object, *, seconds: int | None) -> bool:
    """Keep `value` if nothing is kept under `key` yet; whether it was kept."""
    try:
        return cache.add(key, value, seconds)
    except Exception:  # noqa: BLE001  # as above
        logger.warning("The cache does not answer: nothing is kept.")
        return False


def count_up(key: str, *, seconds: int) -> int:
    """How often this was called for `key` since its first time, `seconds` ago at most; else 0."""
    try:
        if cache.add(key, 1, seconds):
            return 1
        return int(cache.incr(key))
    except ValueError:
        return 1  # it lapsed between the two
    except Exception:  # noqa: BLE001  # as above
        logger.warning("The cache does not answer: nothing is counted.")
        return 0
