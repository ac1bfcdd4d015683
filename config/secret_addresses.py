"""Secrets that stand in addresses, kept out of every log line.

An address like `/feeds/<public id>/<secret>.ics` is a key: who reads it in a log has the feed. The
same goes for the links of mails. Whatever writes an address down passes it through `hide_secrets`.
"""

from __future__ import annotations

import logging
import re
from typing import Final

HIDDEN: Final = "[secret]"

# What stands before a secret; the secret is all up to the end of the path, whatever is in it.
_SECRETS: Final = re.compile(
    r"(/(?:feeds|dav/calendars)/[^/\s?#'\"]{1,60}/"
    r"|/subscriptions/(?:answer|confirm|manage|unsubscribe)/)"
    r"[^\s?#'\"]+"
)


def hide_secrets(text: str) -> str:
    """`text` with the secret of every address in it replaced; the rest stays as it is."""
    return _SECRETS.sub(rf"\1{HIDDEN}", text)


class HideSecrets(logging.Filter):
    """Write every log line without the secrets of addresses: message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change `record` where need be; it is always written."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            return True  # not ours to mend: logging tells of it in its own way
        hidden = hide_secrets(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hide_secrets(record.exc_text)
        return True
