"""A choice among many records that asks the server while one types, and no query to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model
from django.forms import BaseForm


class KnownAutocomplete(AutocompleteSelect):
    """Shows a chosen record that is at hand without reading it again.

    Django's own reads the record once for each widget: a page with thirty citations would need
    sixty queries.
    """

    known: Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """The one option that is chosen; what is not at hand is read by Django's own."""
        if self.known is None or list(value) != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        label = str(self.known)
        options = [self.create_option(name, self.known.pk, label, selected=True, index=0)]
        if not self.is_required:
            options.insert(0, self.create_option(name, "", "", selected=False, index=0))
        return [(None, options, 0)]


def show_known(form: BaseForm, **records: Model | None) -> None:
    """Hand the records that `form`'s fields have chosen to their widgets."""
    for name, record in records.items():
        if name not in form.fields:
            continue
        widget = form.fields[name].widget
        widget = getattr(widget, "widget", widget)  # the wrapper with the "add" button
        if isinstance(widget, KnownAutocomplete):
            widget.known = record
