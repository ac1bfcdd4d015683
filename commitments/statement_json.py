"""JSON whose objects know their line, so that a problem can be found in the file; plain Python."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from json import scanner
from json.decoder import JSONObject  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any, Final

from commitments.window_text import shown

LONGEST_NUMBER: Final = 100
"""Characters of a number; the longest that can be recorded has 25. Python reads 4,300 digits."""


class Row(dict[str, Any]):
    """A JSON object that knows the line on which it begins."""

    line = 0


class NoNumber:
    """What stands where the file has NaN, Infinity or a number that is far too long."""


def read_json(text: str) -> Any:
    """What `text` holds, with a `Row` for each object and a Decimal for each fraction.

    Raises json.JSONDecodeError, and RecursionError for what is nested too deeply.
    """
    return _LineDecoder(text).decode(text)


class _LineDecoder(json.JSONDecoder):
    """The decoder of the standard library, with `Row`s that know their line.

    A key that stands twice in one object is an error: JSON would silently keep the last. Numbers
    keep all their digits.
    """

    def __init__(self, text: str) -> None:
        super().__init__(
            parse_constant=lambda _name: NoNumber(), parse_int=_integer, parse_float=_decimal
        )
        self.ends_of_lines = [match.start() for match in re.finditer("\n", text)]
        self.parse_object: Callable[..., Any] = self._parse_row
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _parse_row(self, text_and_end: tuple[str, int], *arguments: Any) -> tuple[Row, int]:
        text, start = text_and_end
        strict, scan_once, memo = arguments[0], arguments[1], arguments[-1]

        def make_row(pairs: list[tuple[str, Any]]) -> Row:
            row = Row()
            for key, value in pairs:
                if key in row:
                    raise json.JSONDecodeError(f"“{shown(key)}” stands twice", text, start)
                row[key] = value
            row.line = bisect_left(self.ends_of_lines, start) + 1
            return row

        return JSONObject(text_and_end, strict, scan_once, None, make_row, memo)  # type: ignore[no-any-return]


def _integer(digits: str) -> int | NoNumber:
    return int(digits) if len(digits) <= LONGEST_NUMBER else NoNumber()


def _decimal(digits: str) -> Decimal | NoNumber:
    try:
        return Decimal(digits) if len(digits) <= LONGEST_NUMBER else NoNumber()
    except InvalidOperation:  # an exponent of more than 18 digits
        return NoNumber()
