"""The secrets that webhooks are signed with: made when needed, never stored.

A secret is HMAC-SHA-256 of the endpoint's salt under SECRET_KEY, so that neither a dump of the
database nor a page of the admin has it. Whoever changes SECRET_KEY changes all of them.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX: Final = "whsec_"


def new_salt() -> str:
    """A fresh salt: a secret that nobody has seen yet."""
    return secrets.token_hex(32)


def secret_of(salt: str) -> str:
    """The secret in the form of Standard Webhooks: `whsec_` and 32 octets in base64."""
    key = salted_hmac(
        "timeline.webhooks", salt, secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
    return PREFIX + base64.b64encode(key).decode()
