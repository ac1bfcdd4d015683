"""A door before the tests' PostgreSQL: shut, it cuts whoever is inside, as a restart would.

The server itself is shared by all passes of the tests, so it cannot be restarted for one of them.
As a program of its own it opens the server's socket to other hosts:
`python -m tests.services.door HOST PORT DATABASE_HOST DATABASE_PORT`.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from typing import Final

from django.db import connection

from tests.services.ports import LOOPBACK, free_port

CHUNK: Final = 65_536


class Door:
    """Listens on `address` and leads to PostgreSQL at `target`: a folder of sockets, or a host."""

    def __init__(self, address: tuple[str, int], target: tuple[str, int]) -> None:
        self.address = address
        self._target = target
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None

    def open(self) -> None:
        """Let clients in."""
        self._listener = socket.create_server(self.address)
        threading.Thread(target=self._let_in, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        """Refuse new clients, and cut off those who are in."""
        listener, self._listener = self._listener, None
        for one in [listener, *list(self._open)]:
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._open.clear()

    def _let_in(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = self._knock()
            self._open |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()

    def _knock(self) -> socket.socket:
        host, port = self._target
        if not host.startswith("/"):
            return socket.create_connection(self._target)
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(CHUNK):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def target_of_the_tests() -> tuple[str, int]:
    """Where the PostgreSQL of this pass listens."""
    connection.ensure_connection()
    info = connection.connection.info
    return info.host, info.port


def url_through(address: tuple[str, int]) -> str:
    """The value of DATABASE_URL for a program that comes through a door."""
    settings = connection.settings_dict
    who = f"{settings['USER']}:{settings['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{address[0]}:{address[1]}/{settings['NAME']}"


def new_door() -> Door:
    """A door on loopback, still shut."""
    return Door((LOOPBACK, free_port()), target_of_the_tests())


if __name__ == "__main__":
    here, port, there, its_port = sys.argv[1:]
    Door((here, int(port)), (there, int(its_port))).open()
    sys.stdout.write("open\n")
    sys.stdout.flush()
    threading.Event().wait()
