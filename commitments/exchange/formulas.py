"""Text that a spreadsheet program would run as a formula, made harmless and back.

OWASP, "CSV injection": a cell that starts with one of these is a formula, whatever it was meant as.
"""

from __future__ import annotations

import re
from typing import Final

_NEUTRALISED: Final = "'"
_STARTS: Final = r"[=+\-@\t\r\n＝＋－＠]"
_RISKY: Final = re.compile(rf"'*{_STARTS}")
_MADE_HARMLESS: Final = re.compile(rf"'+{_STARTS}")


def neutralised(text: str) -> str:
    """`text` with an apostrophe in front where a program would take it for a formula.

    One more also where apostrophes stand there already, so that `restored` loses none.
    """
    return _NEUTRALISED + text if _RISKY.match(text) else text


def restored(text: str) -> str:
    """The text of which `neutralised` made `text`."""
    return text.removeprefix(_NEUTRALISED) if _MADE_HARMLESS.match(text) else text
