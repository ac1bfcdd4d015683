"""Numbers as a reader of the page says them: "30 billion", and digits where that would round."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from babel.numbers import format_compact_decimal, format_decimal

_MILLION: Final = 1_000_000
_PLACES: Final = 3


def number_in_words(number: str, language: str) -> str:
    """`number` (plain digits, with a point) in the reader's language, never rounded.

    "30000000000" is "30 billion", "28431000001" stays in grouped digits.
    """
    value = Decimal(number)
    if abs(value) >= _MILLION and _is_short(value):
        return format_compact_decimal(
            value, format_type="long", locale=language, fraction_digits=_PLACES
        )
    return format_decimal(value, locale=language, decimal_quantization=False)


def _is_short(value: Decimal) -> bool:
    """Whether no digit is lost in so many places after the leading group of three."""
    digits = value.normalize().as_tuple()
    leading = value.adjusted() % 3 + 1
    return len(digits.digits) <= leading + _PLACES
