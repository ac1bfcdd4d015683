"""What the shapes of requests share: strict fields, and nothing that is silently ignored.

A number is not read as a text, nor "yes" as true: a program that sends the wrong type has an
error in it, and should hear so. The fields ask the database nothing; what names another record is
looked up where it is written (`api/writing/lookups.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final

from django.db.models.enums import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from commitments.api.languages import known_languages
from commitments.validators import validate_line, validate_text

LONGEST_PHRASE: Final = 200
LONGEST_REASON: Final = 2000
_LONGEST_NAME_SHOWN: Final = 60
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT: Final = r"^-?[0-9]{1,20}(\.[0-9]{1,4})?$"


class Input(serializers.Serializer[Any]):
    """The body of a request. An unknown field is an error that lists the known ones.

    `elsewhere` has a hint for what a client could look for here and what has an address of its own.
    """

    elsewhere: ClassVar[Mapping[str, str | Promise]] = {}

    def to_internal_value(self, data: Any) -> Any:
        """The checked values by field name; raises ValidationError for all that is wrong."""
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in set(data) - known)
            if unknown:
                raise serializers.ValidationError(
                    {_pointer_part(name): [self._unknown(name, known)] for name in unknown[:20]}
                )
        return super().to_internal_value(data)

    def _unknown(self, name: str, known: set[str]) -> ErrorDetail:
        if name in self.elsewhere:
            return ErrorDetail(str(self.elsewhere[name]), code="elsewhere")
        sentence = _("There is no field “%(name)s”. Known: %(known)s.")
        values = {"name": _shown(name), "known": ", ".join(sorted(known))}
        return ErrorDetail(sentence % values, code="unknown_field")


class Text(serializers.CharField):
    """Text of several lines; what cannot be seen in it is refused."""

    check = staticmethod(validate_text)

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_blank", True)
        super().__init__(**options)
        self.validators.append(self.check)

    def to_internal_value(self, data: Any) -> str:
        """The text without blanks around it; ValidationError where it is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Line(Text):
    """Text of one line."""

    check = staticmethod(validate_line)


class Name(Line):
    """A key or public id that names another record."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 100, "allow_blank": False, **options})


@extend_schema_field(
    {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[-a-zA-Z0-9_]+$"}
)
class Key(Name):
    """The permanent name that a new record is given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(_slug)


def _slug(value: str) -> None:
    if not re.fullmatch(r"[-a-zA-Z0-9_]+", value):
        raise serializers.ValidationError(
            _("Use letters of the Latin alphabet, digits, “-” and “_” only."), code="invalid"
        )


class Choice(serializers.ChoiceField):
    """One of a closed list of words."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": gettext_lazy("“{input}” is not known here. Known: {known}.")
    }

    def __init__(self, words: type[TextChoices], **options: Any) -> None:
        super().__init__(choices=words.choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        """The word; ValidationError with the known ones for any other."""
        if not (isinstance(data, str) and data in self.choices):
            self.fail("invalid_choice", input=_shown(str(data)), known=", ".join(self.choices))
        return data


class Flag(serializers.BooleanField):
    """true or false, and nothing that looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        """The value; ValidationError for anything but a JSON boolean."""
        if not isinstance(data, bool):
            self.fail("invalid", input=_shown(str(data)))
        return data


class Count(serializers.IntegerField):
    """A whole number as a JSON number."""

    def to_internal_value(self, data: Any) -> int:
        """The number; ValidationError for a text, a fraction or a boolean."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Day(serializers.DateField):
    """A day as 2026-12-31, and no other of the many ways of ISO 8601."""

    def to_internal_value(self, value: Any) -> date:
        """The day; ValidationError where the text is none."""
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


@extend_schema_field({"anyOf": [{"type": "string", "pattern": _AMOUNT}, {"type": "number"}]})
class AmountInput(serializers.DecimalField):
    """A number: as text it is exact ("30000000000.25"), as a JSON number it is taken as well."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=24, decimal_places=4, **options)

    def to_internal_value(self, data: Any) -> Any:
        """A Decimal; ValidationError for booleans, exponents in text, and what is too long."""
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("invalid")
        if isinstance(data, str) and not re.fullmatch(_AMOUNT, data):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
    }
)
class Texts(serializers.JSONField):
    """Texts in further languages, as `{"ru": {"title": "…"}}`; the record checks them."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The object; ValidationError where it is none."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(
                _("Write translations as {“ru”: {“title”: “…”}}."), code="invalid"
            )
        return data


class PhraseInput(Input):
    """Words of a date with what they are to be understood by."""

    text = Line(max_length=LONGEST_PHRASE, help_text="As “spring 2025”, or EDTF.")
    language = serializers.ChoiceField(
        choices=known_languages(),
        required=False,
        help_text="Of the words; without it, the language of the answer.",
    )
    said_on = Day(required=False, help_text="“Next year” counts from it.")


_WHEN_SCHEMA: Final[dict[str, Any]] = {
    "description": (
        "EDTF (ISO 8601-2) as 2025-21, or the words of a date as “spring 2025”; as an object, with "
        "their language and the day that “next year” counts from. Empty: undated."
    ),
    "anyOf": [
        {"type": "string", "maxLength": LONGEST_PHRASE},
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "maxLength": LONGEST_PHRASE},
                "language": {"type": "string", "enum": ["en", "ru", "kk"]},
                "said_on": {"type": "string", "format": "date"},
            },
            "required": ["text"],
            "additionalProperties": False,
        },
    ],
    "examples": ["2025-21", {"text": "next year", "language": "en", "said_on": "2024-11-27"}],
}


@extend_schema_field(_WHEN_SCHEMA)
class When(serializers.Field[Any, Any, Any, Any]):
    """A window of time; gives `{"text", "language"?, "said_on"?}`, read in `writing/dates.py`."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("Write a date as a text, or as {{“text”: “…”, “said_on”: “…”}}.")
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The words and what they are understood by; ValidationError for another shape."""
        given = {"text": data} if isinstance(data, str) else data
        if not isinstance(given, Mapping):
            self.fail("invalid")
        phrase = PhraseInput(data=given)
        phrase.is_valid(raise_exception=True)
        return dict(phrase.validated_data)

    def to_representation(self, value: Any) -> Any:
        """Never shown: a request is read only."""
        raise NotImplementedError


class Reason(Text):
    """Why, for the log."""

    def __init__(self, **options: Any) -> None:
        defaults = {"max_length": LONGEST_REASON, "required": False}
        super().__init__(**{**defaults, "help_text": "Why; it stays in the history.", **options})


class Nothing(Input):
    """An action that needs no more than its address: an empty object, or no body."""


def _shown(text: str) -> str:
    return text[:_LONGEST_NAME_SHOWN]


def _pointer_part(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901, 3)."""
    return _shown(name).replace("~", "~0").replace("/", "~1")
