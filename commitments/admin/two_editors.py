"""Two editors at once: the second one sees what the first changed and loses nothing.

What the second has not touched takes over the first one's values; what both have changed stays
as the second wrote it, and saving again puts it over the first one's, knowingly. The choice
between the two stands in `both_versions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm, MultiWidget
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from commitments.admin.change_words import NOTHING, field_changes
from commitments.admin.history import who_did
from commitments.exceptions import InvalidInput, StaleRevision
from commitments.models import Citation, Commitment, Party, Revision, Source, Target, Topic

if TYPE_CHECKING:
    Formset = BaseInlineFormSet[Any, Commitment, Any]


def told(error: StaleRevision, rows: QuerySet[Revision], *, listed: bool = True) -> InvalidInput:
    """The error for the second editor; `listed`: each change in a line (HTML).

    `rows` are those of the log since the editor has read the record.
    """
    people = sorted(
        {who_did(row.actor, row.approver) for row in rows.select_related("actor", "approver")}
    )
    opening = _(
        "%(people)s changed this while you were writing. Nothing of yours is lost: what you "
        "have not touched shows their values now. Look at the changes, then save again."
    )
    sentence = opening % {"people": ", ".join(people)}
    if not listed:
        return InvalidInput(sentence, code=error.code)
    lines = [
        (change.label, change.old or NOTHING, change.new) for change in field_changes(error.changed)
    ]
    items = format_html_join("", "<li>{}: {} → {}</li>", lines)
    shown = format_html("{}<ul>{}</ul>", sentence, items)
    return InvalidInput(sentence, code=error.code, errors={"": [shown]})


def taken_over(
    posted: QueryDict,
    error: StaleRevision,
    form: ModelForm[Any],
    formsets: Iterable[Formset] = (),
) -> QueryDict:
    """What was posted, with the first editor's values where the second left a field as it was."""
    data = posted.copy()
    data["expected_revision"] = str(error.current)
    _take_over(data, form, error.changed)
    for formset in formsets:
        for part in formset.forms:
            if part.instance.pk is None:
                continue
            if isinstance(part.instance, Citation):
                _take_over(data, part, error.changed, logged_as=f"citation {part.instance.pk} ")
            elif isinstance(part.instance, Target):
                _take_over_target(data, part, error.changed)
    return data


def _take_over(
    data: QueryDict,
    form: ModelForm[Any],
    changed: Mapping[str, Any],
    logged_as: str = "",
) -> None:
    for name, value in form.cleaned_data.items():
        old_and_new = changed.get(f"{logged_as}{name}")
        if old_and_new is not None and as_logged(value) == old_and_new[0]:
            put(data, form, name)


def _take_over_target(data: QueryDict, form: ModelForm[Any], changed: Mapping[str, Any]) -> None:
    if "target" in changed and str(form.instance) == changed["target"][0]:
        for name in form.initial:
            put(data, form, name)


def put(data: QueryDict, form: ModelForm[Any], name: str) -> None:
    """Write the value of the record, as it is now, into what was posted."""
    if name not in form.fields:
        return
    field, key = form.fields[name], form.add_prefix(name)
    value = field.prepare_value(form.initial.get(name))
    if isinstance(field.widget, MultiWidget):
        texts = field.widget.decompress(value) or []
        for one, text in zip(inputs_of(form, name), texts, strict=True):
            data[one] = text
    elif isinstance(value, list | tuple):
        data.setlist(key, [str(getattr(one, "pk", one)) for one in value])
    else:
        data[key] = "" if value is None else str(value)


def inputs_of(form: ModelForm[Any], name: str) -> list[str]:
    """The names of the inputs that one field of the form has on the page."""
    key, widget = form.add_prefix(name), form.fields[name].widget
    if isinstance(widget, MultiWidget):
        suffixes: list[str] = getattr(widget, "widgets_names", [])
        return [f"{key}{suffix}" for suffix in suffixes]
    return [key]


def as_logged(value: Any) -> Any:
    """A cleaned value as the log writes it."""
    if isinstance(value, Commitment | Source):
        return value.public_id
    if isinstance(value, Party | Topic):
        return value.key
    if isinstance(value, QuerySet):
        return sorted(as_logged(one) for one in value)
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    return value
