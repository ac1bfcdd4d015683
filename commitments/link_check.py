"""What an address on the web answers: whether a cited page is still there.

A page elsewhere can redirect to any address, so each hop is looked at as the first one was
(`open_net.py`).
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from commitments.enums import LinkState
from commitments.open_net import (
    NoSuchHostError,
    RefusedError,
    Resolve,
    addresses_to_ask,
    exchange,
    resolve,
)

TIMEOUT_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 5
USER_AGENT: Final = (
    "commitments-link-check/1 (asks now and then whether a cited page is still there)"
)

_HEADERS: Final = {"User-Agent": USER_AGENT, "Accept": "*/*"}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
# It is there, but not for programs; a person has to look.
_NOT_FOR_PROGRAMS: Final = frozenset({401, 402, 403, 407, 429, 451})
# What servers say that do not know HEAD; some of them say "not found".
_ASK_WITH_GET: Final = frozenset({400, 403, 404, 405, 406, 410, 500, 501, 503})


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What an address answered; `detail` is for the desk: a status, or what went wrong."""

    state: LinkState
    detail: str


def check_link(
    url: str,
    *,
    allow_private: bool = False,
    timeout: float = TIMEOUT_SECONDS,
    resolve: Resolve = resolve,
) -> LinkAnswer:
    """Ask `url` with HEAD, then with GET where that says nothing, and follow its redirects.

    At most `MOST_REDIRECTS` of them, each checked as the first. `timeout` is in seconds and holds
    for every exchange as a whole. Never raises for what an address does.
    """
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            status, onward = _ask(
                url, allow_private=allow_private, timeout=timeout, resolve=resolve
            )
            if status not in _REDIRECTS or not onward:
                return LinkAnswer(_state_of(status), str(status))
            url = urljoin(url, onward)
    except RefusedError as error:
        return LinkAnswer(LinkState.REFUSED, str(error))
    except NoSuchHostError as error:
        return LinkAnswer(LinkState.DEAD, str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return LinkAnswer(LinkState.SILENT, f"{type(error).__name__}: {error}"[:200])
    return LinkAnswer(LinkState.SILENT, f"more than {MOST_REDIRECTS} redirects")


def _state_of(status: int) -> LinkState:
    if status in _GONE:
        return LinkState.DEAD
    if status in _NOT_FOR_PROGRAMS:
        return LinkState.CLOSED
    return LinkState.SILENT if status >= 500 else LinkState.ALIVE  # RFC 9110, 15.6


def _ask(url: str, *, allow_private: bool, timeout: float, resolve: Resolve) -> tuple[int, str]:
    """The status of `url` and where it leads on, "" where nowhere."""
    parts = urlsplit(url)
    addresses = addresses_to_ask(parts, allow_private=allow_private, resolve=resolve)
    status, onward = exchange("HEAD", parts, addresses, timeout=timeout, headers=_HEADERS)
    if status in _ASK_WITH_GET:
        status, onward = exchange("GET", parts, addresses, timeout=timeout, headers=_HEADERS)
    return status, onward
