"""The address to which a mail that cannot be delivered comes back: signed, one for each mail.

Like VERP (https://cr.yp.to/proto/verp.txt), but it names the mail and not its reader, so that it
fits into 64 letters (RFC 5321, 4.5.3.1.1) and tells nothing. Hexadecimal, as hosts on the way may
change the case.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from timeline.mail.identity import envelope_sender, site_host

SIGNATURE_LENGTH: Final = 16
_OURS: Final = re.compile(rf"\+([0-9a-f]{{32}})-([0-9a-f]{{{SIGNATURE_LENGTH}}})@", re.IGNORECASE)
_MESSAGE_ID: Final = re.compile(rb"^Message-ID: <([0-9a-f]{32})@[^>\s]+>\r?$", re.MULTILINE)


def return_path(content: bytes, *, sender: str) -> str:
    """Where the mail with these bytes comes back to; `sender` where RETURN_PATH is not set."""
    header, _blank, _body = content.partition(b"\r\n\r\n")
    found = _MESSAGE_ID.search(header)
    local, at, domain = settings.RETURN_PATH.partition("@")
    # A transport may be used with a sender of its own; that is then meant.
    if not at or found is None or sender != envelope_sender():
        return sender
    name = found[1].decode("ascii")
    return f"{local}+{name}-{_signature(name)}@{domain}"


def message_id_of_return_path(address: str) -> str | None:
    """The Message-ID of the mail that comes back to `address`; None for one that is not ours."""
    found = _OURS.search(address)
    if found is None:
        return None
    name = found[1].lower()
    if not constant_time_compare(_signature(name), found[2].lower()):
        return None
    return f"<{name}@{site_host()}>"


def _signature(name: str) -> str:
    digest = salted_hmac("timeline.mail.return_path", name, algorithm="sha256").hexdigest()
    return digest[:SIGNATURE_LENGTH]
