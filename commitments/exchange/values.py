"""A cell's text as the value that the record holds, and back; each in one notation only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from commitments.enums import (
    AnchorUnit,
    CitationRole,
    Comparison,
    Kind,
    PartyKind,
    PartyRole,
    Publication,
    ReasonCode,
    SourceKind,
    Status,
    Strength,
)
from commitments.exceptions import InvalidInput, WindowError
from commitments.exchange.columns import CITATION, COMMITMENT, PARTY, SOURCE
from commitments.window import Window
from commitments.window_text import shown

_CHOICES: Final[Mapping[tuple[str, str], type[TextChoices]]] = {
    (COMMITMENT, "kind"): Kind,
    (COMMITMENT, "strength"): Strength,
    (COMMITMENT, "status"): Status,
    (COMMITMENT, "publication"): Publication,
    (COMMITMENT, "role"): CitationRole,
    (COMMITMENT, "comparison"): Comparison,
    (COMMITMENT, "anchor_unit"): AnchorUnit,
    (COMMITMENT, "reason_code"): ReasonCode,
    (CITATION, "role"): CitationRole,
    (SOURCE, "kind"): SourceKind,
    (PARTY, "kind"): PartyKind,
}
_TEXTS: Final = frozenset({"title", "summary", "note", "wording", "place", "name", "office"}) | {
    *("publisher", "quote", "locator", "measure", "unit", "said_by", "reason", "missing", "text")
}
_YES: Final = frozenset({"yes", "true", "1"})
_NO: Final = frozenset({"no", "false", "0", ""})


def value_of(record: str, column: str, text: str) -> Any:
    """The value of a cell; raises InvalidInput naming the column."""
    try:
        return _value(record, column, text)
    except InvalidInput as error:
        raise InvalidInput(error.message, field=column) from error


def _value(record: str, column: str, text: str) -> Any:
    if column in _TEXTS:
        return text
    text = text.strip()
    if choices := _CHOICES.get((record, column)):
        return _choice(choices, text)
    convert: Callable[[str], Any] = _CONVERT.get(column, str)
    return convert(text)


def in_one_notation(record: str, column: str, text: str) -> str:
    """The text of a cell as an export writes it; what is no such value stays as it is."""
    try:
        return text_of_value(value_of(record, column, text))
    except InvalidInput:
        return text


def text_of_value(value: Any) -> str:
    """The one notation of a value in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list):
        return "; ".join(text_of_value(one) for one in value)
    if isinstance(value, tuple):
        return ":".join(value)
    return str(value)


def _choice(choices: type[TextChoices], text: str) -> str:
    written = text.lower().replace(" ", "_")
    if written not in choices.values:
        sentence = _("Write one of: %(values)s.") % {"values": ", ".join(choices.values)}
        raise InvalidInput(sentence)
    return str(choices(written).value)


def _day(text: str) -> date:
    wrong = InvalidInput(_("Write the day as 2024-11-27."))
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # Python reads weeks and 20241127
        raise wrong
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise InvalidInput(_("Write yes or no."))
    return text.lower() in _YES


_LONGEST_NUMBER: Final = 40


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    wrong = InvalidInput(_("Write a number as 30.5, without spaces or a unit."))
    if len(text) > _LONGEST_NUMBER or not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+", text):
        raise wrong
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise wrong from error


def _window(text: str) -> Window:
    """Undated where empty. The hemisphere of the place is applied when it is recorded."""
    try:
        return Window.parse(text)
    except WindowError as error:
        raise InvalidInput(error.message) from error


def _amount(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise InvalidInput(_("Write how many as a whole number: 40."))
    return int(text)


def _anchor(text: str) -> tuple[str, str]:
    record, _colon, name = (part.strip() for part in text.partition(":"))
    if record.lower() not in {SOURCE, COMMITMENT} or not name:
        raise InvalidInput(_("Write the anchor as source:its-key or commitment:its-key."))
    return record.lower(), name


def _keys(text: str) -> list[str]:
    return sorted({part.strip() for part in re.split("[;\n]", text) if part.strip()})


def _parts(text: str) -> list[tuple[str, str]]:
    """Parties with what they have to do with it: "promised_by:kz"; a bare key has promised it."""
    parts = []
    for part in _keys(text):
        role, colon, key = part.rpartition(":")
        written = role.strip().lower().replace(" ", "_") if colon else PartyRole.PROMISED_BY.value
        if written not in PartyRole.values or not key.strip():
            sentence = _("Write “%(part)s” as promised_by:kz; roles: %(roles)s.")
            raise InvalidInput(
                sentence % {"part": shown(part), "roles": ", ".join(PartyRole.values)}
            )
        parts.append((written, key.strip()))
    return sorted(set(parts))


_CONVERT: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": _day,
    "independent": _yes_or_no,
    "refused": _yes_or_no,
    "shows_status": _yes_or_no,
    "anchor": _anchor,
    "anchor_amount": _amount,
    "value": _number,
    "period": _window,
    "goal": _number,
    "baseline": _number,
    "window": _window,
    "effective": _window,
    "topics": _keys,
    "parties": _parts,
}
