"""Who the mails say they are from: names that stay the same wherever a mail is sent from."""

from __future__ import annotations

import uuid
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings


def site_host() -> str:
    """The host name of the site, without a port."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def new_message_id() -> str:
    """A Message-ID (RFC 5322, 3.6.4) for one mail; made once and stored, never made again."""
    return f"<{uuid.uuid4().hex}@{site_host()}>"


def thread_id(public_id: str) -> str:
    """What all mails about one commitment refer to (RFC 5322, 3.6.4); for ever the same."""
    return f"<commitment.{public_id}@{site_host()}>"


def list_id() -> str:
    """The List-Id of all reminders (RFC 2919): part of the site's own name space."""
    return f"<reminders.{site_host()}>"


def envelope_sender() -> str:
    """The bare address that failures are returned to (RFC 5321, 4.1.1.2)."""
    return _bare(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _bare(address: str) -> str:
    return parseaddr(address)[1]
