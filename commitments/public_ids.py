"""Short public ids: permanent, never reused, safe in an address, hard to misread.

Eight characters out of 27: digits and consonants, so that no word can come out, without
0, 1 and l. 27**8 is about 2.8 * 10**11; a clash is refused by the unique column and drawn again.
"""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"
LENGTH: Final = 8
PATTERN: Final = r"[23456789bcdfghjkmnpqrstvwxz]{8}"


def new_public_id() -> str:
    """A fresh random id of `LENGTH` characters of `ALPHABET`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


# A row that is only ever named beside its commitment has no column for an id: its id is its
# number in other digits, scattered so that nobody counts with it. Permanent, as the number is.
_SCATTER: Final = 104_395_301_021  # any number without a factor 3 has an inverse
_ALL: Final = len(ALPHABET) ** LENGTH


def public_id_of(number: int) -> str:
    """The id that stands for the row with this `number` (0 to 27**8 - 1)."""
    left = number * _SCATTER % _ALL
    digits = []
    for _place in range(LENGTH):
        left, digit = divmod(left, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def number_of(public_id: str) -> int | None:
    """The number that `public_id_of` was given; None where the text is no id."""
    if len(public_id) != LENGTH or not set(public_id) <= set(ALPHABET):
        return None
    found = 0
    for digit in reversed(public_id):
        found = found * len(ALPHABET) + ALPHABET.index(digit)
    return found * pow(_SCATTER, -1, _ALL) % _ALL
