"""Checks of single values that subscribers give, written once for models, forms and views.

Each raises Django's `ValidationError` with a stable code and a sentence that says what to do.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from timeline.enums import DAY_KINDS, ReminderKind

ADDRESS_LENGTH: Final = 254
"""RFC 5321, 4.5.3.1.3 gives a path 256 octets with its angle brackets."""

FURTHEST_OFFSET: Final = 366
MOST_MOMENTS: Final = 20

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LOCAL_PART_LENGTH: Final = 64  # RFC 5321, 4.5.3.1.1
_check_whole: Final = EmailValidator()


def normalised_address(typed: str) -> str:
    """The address in the form that is stored, compared and mailed to.

    The domain becomes lower-case ASCII (IDNA), the part before the @ stays as it is: its case
    and its "+tag" belong to the receiving host (RFC 5321, 2.4). Quoted local parts and letters
    outside ASCII before the @ are refused: many hosts cannot deliver them.
    Raises ValidationError.
    """
    local, at, domain = typed.strip(" ").rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or len(local) > _LOCAL_PART_LENGTH:
        raise _invalid_address()
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address) > ADDRESS_LENGTH:
        raise _invalid_address()
    _check_whole(address)
    return address


def _ascii_domain(domain: str) -> str:
    lowered = unicodedata.normalize("NFC", domain).lower()
    if lowered.isascii():
        return lowered
    try:
        encoded = lowered.encode("idna")
        reads_back = encoded.decode("idna")
    except UnicodeError:
        raise _invalid_address() from None
    # Python's IDNA of 2003 turns "straße" into "strasse": another domain, with another owner.
    if reads_back != lowered:
        raise _invalid_address()
    return encoded.decode("ascii")


def validate_stored_address(value: str) -> None:
    """Refuse an address that is not in its stored form."""
    if normalised_address(value) != value:
        raise _invalid_address()


def _invalid_address() -> ValidationError:
    return ValidationError(
        _("Enter one mail address, such as name@example.org."), code="mail_address"
    )


def validate_moments(value: object) -> None:
    """Refuse anything but a list of different pairs [kind, days], days 0 for a change."""
    wrong = ValidationError(
        _("Write moments as [[“last_day”, -7], [“last_day”, 0]], days from -366 to 366."),
        code="moments",
    )
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_MOMENTS:
        raise wrong
    for pair in value:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not _is_moment(*pair):
            raise wrong
    if len({tuple(pair) for pair in value}) != len(value):
        raise wrong


def _is_moment(kind: object, days: object) -> bool:
    if kind not in ReminderKind.values or type(days) is not int:
        return False
    return abs(days) <= FURTHEST_OFFSET if kind in DAY_KINDS else days == 0
