"""Any Django mail backend as a way out: it takes a mail in one step, and we see only the end."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from email.message import Message
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives, get_connection

from timeline.mail.transports import ConnectionBroken, Envelope, Refused, Reply

_AS_IT_STANDS: Final = policy.compat32.clone(max_line_length=None)
_OWN_HEADERS: Final = frozenset({"from", "to", "subject", "mime-version", "content-type"})


class ReadyMail(EmailMultiAlternatives):
    """A mail whose bytes are fixed; its parts are set as well, for backends that want them."""

    def __init__(self, envelope: Envelope) -> None:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        super().__init__(
            subject=str(parsed["Subject"]),
            body=_content(parsed, "plain"),
            from_email=str(parsed["From"]),
            to=[envelope.recipient],
            headers={
                name: str(value)
                for name, value in parsed.items()
                if name.lower() not in _OWN_HEADERS
            },
        )
        self.attach_alternative(_content(parsed, "html"), "text/html")
        self.content = envelope.content

    def message(self, **_: Any) -> Any:
        """The stored bytes, parsed so that writing them gives the same bytes."""
        fixed: Message = message_from_bytes(self.content, policy=_AS_IT_STANDS)
        return fixed


def _content(parsed: ParsedMail, subtype: str) -> str:
    part = parsed.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part else ""


class OneStepTransport:
    """The backend of EMAIL_BACKEND: a Maildir, a provider, the console."""

    def __init__(self) -> None:
        self._backend = get_connection(fail_silently=False)

    def open(self) -> None:
        """Nothing to make ready: the backend opens itself."""

    def deliver(self, envelope: Envelope, *, before_final_dot: Callable[[], None]) -> Reply:
        """See `Transport.deliver`. What a backend raises is silence, unless it says `Refused`."""
        mail = ReadyMail(envelope)
        before_final_dot()
        try:
            taken = self._backend.send_messages([mail])
        except Refused:
            raise
        except (ConnectionRefusedError, socket.gaierror) as error:
            # Nobody was there to hear anything.
            raise Refused(421, str(error), is_final=False) from error
        except Exception as error:
            raise ConnectionBroken(f"{type(error).__name__}: {error}") from error
        if not taken:
            raise Refused(451, "the mail backend took nothing", is_final=False)
        return Reply(250, type(self._backend).__module__)

    def close(self) -> None:
        """Nothing is kept open."""
