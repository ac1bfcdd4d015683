"""The second factor in numbers: codes that change every 30 seconds, and those for a lost device.

A device's secret is HMAC-SHA-256 of its salt under SECRET_KEY, so that a dump of the database has
none; whoever changes SECRET_KEY makes everybody set up a device anew. The codes are RFC 6238's, as
every authenticator program makes them (SHA-1, six digits, 30 seconds); its sums are django-otp's.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

PERIOD_SECONDS: Final = 30
DIGITS: Final = 6
STEPS_OFF: Final = 1
"""How many periods a device's clock may be off, to both sides (RFC 6238, 5.2: one at most)."""

RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10


def new_salt() -> str:
    """A fresh salt, 64 letters: a secret that no device has yet."""
    return secrets.token_hex(32)


def secret_of(salt: str) -> bytes:
    """The 20 octets that the device shares with us (RFC 4226, R6)."""
    key = settings.SECRET_KEY
    digest = salted_hmac("commitments.one_time_codes", salt, secret=key, algorithm="sha256")
    return digest.digest()[:20]


def secret_in_letters(salt: str) -> str:
    """The secret as people type it: base32 (RFC 4648) in groups of four."""
    return _in_groups(base64.b32encode(secret_of(salt)).decode())


def device_address(salt: str, *, account: str, issuer: str) -> str:
    """What the QR code says: an `otpauth:` address, as authenticator programs read it."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    asked = {
        "secret": base64.b32encode(secret_of(salt)).decode(),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": PERIOD_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def code_at(salt: str, now: datetime) -> str:
    """The code that a device with this secret shows at `now`."""
    return f"{_sums(salt, now).token():0{DIGITS}d}"


def period_of(salt: str, code: str, *, now: datetime, after: int | None = None) -> int | None:
    """The number of the period that `code` belongs to; None where it fits none near `now`.

    Only periods after number `after` count, so a code that was used is none any more.
    """
    plain = code.replace(" ", "")
    if len(plain) != DIGITS or not (plain.isascii() and plain.isdigit()):
        return None
    sums = _sums(salt, now)
    least = None if after is None else after + 1
    return int(sums.t()) if sums.verify(int(plain), tolerance=STEPS_OFF, min_t=least) else None


def _sums(salt: str, now: datetime) -> TOTP:
    sums = TOTP(secret_of(salt), step=PERIOD_SECONDS, digits=DIGITS)
    sums.time = now.timestamp()
    return sums


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits each, in letters and digits that cannot be mistaken."""
    return [
        _in_groups(base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower(), "-")
        for _ in range(RECOVERY_CODES)
    ]


def hash_of_recovery_code(code: str) -> str:
    """The SHA-256 of a recovery code in hexadecimal, however it was typed.

    80 bits of chance need no slow hash: nobody counts through them.
    """
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _in_groups(letters: str, between: str = " ") -> str:
    return between.join(letters[at : at + 4] for at in range(0, len(letters), 4))
