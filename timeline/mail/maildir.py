"""Mail into a folder on this machine: the embedded way to run needs no mail host."""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from timeline.mail.transports import Refused


class MaildirBackend(BaseEmailBackend):
    """Each mail is a file in the Maildir at MAILDIR_PATH; any mail program can read it.

    A mail is written in full under `tmp` and appears in `new` by one rename, so a crash leaves no
    half of one (https://cr.yp.to/proto/maildir.html). Raises `Refused` where it cannot be written:
    then none has arrived.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.MAILDIR_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
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
