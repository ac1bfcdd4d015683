"""Both editors' versions side by side, and the choice between them field by field.

The page carries both versions of each input as hidden ones, so that the choice counts without
script. A third version, typed into the field afterwards, counts more than any choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Model
from django.forms import BaseInlineFormSet, ModelForm
from django.http import QueryDict

from commitments.actions.recording import type_of_record
from commitments.admin.change_words import NOTHING, field_changes, mentioned
from commitments.admin.history import names_in
from commitments.admin.two_editors import as_logged, inputs_of, put
from commitments.exceptions import InvalidInput, StaleRevision
from commitments.models import Citation, Commitment, RecordType, Revision, Target

if TYPE_CHECKING:
    Formset = BaseInlineFormSet[Any, Commitment, Any]

THEIRS: Final = "theirs"
YOURS: Final = "yours"
_CHOOSE: Final = "choose-"
_INPUTS: Final = "inputs-"


class BothVersions(InvalidInput):
    """The refusal of the second editor's page, with a row for each field to choose."""

    def __init__(self, told: InvalidInput, rows: list[VersionRow]) -> None:
        super().__init__(str(told), code=told.code, errors=told.errors)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A field that the first editor changed, in words; `field` is "" where there is no choice.

    `hidden` are the names and values of the hidden inputs that carry both versions.
    """

    label: str
    before: str
    theirs: str
    yours: str
    field: str = ""
    choice: str = THEIRS
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where on the page a logged field is written: in these inputs of a form."""

    form: ModelForm[Any]
    names: tuple[str, ...]
    yours: Any


def chosen(posted: QueryDict) -> QueryDict:
    """What was posted, with the version of each field that was chosen in the table."""
    data = posted.copy()
    for key in posted:
        version, field = posted[key], key.removeprefix(_CHOOSE)
        if field == key or version not in {THEIRS, YOURS}:
            continue
        inputs = posted.getlist(f"{_INPUTS}{field}")
        versions = [_raw(posted, inputs, f"{one}-") for one in (THEIRS, YOURS)]
        if _raw(posted, inputs) in versions:  # not typed anew
            for name in inputs:
                data.setlist(name, posted.getlist(f"{version}-{name}"))
    return data


def _raw(posted: QueryDict, inputs: Iterable[str], prefix: str = "") -> list[list[str]]:
    """Values as they are compared: a browser sends line ends of its own."""
    return [
        [value.replace("\r\n", "\n") for value in posted.getlist(f"{prefix}{name}")]
        for name in inputs
    ]


def version_rows(
    posted: QueryDict,
    error: StaleRevision,
    form: ModelForm[Any],
    formsets: Iterable[Formset] = (),
    *,
    rows: Iterable[Revision],
) -> list[VersionRow]:
    """A row for each field that was changed by `rows` of the log; those with a choice first."""
    changed: Mapping[str, Any] = error.changed
    record_type = type_of_record[type(form.instance)]
    names = dict(names_in(rows))
    places = dict(_places(form, formsets, changed))
    with_choice = [
        _row_with_choice(posted, key, changed[key], place, names, record_type=record_type)
        for key, place in places.items()
    ]
    told_only = [
        VersionRow(change.label, change.old or NOTHING, change.new, NOTHING)
        for change in field_changes(
            {key: pair for key, pair in changed.items() if key not in places},
            record_type=record_type,
            names=names,
        )
    ]
    return [row for row in with_choice if row is not None] + told_only


def _places(
    form: ModelForm[Any], formsets: Iterable[Formset], changed: Mapping[str, Any]
) -> Iterator[tuple[str, _Place]]:
    """The changed fields that can be written on the page, in its order."""
    yield from _of_a_form(form, changed)
    for formset in formsets:
        for part in formset.forms:
            if part.instance.pk is None or part.cleaned_data.get("DELETE"):
                continue
            if isinstance(part.instance, Citation):
                yield from _of_a_form(part, changed, f"citation {part.instance.pk} ")
            elif isinstance(part.instance, Target) and "target" in changed:
                names = tuple(name for name in part.initial if name in part.fields)
                yield "target", _Place(part, names, str(part.instance))


def _of_a_form(
    form: ModelForm[Any], changed: Mapping[str, Any], logged_as: str = ""
) -> Iterator[tuple[str, _Place]]:
    for name in form.fields:
        if name in form.cleaned_data and f"{logged_as}{name}" in changed:
            yield f"{logged_as}{name}", _Place(form, (name,), form.cleaned_data[name])


def _row_with_choice(
    posted: QueryDict,
    key: str,
    pair: list[Any],
    place: _Place,
    names: dict[tuple[str, str], str],
    *,
    record_type: RecordType,
) -> VersionRow | None:
    yours, (before, theirs) = as_logged(place.yours), pair
    naming = mentioned(key, yours)
    if naming and isinstance(place.yours, Model):
        names[naming] = str(place.yours)
    change = next(
        field_changes({key: [before, theirs]}, record_type=record_type, names=names), None
    )
    if change is None:
        return None
    own = next(field_changes({key: [theirs, yours]}, record_type=record_type, names=names), None)
    return VersionRow(
        label=change.label,
        before=change.old or NOTHING,
        theirs=change.new,
        yours=own.new if own else NOTHING,
        field=place.form.add_prefix(place.names[0]),
        choice=THEIRS if yours in (before, theirs) else YOURS,
        hidden=tuple(_hidden(posted, place)),
    )


def _hidden(posted: QueryDict, place: _Place) -> Iterator[tuple[str, str]]:
    """Both versions of each input, as a browser would send them."""
    field = place.form.add_prefix(place.names[0])
    theirs = QueryDict(mutable=True)
    for name in place.names:
        put(theirs, place.form, name)
        for one in inputs_of(place.form, name):
            yield f"{_INPUTS}{field}", one
            yield from ((f"{THEIRS}-{one}", value) for value in theirs.getlist(one))
            yield from ((f"{YOURS}-{one}", value) for value in posted.getlist(one))
