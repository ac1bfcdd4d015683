"""What a row of the revision log says, field by field, in an editor's words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.enums import DateMoveKind, PartyRole, ReasonCode
from commitments.exceptions import WindowError
from commitments.forms.windows import window_words
from commitments.models import Citation, Commitment, Party, RecordType, Source, Topic
from commitments.window import Window

LONGEST_SHOWN: Final = 200
NOTHING: Final = "—"
OF_A_CITATION: Final = re.compile(r"citation (\d+) (\w+)")

_MODELS: Final[dict[str, type[Model]]] = {
    RecordType.COMMITMENT: Commitment,
    RecordType.SOURCE: Source,
    RecordType.PARTY: Party,
    RecordType.TOPIC: Topic,
}
_WINDOWS: Final = frozenset({"window", "effective"})
# Columns that name another record by its public id or key.
_NAMING: Final = {"source": RecordType.SOURCE, "said_by": RecordType.PARTY}

Names = Mapping[tuple[str, str], str]
"""The titles of records by type and public id or key, as far as they are known."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change, in words; `old` is "" where only `new` says something."""

    label: str
    old: str
    new: str


def field_changes(
    changes: Mapping[str, Any],
    *,
    record_type: str = RecordType.COMMITMENT,
    names: Names | None = None,
) -> Iterator[FieldChange]:
    """The logged `{field: [old, new]}` in words, in the order of the model's fields.

    What says nothing is left out. A database may give the log's fields back in an order of its own.
    """
    fields = _MODELS[record_type]._meta.get_fields()  # noqa: SLF001  # documented
    place = {field.name: number for number, field in enumerate(fields)}
    for name in sorted(changes, key=lambda name: (place.get(name, len(place)), name)):
        old, new = changes[name]
        if name == "date_move":
            yield FieldChange(capfirst(_("date move")), "", _date_move(new))
        elif name == "status_change":
            yield from _status_details(new)
        elif name == "value":
            words = f"{window_in_words(new['period'])}: {new['value']}"
            yield FieldChange(capfirst(_("reported value")), "", words)
        else:
            yield from _plain_change(name, old, new, _MODELS[record_type], names or {})


def mentioned(name: str, value: Any) -> tuple[str, str] | None:
    """The record that a logged value names, as a key of `Names`; None where it names none."""
    match = OF_A_CITATION.fullmatch(name)
    record_type = _NAMING.get(match[2]) if match else None
    return (record_type.value, value) if record_type and isinstance(value, str) else None


def window_in_words(text: str) -> str:
    """A stored window in words, with its EDTF; as it is where it cannot be read."""
    try:
        words = window_words(Window.parse(text))
    except WindowError:
        return text
    return words if words == text else f"{words} ({text})"


def _plain_change(
    name: str, old: Any, new: Any, model: type[Model], names: Names
) -> Iterator[FieldChange]:
    label, column = name, name
    if match := OF_A_CITATION.fullmatch(name):
        model, column = Citation, match[2]
        details = {"number": match[1], "field": _label(Citation, column)}
        label = _("citation %(number)s: %(field)s") % details
    else:
        label = _label(model, column)
    words = [
        names.get(mentioned(name, value) or ("", ""), _shown(model, column, value))
        for value in (old, new)
    ]
    if words != [NOTHING, NOTHING] and column != "span":
        yield FieldChange(capfirst(label), "" if words[0] == NOTHING else words[0], words[1])


def _date_move(move: Mapping[str, Any]) -> str:
    kind = DateMoveKind(move["kind"]).label
    days = move["slip_days"]
    if not days:
        return str(kind)
    slip = ngettext("%(days)+d day", "%(days)+d days", abs(days)) % {"days": days}
    return f"{kind} ({slip})"


def _status_details(change: Mapping[str, Any]) -> Iterator[FieldChange]:
    if code := change.get("reason_code"):
        yield FieldChange(capfirst(_("kind of reason")), "", str(ReasonCode(code).label))
    if missing := change.get("missing"):
        yield FieldChange(capfirst(_("what is missing")), "", missing)
    if change.get("explicit_refusal"):
        yield FieldChange(capfirst(_("explicitly refused")), "", _("yes"))


def _label(model: type[Model], name: str) -> str:
    own = {
        "effective": _("since when"),
        "parties": _("parties"),
        "target": _("target"),
    }
    field = _field(model, name)
    return own.get(name) or str(field.verbose_name if field else name)


def _field(model: type[Model], name: str) -> Field[Any, Any] | None:
    try:
        field = model._meta.get_field(name)  # noqa: SLF001  # documented
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def _shown(model: type[Model], name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if name in _WINDOWS:
        return window_in_words(value)
    return Truncator(_plain(model, name, value)).chars(LONGEST_SHOWN)


def _plain(model: type[Model], name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "translations":
        return "; ".join(
            f"{language}: {text}" for language, texts in value.items() for text in texts.values()
        )
    if name == "parties":
        return ", ".join(f"{key} ({PartyRole(role).label})" for role, key in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    field = _field(model, name)
    return str(dict(field.flatchoices).get(value, value)) if field else value
