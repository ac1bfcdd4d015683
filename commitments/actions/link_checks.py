"""Ask the addresses of the sources whether they still answer, and keep what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings

from commitments.enums import LinkState
from commitments.link_check import LinkAnswer, check_link
from commitments.models import Source

CHECKED_EVERY: Final = timedelta(hours=20)
"""Less than a day, so that a daily run that begins a little earlier still asks everything."""

_AT_ONCE: Final = 8
_LONGEST_DETAIL: Final = 200

Check = Callable[[str], LinkAnswer]


def check_links(*, now: datetime, limit: int, check: Check | None = None) -> Counter[str]:
    """Ask at most `limit` sources that were not asked for `CHECKED_EVERY`, the longest ago first.

    The answers are no visible change of the record: they raise no revision and stand in no log. An
    address that gives no answer twice in a row counts as dead. No lock is held and no transaction
    open while anything is asked. Side effects, in order: each source's `link_…` columns, unless
    its address was changed meanwhile. Returns how many gave which answer, by `LinkState`.
    """
    ask = check or partial(check_link, allow_private=settings.LINK_CHECK_ALLOW_PRIVATE)
    due = Source.objects.with_link_to_check(now - CHECKED_EVERY)[:limit]
    known = list(due.values_list("pk", "url", "link_state"))
    # Only the asking runs beside itself; the database is this thread's.
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = list(threads.map(ask, [url for _pk, url, _state in known]))
    counts: Counter[str] = Counter()
    for (pk, url, before), answer in zip(known, answers, strict=True):
        state = _state_after(before, answer.state)
        counts[state] += 1
        Source.objects.filter(pk=pk, url=url).update(
            link_checked_at=now, link_state=state, link_detail=answer.detail[:_LONGEST_DETAIL]
        )
    return counts


def _state_after(before: str, state: LinkState) -> LinkState:
    """Once may be an accident; twice, a day apart, is not."""
    if state is LinkState.SILENT and before in {LinkState.SILENT, LinkState.DEAD}:
        return LinkState.DEAD
    return state
