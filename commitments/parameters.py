"""What every query string must be, whoever reads it: known names, readable values, each once.

Checked before any value goes near a form or a database: PostgreSQL takes no NUL, and a parameter
that is given twice where one is meant would be read half.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from commitments.validators import validate_line

LONGEST_VALUE: Final = 200
_SHOWN: Final = 60


def invalid_parameters(errors: Mapping[str, list[str]], code: str) -> InvalidInput:
    """The error of one or more parameters; `errors` has the sentences by name."""
    field = next(iter(errors))
    return InvalidInput(errors[field][0], field=field, code=code, errors=errors)


def refuse_unknown(params: QueryDict, known: Iterable[str]) -> None:
    """Raise InvalidInput where a name in `params` is not among `known`; the sentence lists those.

    Its code is "unknown_parameter".
    """
    unknown = sorted(set(params) - set(known))
    if not unknown:
        return
    sentence = _("There is no parameter “%(name)s”. Known: %(known)s.")
    listed = ", ".join(sorted(known))
    errors = {
        name: [sentence % {"name": name, "known": listed}]
        for name in map(_shown, unknown[:LONGEST_VALUE])
    }
    raise invalid_parameters(errors, "unknown_parameter")


def refuse_unreadable(params: QueryDict, *, repeatable: Collection[str] = ()) -> None:
    """Raise InvalidInput for a value that is not one short line, or given twice for no reason.

    Its code is "unreadable_parameter". Only those in `repeatable` may have several values.
    """
    errors: dict[str, list[str]] = {}
    for name, values in params.lists():
        sentences = [sentence for value in values if (sentence := _fault(str(value)))]
        if len(values) > 1 and name not in repeatable:
            sentences.append(_("Give one value, not several."))
        if sentences:
            errors[_shown(name)] = sentences[:1]
    if errors:
        raise invalid_parameters(errors, "unreadable_parameter")


def without_empty(params: QueryDict) -> QueryDict:
    """`params` without blank values: a form sends every field that a person left empty."""
    given = QueryDict(mutable=True)
    for name, values in params.lists():
        filled = [value for value in values if not _is_blank(str(value))]
        if filled:
            given.setlist(name, filled)
    return given


def _fault(value: str) -> str:
    if _is_blank(value):
        return ""
    if len(value) > LONGEST_VALUE:
        return _("Shorten this to %(most)d characters.") % {"most": LONGEST_VALUE}
    try:
        validate_line(value)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _is_blank(value: str) -> bool:
    return not value.strip(" ")


def _shown(name: str) -> str:
    """A name as it can be repeated in an answer: short, and without what UTF-8 cannot write."""
    return name[:_SHOWN].encode("utf-8", "replace").decode()
