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
