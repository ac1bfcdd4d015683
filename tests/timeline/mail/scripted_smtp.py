"""An SMTP server on loopback that does at each step what it is told: reply, fall silent, hang up.

It speaks just enough of RFC 5321 for one client at a time in each thread, with TLS if it is given
a certificate. It is no `aiosmtpd`, because those steps lie below what that one lets be changed.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.services.ports import LOOPBACK

DROP: Final = "drop the connection"
HANG: Final = "say nothing"
OK: Final = "250 OK"
USUAL: Final = {
    "GREETING": "220 ready",
    "AUTH": "235 welcome",
    "DATA": "354 go ahead",
    "QUIT": "221 goodbye",
}


@dataclass
class ScriptedSmtp:
    """`script[step]` has the next answers of a step; then the usual ones follow.

    Steps: GREETING, EHLO, AUTH, MAIL, RCPT, DATA, BODY (once a part of the mail has come; "" is the
    usual silence), DOT, RSET, QUIT. `messages` were complete; `broken` came without the dot.
    """

    port: int
    certificate: str = ""
    tls_from_the_start: bool = False
    script: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, step: str, *, times: int = 1, seconds: float = 20) -> None:
        """Return when a step was reached so often; raise TimeoutError when it is not."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.commands.count(step) >= times, seconds):
                raise TimeoutError(f"{step} was not reached {times} times: {self.commands}")

    def next_answer(self, step: str) -> str:
        with self.changed:
            self.commands.append(step)
            self.changed.notify_all()
        planned = self.script[step]
        return planned.pop(0) if planned else USUAL.get(step, "" if step == "BODY" else OK)


class _HungUp(Exception):
    pass


class _Conversation:
    def __init__(self, server: ScriptedSmtp, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.rest = b""

    def run(self) -> None:
        with contextlib.suppress(_HungUp, OSError):
            if self.server.tls_from_the_start:
                self.start_tls()
            self.answer("GREETING")
            while True:
                self.obey(self.line().decode())
        with contextlib.suppress(OSError):
            self.connection.close()

    def obey(self, line: str) -> None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb == "EHLO":
            tls = "250-STARTTLS\r\n" if self.server.certificate else ""
            self.server.next_answer("EHLO")
            self.say(f"250-loopback\r\n{tls}250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.start_tls()
        elif verb == "AUTH":
            self.server.commands.append(base64.b64decode(line.split(" ")[2]).decode())
            self.answer("AUTH")
        elif verb == "DATA" and self.answer("DATA") == "354":
            self.take_mail()
        elif verb != "DATA":
            self.answer(verb)
        if verb == "QUIT":
            raise _HungUp

    def take_mail(self) -> None:
        lines: list[bytes] = []
        try:
            lines.append(self.line())
            self.answer("BODY")
            while (line := self.line()) != b".":
                lines.append(line.removeprefix(b"."))
        except (_HungUp, OSError):
            self.server.broken.append(b"\r\n".join(lines))
            raise
        reply = self.server.next_answer("DOT")
        if reply[:1] not in {"4", "5"}:
            self.server.messages.append(b"\r\n".join([*lines, b""]))
        with self.server.changed:
            self.server.changed.notify_all()
        self.say(reply)

    def answer(self, step: str) -> str:
        return self.say(self.server.next_answer(step))

    def say(self, reply: str) -> str:
        if reply == DROP:
            raise _HungUp
        if reply == HANG:
            self.server.released.wait(60)
            raise _HungUp
        if reply:
            self.connection.sendall(f"{reply}\r\n".encode())
        return reply[:3]

    def line(self) -> bytes:
        while b"\r\n" not in self.rest:
            received = self.connection.recv(65536)
            if not received:
                raise _HungUp
            self.rest += received
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line

    def start_tls(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)


@contextmanager
def running_scripted_smtp(
    *, certificate: str = "", tls_from_the_start: bool = False
) -> Iterator[ScriptedSmtp]:
    """Run the server until the block ends; every hanging conversation ends with it."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        server = ScriptedSmtp(listener.getsockname()[1], certificate, tls_from_the_start)
        threading.Thread(target=_accept, args=(server, listener), daemon=True).start()
        try:
            yield server
        finally:
            server.released.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(server: ScriptedSmtp, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_Conversation(server, connection).run, daemon=True).start()
