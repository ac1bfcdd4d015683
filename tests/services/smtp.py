"""A real SMTP server that keeps what it gets, and that can be told to refuse or to hang up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.ports import LOOPBACK, free_port

HANG_UP = "hang up"


@dataclass(frozen=True)
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class SmtpServer:
    """What arrived (`messages` were accepted, `refused` were not), and the replies to come.

    `replies["DATA"].append("451 4.3.0 Try later")` is used for the next message only; so are "MAIL"
    and "RCPT". `HANG_UP` closes the connection without a reply: for "DATA" that is after the final
    dot, so the sender cannot know.
    """

    port: int
    messages: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def url(self) -> str:
        """Return the value for EMAIL_URL."""
        return f"smtp://{LOOPBACK}:{self.port}?timeout=5"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for these names
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._next_reply("MAIL", server)
        if reply.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._next_reply("RCPT", server)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        received = Received(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        reply = self._next_reply("DATA", server)
        (self.messages if reply.startswith("2") else self.refused).append(received)
        return reply

    def _next_reply(self, command: str, server: SMTP) -> str:
        planned = self.replies[command]
        reply = planned.pop(0) if planned else "250 OK"
        if reply == HANG_UP:
            cast("asyncio.Transport", server.transport).abort()
        return reply


@contextmanager
def running_smtp_server() -> Iterator[SmtpServer]:
    """Run a server in a thread."""
    handler = SmtpServer(free_port())
    controller = Controller(handler, hostname=LOOPBACK, port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
