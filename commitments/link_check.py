"""What an address on the web answers, asked so that nobody can make this host ask its neighbours.

Anybody who can enter a source can write any address, and a page elsewhere can redirect to any. So
each hop is looked up first, refused where any of its addresses is not public, and then connected to
the very address that was looked at: a second answer of the name server changes nothing (OWASP,
server-side request forgery). No proxy is used and no cookie kept; of a page nothing but the head
is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.encoding import iri_to_uri

from commitments.enums import LinkState

TIMEOUT_SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 5
USER_AGENT: Final = "commitments-link-check/1 (asks once a day whether a cited page is still there)"

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
# It is there, but not for programs; a person has to look.
_NOT_FOR_PROGRAMS: Final = frozenset({401, 402, 403, 407, 429, 451})
# What servers say that do not know HEAD; some of them say "not found".
_ASK_WITH_GET: Final = frozenset({400, 403, 404, 405, 406, 410, 500, 501, 503})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

type_of_address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What an address answered; `detail` is for the desk: a status, or what went wrong."""

    state: LinkState
    detail: str


class _RefusedError(Exception):
    """An address that must not be asked."""


class _NoSuchHostError(Exception):
    """A name that the name server does not know."""


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of `host`, in the order in which they should be tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether a numeric `address`, and any other that is hidden in it, is one of the open net.

    Hidden: IPv4-mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380), NAT64 (RFC 6052).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in (parsed, *_hidden_in(parsed)))


def _hidden_in(address: type_of_address) -> list[type_of_address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        hidden.append(ipaddress.IPv4Address(address.packed[-4:]))
    return [one for one in hidden if one is not None]


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
    except _RefusedError as error:
        return LinkAnswer(LinkState.REFUSED, str(error))
    except _NoSuchHostError as error:
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
    addresses = _addresses_to_ask(parts, allow_private=allow_private, resolve=resolve)
    status, onward = _exchange("HEAD", parts, addresses, timeout)
    if status in _ASK_WITH_GET:
        status, onward = _exchange("GET", parts, addresses, timeout)
    return status, onward


def _addresses_to_ask(parts: SplitResult, *, allow_private: bool, resolve: Resolve) -> list[str]:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _RefusedError("no address with http:// or https://")
    try:
        found = resolve(_host_of(parts), _port_of(parts))
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise _NoSuchHostError(f"no host {parts.hostname}"[:200]) from error
        raise
    # Not only those that are public: a name with both is no honest mistake.
    if not allow_private and not all(map(is_public, found)):
        raise _RefusedError(f"{parts.hostname} is not on the open net"[:200])
    return found


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _exchange(
    method: str, parts: SplitResult, addresses: list[str], timeout: float
) -> tuple[int, str]:
    host, port = _host_of(parts), _port_of(parts)
    with _connected(addresses, port, timeout) as plain, _ended_after(timeout, plain):
        stream = plain
        if parts.scheme == "https":
            stream = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = stream
        try:
            return _head_of_answer(connection, method, parts)
        finally:
            connection.close()


def _head_of_answer(
    connection: http.client.HTTPConnection, method: str, parts: SplitResult
) -> tuple[int, str]:
    target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    host = _host_of(parts)
    shown = f"[{host}]" if ":" in host else host
    named = f"{shown}:{parts.port}" if parts.port else shown
    headers = {"Host": named, "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
    connection.request(method, target, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location") or ""


@contextmanager
def _connected(addresses: list[str], port: int, timeout: float) -> Iterator[socket.socket]:
    """A connection to the first of `addresses` that takes one."""
    failure: OSError = OSError("no address")
    for address in addresses[:2]:
        try:
            connection = socket.create_connection((address, port), timeout=timeout)
        except OSError as error:
            failure = error
        else:
            with connection:
                yield connection
            return
    raise failure


@contextmanager
def _ended_after(seconds: float, connection: socket.socket) -> Iterator[None]:
    """Cut `connection` when the block takes longer than `seconds`.

    A server that sends a byte every nine seconds would never run into a time-out of its own. The
    cut goes through a second handle: the first one's number may be another connection's by then.
    """
    with connection.dup() as handle:
        timer = threading.Timer(seconds, _cut, args=(handle,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        handle.shutdown(socket.SHUT_RDWR)
