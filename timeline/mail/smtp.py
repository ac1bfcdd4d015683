"""Our own SMTP conversation (RFC 5321), so that we know when the final dot is written.

`smtplib` speaks the protocol, Django's backend connects it as the settings say (TLS, login, time
limits); only the step between "354 go ahead" and the final reply is done here, because there lies
the one moment after which nobody can say whether a mail arrives.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from django.core.mail.backends.smtp import EmailBackend

from timeline.mail.return_path import return_path
from timeline.mail.transports import ConnectionBroken, Envelope, Refused, Reply

FINAL_REPLY_SECONDS: Final = 600.0
"""RFC 5321, 4.5.3.2.6: ten minutes, as giving up earlier makes copies."""

_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


class _Connector(EmailBackend):
    """Django's way of connecting; it also lets go of a connection without a word."""

    _partial_connection: smtplib.SMTP | None

    def drop(self) -> None:
        """Close what is open, and what was opened half and then refused."""
        for connection in (self.connection, self._partial_connection):
            if connection is not None:
                connection.close()
        self.connection = self._partial_connection = None


class SmtpTransport:
    """One connection to the host of the EMAIL_ settings, used for many mails."""

    def __init__(self, *, final_reply_seconds: float = FINAL_REPLY_SECONDS) -> None:
        self._final_reply_seconds = final_reply_seconds
        self._backend = _Connector(fail_silently=False)

    def open(self) -> None:
        """Connect, start TLS and log in as the settings say; harmless when connected.

        A refused login is a broken connection: it says nothing about any mail.
        """
        if self._backend.connection is not None:
            return
        try:
            self._backend.open()
            self._smtp.ehlo_or_helo_if_needed()
            # The dot goes out by itself after the body: without this it would wait for the other
            # side's delayed acknowledgement, 40 ms for every mail.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, smtplib.SMTPException) as error:
            self._backend.drop()
            raise ConnectionBroken(_told(error)) from error

    def deliver(self, envelope: Envelope, *, before_final_dot: Callable[[], None]) -> Reply:
        """See `Transport.deliver`; whatever is raised, no half of a mail stays on the line."""
        self.open()
        try:
            self._announce(envelope)
            self._send_all_but_the_dot(envelope.content)
            before_final_dot()
            return self._finish()
        except Refused as refusal:
            self._reset(refusal)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._backend.drop()
            raise ConnectionBroken(_told(error)) from error
        except BaseException:
            # Without the dot: the other side throws away what it has got (RFC 5321, 4.1.1.4).
            self._backend.drop()
            raise

    def close(self) -> None:
        """Say goodbye and hang up."""
        if self._backend.connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._backend.connection.quit()
        self._backend.drop()

    @property
    def _smtp(self) -> smtplib.SMTP:
        connection = self._backend.connection
        if connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return connection

    def _announce(self, envelope: Envelope) -> None:
        # Said in plain words: `smtplib` would take both addresses apart, and they are bare already.
        sender = return_path(envelope.content, sender=envelope.sender)
        code, text = self._smtp.docmd("MAIL", f"FROM:<{sender}>")
        if code != 250:
            # It refuses us, not this mail: never final, or one wrong setting would fail them all.
            _refuse(code, text, can_be_final=False)
        code, text = self._smtp.docmd("RCPT", f"TO:<{envelope.recipient}>")
        if code not in {250, 251}:
            _refuse(code, text)
        code, text = self._smtp.docmd("DATA")
        if code != 354:
            _refuse(code, text)

    def _send_all_but_the_dot(self, content: bytes) -> None:
        body = _LEADING_DOT.sub(b"..", content)  # RFC 5321, 4.5.2
        self._smtp.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        self._refuse_if_it_spoke()

    def _refuse_if_it_spoke(self) -> None:
        """Raise when the other side has hung up or spoken up: then the dot would be in vain.

        By a read that does not wait, and not by `select`: under TLS there are records without
        data, such as session tickets, for which a socket is readable and yet silent.
        """
        with _time_limit(self._socket, 0):
            try:
                # Also what came in one packet with the last reply, and lies in smtplib's buffer.
                buffered = self._smtp.file.peek(1) if self._smtp.file else b""
                said = buffered or self._socket.recv(1)
            except (BlockingIOError, ssl.SSLWantReadError):
                return
        spoken = _decoded(said).strip() or "goodbye"
        raise smtplib.SMTPServerDisconnected(f"It spoke before the final dot: {spoken}")

    def _finish(self) -> Reply:
        with _time_limit(self._socket, self._final_reply_seconds):
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        if not 200 <= code <= 299:
            _refuse(code, text)
        return Reply(code, _decoded(text))

    @property
    def _socket(self) -> socket.socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._smtp.sock

    def _reset(self, refusal: Refused) -> None:
        """Keep the connection for the next mail where the other side still speaks to us."""
        if refusal.code == 421:  # RFC 5321, 3.8: it closes the channel
            self._backend.drop()
            return
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._backend.drop()


@contextlib.contextmanager
def _time_limit(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Wait so long for each read and write, 0 for not at all."""
    usual = connection.gettimeout()
    connection.settimeout(seconds)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # smtplib closes it when it breaks
            connection.settimeout(usual)


def _refuse(code: int, text: bytes, *, can_be_final: bool = True) -> NoReturn:
    if not 400 <= code <= 599:
        raise smtplib.SMTPServerDisconnected(f"{code} {_decoded(text)} makes no sense here")
    raise Refused(code, _decoded(text), is_final=can_be_final and code >= 500)


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", errors="replace")


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return f"{error.smtp_code} {_decoded(reply) if isinstance(reply, bytes) else reply}"
    return f"{type(error).__name__}: {error}"
