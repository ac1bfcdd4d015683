"""A real SMTP server that keeps what it gets, and that can be told to refuse or to hang up."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.ports import LOOPBACK, free_port

HANG_UP = "hang up"
TAKE_AND_HANG_UP = "take it and hang up"
_LATER = "later: "


def later(seconds: float, reply: str) -> str:
    """A reply that keeps the sender waiting for it."""
    return f"{_LATER}{seconds} {reply}"


@dataclass(frozen=True)
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes
    peer: str = ""

    @property
    def message(self) -> EmailMessage:
        """Return the message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


def _usual(_command: str) -> str:
    return ""


@dataclass
class SmtpServer:
    """What arrived (`messages` were accepted, `refused` were not), and the replies to come.

    `replies["DATA"].append("451 4.3.0 Try later")` is used for the next message only; so are "MAIL"
    and "RCPT". `HANG_UP` closes the connection without a reply: for "DATA" that is after the final
    dot, so the sender cannot know; `TAKE_AND_HANG_UP` keeps the message as well. "BODY" is the word
    to begin the message. Where no reply is planned, `dice` is asked for one, "" for the usual.
    """

    port: int
    host: str = LOOPBACK
    messages: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    dice: Callable[[str], str] = _usual
    connections: set[asyncio.Transport] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Return the value for EMAIL_URL."""
        return f"smtp://{self.host}:{self.port}?timeout=5"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for these names
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._next_reply("MAIL", server)
        if reply.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._next_reply("RCPT", server)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        recipients, peer = list(envelope.rcpt_tos), (session.peer or [""])[0]
        received = Received(envelope.mail_from or "", recipients, content, peer)
        reply = await self._next_reply("DATA", server)
        is_taken = reply.startswith("2") or reply == TAKE_AND_HANG_UP
        (self.messages if is_taken else self.refused).append(received)
        return reply

    async def _next_reply(self, command: str, server: SMTP) -> str:
        planned = self.replies[command]
        reply = planned.pop(0) if planned else self.dice(command) or "250 OK"
        if reply.startswith(_LATER):
            seconds, _, reply = reply.removeprefix(_LATER).partition(" ")
            await asyncio.sleep(float(seconds))
        if reply in {HANG_UP, TAKE_AND_HANG_UP}:
            cast("asyncio.Transport", server.transport).abort()
        return reply


def copies_of(server: SmtpServer) -> Counter[str]:
    """Return how often each Message-ID was taken.

    No property: aiosmtpd reads all of its handler's properties for each connection.
    """
    return Counter(str(received.message["Message-ID"]) for received in list(server.messages))


class _Server(SMTP):
    """One more step that may go wrong: the word to begin a message."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.connections.add(transport)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd looks for the name
        reply = await self.event_handler._next_reply("BODY", self)
        if reply.startswith("2"):
            await super().smtp_DATA(arg)
        elif reply != HANG_UP:
            await self.push(reply)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def running_smtp_server(host: str = LOOPBACK) -> Iterator[SmtpServer]:
    """Run a server in a thread, at an address of this machine."""
    handler = SmtpServer(free_port(), host)
    # With a name: else each connection asks the net for the name of this machine.
    controller = _Controller(handler, hostname=host, port=handler.port, server_hostname="loopback")
    controller.start()
    try:
        yield handler
    finally:
        # Of killed senders as well: a loop that stops leaves their sockets open.
        for connection in list(handler.connections):
            controller.loop.call_soon_threadsafe(connection.abort)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.1), controller.loop).result(10)
        controller.stop()
