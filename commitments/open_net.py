"""The open net, asked so that nobody can make this host ask its neighbours.

Anybody who can enter a source or a webhook can write any address. So a name is looked up first,
refused where any of its addresses is not public, and then connected to the very address that was
looked at: a second answer of the name server changes nothing (OWASP, server-side request forgery).
No proxy is used, no cookie kept, no redirect followed here; nothing but the head of an answer is
read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import SplitResult

from django.utils.encoding import iri_to_uri

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

type_of_address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


class RefusedError(Exception):
    """An address that must not be asked."""


class NoSuchHostError(Exception):
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


def addresses_to_ask(
    parts: SplitResult, *, allow_private: bool, resolve: Resolve = resolve
) -> list[str]:
    """The numeric addresses that may be connected to for an address on the web.

    Raises RefusedError where one of them is not public, NoSuchHostError where there is none.
    """
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RefusedError("no address with http:// or https://")
    try:
        found = resolve(_host_of(parts), _port_of(parts))
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NoSuchHostError(f"no host {parts.hostname}"[:200]) from error
        raise
    # Not only those that are public: a name with both is no honest mistake.
    if not allow_private and not all(map(is_public, found)):
        raise RefusedError(f"{parts.hostname} is not on the open net"[:200])
    return found


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def exchange(
    method: str,
    parts: SplitResult,
    addresses: list[str],
    *,
    timeout: float,
    headers: Mapping[str, str],
    body: bytes | None = None,
) -> tuple[int, str]:
    """The status of one answer and where it leads on, "" where nowhere.

    `addresses` are those of `addresses_to_ask`. `timeout` is in seconds and holds for the exchange
    as a whole. Raises OSError, http.client.HTTPException and ValueError.
    """
    host, port = _host_of(parts), _port_of(parts)
    with _connected(addresses, port, timeout) as plain, _ended_after(timeout, plain):
        stream = plain
        if parts.scheme == "https":
            stream = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = stream
        try:
            target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
            sent = {"Host": _shown_host(parts), "Connection": "close", **headers}
            connection.request(method, target, body=body, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or ""
        finally:
            connection.close()


def _shown_host(parts: SplitResult) -> str:
    host = _host_of(parts)
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{parts.port}" if parts.port else shown


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
