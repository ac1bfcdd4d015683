"""Ask the addresses of the sources whether they still answer, and keep what they said.

One checker is at work at a time, whoever started it: so no address is asked twice and no host by
two at once. Its claim runs out, so that a checker that was killed is followed by another.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from commitments.enums import LinkState
from commitments.link_check import LinkAnswer, check_link
from commitments.models import Source
from commitments.querysets.sources import SourceQuerySet

LEASE: Final = timedelta(minutes=6)
LONGEST_RUN: Final = 180.0
"""Seconds; with the slowest answer of all (two minutes) still less than the lease."""
MOST_FAILURES: Final = 5
"""In a row; more are not counted."""
MOST_OF_A_HOST: Final = 5
"""Addresses of one host in one run; the others wait for the next."""
SECONDS_BETWEEN: Final = 1.0
"""Between two requests to one host."""
_HOSTS_AT_ONCE: Final = 8
_HOSTS_OF_A_NET: Final = 3
_NO_NAME_SERVER: Final = "gaierror"
_LOOKED_THROUGH: Final = 10
_LONGEST_DETAIL: Final = 200
_FAILED: Final = frozenset({LinkState.SILENT, LinkState.DEAD})

Check = Callable[[str], LinkAnswer]


@dataclass(frozen=True, slots=True)
class _Claimed:
    """An address that this checker may ask; `failures` is how often it has failed in a row."""

    pk: int
    url: str
    state: str
    failures: int


def links_are_due(*, now: datetime) -> bool:
    """Whether there is something to ask, and nobody at it; two cheap queries."""
    sources = Source.objects
    return not sources.with_claimed_link(now).exists() and _due(now).exists()


def check_links(
    *,
    now: datetime,
    limit: int,
    seconds: float = LONGEST_RUN,
    check: Check | None = None,
) -> Counter[str]:
    """Ask at most `limit` addresses that are due, the longest ago first; some hosts side by side.

    Due is what was not asked for LINK_CHECK_HOURS (a day, where that is 0), twice as long for each
    failure in a row after the first, at most 16 times. A host is asked one address after the
    other, with a pause; where it gives no answer, nothing more in this run. After `seconds` no
    further request begins. The answers are no visible change of the record: they raise no revision
    and stand in no log. An address that gives no answer twice in a row counts as dead; where no
    name at all can be looked up, our own net is down, and only the asking is noted. No lock is
    held and no transaction open while anything is asked. Side effects, in order: the claim, each
    source's `link_…` columns unless its address was changed meanwhile, the end of the claim.
    Returns how many gave which answer, by `LinkState`; nothing where another checker is at work.
    """
    ask = check or partial(check_link, allow_private=settings.LINK_CHECK_ALLOW_PRIVATE)
    claimed = _claim(now=now, limit=limit)
    ends_at = time.monotonic() + min(seconds, LONGEST_RUN)
    try:
        return _asked(claimed, partial(_ask_host, ask=ask, ends_at=ends_at), now=now)
    finally:
        pks = [one.pk for one in claimed]
        Source.objects.filter(pk__in=pks).update(link_claimed_until=None)


def _due(now: datetime) -> SourceQuerySet:
    every = timedelta(hours=settings.LINK_CHECK_HOURS or 24)
    return Source.objects.with_link_to_check(now, every=every, most_failures=MOST_FAILURES)


@transaction.atomic
def _claim(*, now: datetime, limit: int) -> list[_Claimed]:
    """What this checker asks; nothing where another one is at work.

    Who comes second waits for the locks of the first, and only then looks for its claim.
    """
    due = _due(now).select_for_update()[: limit * _LOOKED_THROUGH]
    rows = list(due.values_list("pk", "url", "link_state", "link_failures"))
    if Source.objects.with_claimed_link(now).exists():
        return []
    of_host: Counter[str] = Counter()
    claimed: list[_Claimed] = []
    for pk, url, state, failures in rows:
        of_host[host_of(url)] += 1
        if of_host[host_of(url)] <= MOST_OF_A_HOST and len(claimed) < limit:
            claimed.append(_Claimed(pk, url, state, failures or 0))
    pks = [one.pk for one in claimed]
    Source.objects.filter(pk__in=pks).update(link_claimed_until=now + LEASE)
    return claimed


def host_of(url: str) -> str:
    """The host whose patience a request to `url` takes; "" where the address names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _asked(
    claimed: Iterable[_Claimed],
    ask_host: Callable[[list[_Claimed]], list[tuple[_Claimed, LinkAnswer]]],
    *,
    now: datetime,
) -> Counter[str]:
    """Ask host by host; only the asking runs beside itself, the database is this thread's."""
    by_host: dict[str, list[_Claimed]] = {}
    for one in claimed:
        by_host.setdefault(host_of(one.url), []).append(one)
    with ThreadPoolExecutor(_HOSTS_AT_ONCE) as threads:
        running = [threads.submit(ask_host, links) for links in by_host.values()]
        answers = [pair for done in as_completed(running) for pair in done.result()]
    if len(by_host) >= _HOSTS_OF_A_NET and _is_our_net_down(answers):
        Source.objects.filter(pk__in=[one.pk for one, _answer in answers]).update(
            link_checked_at=now
        )
        return Counter({LinkState.SILENT: len(answers)})
    return Counter(_keep(one, answer, now=now) for one, answer in answers)


def _is_our_net_down(answers: list[tuple[_Claimed, LinkAnswer]]) -> bool:
    return all(answer.detail.startswith(_NO_NAME_SERVER) for _one, answer in answers)


def _ask_host(
    links: list[_Claimed], *, ask: Check, ends_at: float
) -> list[tuple[_Claimed, LinkAnswer]]:
    """The answers to `links` of one host, one after the other."""
    answers: list[tuple[_Claimed, LinkAnswer]] = []
    for one in _in_time(links, ends_at=ends_at):
        answer = ask(one.url)
        answers.append((one, answer))
        if answer.state is LinkState.SILENT:
            break
    return answers


def _in_time(links: list[_Claimed], *, ends_at: float) -> Iterator[_Claimed]:
    for number, one in enumerate(links):
        if number:
            time.sleep(SECONDS_BETWEEN)
        if time.monotonic() >= ends_at:
            return
        yield one


def _keep(one: _Claimed, answer: LinkAnswer, *, now: datetime) -> LinkState:
    state = _state_after(one.state, answer.state)
    Source.objects.filter(pk=one.pk, url=one.url).update(
        link_checked_at=now,
        link_state=state,
        link_detail=answer.detail[:_LONGEST_DETAIL],
        link_failures=min(one.failures + 1, MOST_FAILURES) if state in _FAILED else 0,
    )
    return state


def _state_after(before: str, state: LinkState) -> LinkState:
    """Once may be an accident; twice, a day apart, is not."""
    if state is LinkState.SILENT and before in _FAILED:
        return LinkState.DEAD
    return state
