"""Mail into a folder on this machine: the embedded way to run needs no mail host."""

from __future__ import annotations

import heapq
import mailbox
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage as OutgoingMail
from django.core.mail.backends.base import BaseEmailBackend

from timeline.mail.transports import Refused


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail of the folder, read for people; `key` names it for as long as it lies there."""

    key: str
    to: str
    subject: str
    date: str
    text: str
    html: str


def newest_mails(folder: Path, *, limit: int) -> list[StoredMail]:
    """The newest mails in the Maildir `folder`, the newest first; none where there is no folder."""
    if not (folder / "new").is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    # A name begins with the second of its delivery (https://cr.yp.to/proto/maildir.html).
    newest = heapq.nlargest(limit, box.iterkeys())
    return [mail for key in newest if (mail := _read(box, key)) is not None]


def find_mail(folder: Path, key: str) -> StoredMail | None:
    """The mail `key` of the Maildir `folder`, or None."""
    if not (folder / "new").is_dir():
        return None
    return _read(mailbox.Maildir(folder, create=False), key)


def _read(box: mailbox.Maildir, key: str) -> StoredMail | None:
    try:
        content = box.get_bytes(key)
    except (KeyError, OSError):  # another program has taken it away
        return None
    parsed = message_from_bytes(content, policy=policy.default)
    return StoredMail(
        key=key,
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        date=str(parsed["Date"] or ""),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: EmailMessage, subtype: str) -> str:
    part = parsed.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""


class MaildirBackend(BaseEmailBackend):
    """Each mail is a file in the Maildir at MAILDIR_PATH; any mail program can read it.

    A mail is written in full under `tmp` and appears in `new` by one rename, so a crash leaves no
    half of one (https://cr.yp.to/proto/maildir.html). Raises `Refused` where it cannot be written:
    then none has arrived.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.MAILDIR_PATH)

    def send_messages(self, email_messages: Sequence[OutgoingMail]) -> int:
        """Write all of them; return how many."""
        try:
            for part in ("tmp", "new", "cur"):
                (self.folder / part).mkdir(parents=True, exist_ok=True)
            box = mailbox.Maildir(self.folder, create=False)
            for message in email_messages:
                # Lines end in LF in a file, as programs on this machine expect.
                box.add(message.message().as_bytes().replace(b"\r\n", b"\n"))
        except OSError as error:
            raise Refused(452, f"{self.folder}: {error.strerror}", is_final=False) from error
        return len(email_messages)
