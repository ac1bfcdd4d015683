"""The secrets in the addresses of personal feeds: made, hashed, compared."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES: Final = 32
NO_HASH: Final = "0" * 64
"""What is compared with where there is no feed; nothing that anybody can send has this hash."""


def new_secret() -> str:
    """43 letters, digits, "-" and "_" out of 256 random bits (RFC 4648 section 5)."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """The SHA-256 of `secret` in hexadecimal; for any text, also one that is no UTF-8."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_secret_of(secret: str, secret_hash: str) -> bool:
    """Whether `secret` has this hash, in a time that does not tell how much of it fits."""
    return hmac.compare_digest(hash_of(secret), secret_hash)
