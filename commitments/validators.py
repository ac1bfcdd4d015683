"""Checks of single values, written once and called by models, forms and serializers alike.

Each raises Django's `ValidationError` with a stable code and a sentence that says what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from commitments.exceptions import WindowError
from commitments.time_zones import known_time_zones
from commitments.window import Window

# Overrides and isolates turn the reading order of text around them: a title could then show
# other words than it holds (Unicode TR 36). The plain marks U+200E, U+200F and U+061C are fine.
BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# What ends a line for a reader or a program beside the control characters: in a title it would
# let text pass for a line of its own.
LINE_SEPARATORS: Final = frozenset("\u2028\u2029")

_is_http_url = URLValidator(
    schemes=["http", "https"], message=_("Enter an address that starts with http:// or https://.")
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _is_unprintable(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cs"} or character in BIDI_CONTROLS:
        return True
    # Noncharacters (Unicode 23.7): an XML feed that holds U+FFFE or U+FFFF is not XML.
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _refuse_unprintable(value: str, *, allowed: str = "", refused: Set[str] = frozenset()) -> None:
    for position, character in enumerate(value, start=1):
        if character not in allowed and (character in refused or _is_unprintable(character)):
            raise ValidationError(
                _("Remove the control character U+%(code)s at position %(position)d."),
                code="control_character",
                params={"code": f"{ord(character):04X}", "position": position},
            )
    if value and not any(map(_is_visible, value)):
        raise ValidationError(
            _("Write something that can be seen, or leave it empty."), code="invisible"
        )


def validate_line(value: str) -> None:
    """Refuse anything that is not one line of visible text: control characters, surrogates."""
    _refuse_unprintable(value, refused=LINE_SEPARATORS)


def validate_text(value: str) -> None:
    """As `validate_line`, but line breaks and tabs may stand in it."""
    _refuse_unprintable(value, allowed="\n\r\t")


def validate_http_url(value: str) -> None:
    """Refuse anything but an address with http:// or https://, and what no line may hold."""
    validate_line(value)
    _is_http_url(value)


def validate_language(value: str) -> None:
    """Refuse what does not look like a language tag of BCP 47: "en", "pt-BR"."""
    if not _LANGUAGE.fullmatch(value):
        raise ValidationError(_("Write the code of the language, such as “kk”."), code="language")


def validate_time_zone(value: str) -> None:
    """Refuse a name that the IANA time zone database does not have."""
    if value not in known_time_zones():
        raise ValidationError(
            _("“%(value)s” is not a time zone; write it like Asia/Almaty."),
            code="time_zone",
            params={"value": value[:64]},
        )


def validate_window(value: str) -> None:
    """Refuse a text that is no EDTF window; "" is the undated one."""
    try:
        Window.parse(value)
    except WindowError as error:
        raise ValidationError(error.message, code=error.code) from error


# SQLite keeps numbers as IEEE 754 doubles: of a longer one it would give back other digits.
SIGNIFICANT_DIGITS: Final = 15


def validate_number(value: Decimal) -> None:
    """Refuse a number with more significant digits than every database gives back."""
    digits = "".join(str(digit) for digit in value.as_tuple().digits).strip("0")
    if len(digits) > SIGNIFICANT_DIGITS:
        raise ValidationError(
            _("Round this to %(limit)d significant digits; it has %(digits)d."),
            code="too_many_digits",
            params={"limit": SIGNIFICANT_DIGITS, "digits": len(digits)},
        )


# The texts that are translated: how long they may be, and what each may hold.
TRANSLATABLE_FIELDS: Final[Mapping[str, tuple[int, Callable[[str], None]]]] = {
    "title": (300, validate_line),
    "summary": (5000, validate_text),
    "note": (5000, validate_text),
    "place": (200, validate_line),
    "name": (200, validate_line),
    "office": (200, validate_line),
    # Of the target, beside the texts of its commitment.
    "measure": (200, validate_line),
    "unit": (40, validate_line),
}


def validate_translations(value: object) -> None:
    """Refuse anything but `{language: {field: text}}` with the fields that are translated."""
    shape = _("Write translations as {“ru”: {“title”: “…”}}; fields: %(fields)s.")
    wrong_shape = ValidationError(
        shape, code="translations", params={"fields": ", ".join(sorted(TRANSLATABLE_FIELDS))}
    )
    if not isinstance(value, dict):
        raise wrong_shape
    for language, texts in value.items():
        if not (isinstance(language, str) and isinstance(texts, dict)):
            raise wrong_shape
        validate_language(language)
        for field, text in texts.items():
            if field not in TRANSLATABLE_FIELDS or not isinstance(text, str):
                raise wrong_shape
            _validate_translation(field, text)


def _validate_translation(field: str, text: str) -> None:
    longest, validate = TRANSLATABLE_FIELDS[field]
    if len(text) > longest:
        raise ValidationError(
            _("Shorten “%(field)s” to %(longest)d characters; it has %(length)d."),
            code="max_length",
            params={"field": field, "longest": longest, "length": len(text)},
        )
    validate(text)
