"""What parties, topics and sources have in common at the desk: one page, and one editor at a time.

They count no revisions of their own: the log does. Who saves what somebody else has changed since
they read it is shown both versions, as with a commitment.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from commitments.actions.recording import demand_unchanged, rows_of
from commitments.admin.record_admin import RecordAdmin, both_versions, person, refusing
from commitments.exceptions import StaleRevision
from commitments.models import Party, Source, Topic, User

Named = TypeVar("Named", Party, Topic, Source)


class NamedRecordAdmin(RecordAdmin[Named]):
    """A record that commitments name."""

    change_form_template = "commitments/admin/named_page.html"

    @abstractmethod
    def write(self, record: Named, *, actor: User, now: datetime) -> object:
        """Call the action that saves it."""

    def in_the_form(self, changed: Mapping[str, Any], _form: ModelForm[Named]) -> Mapping[str, Any]:
        """The logged `{field: [old, new]}` by the fields of the form."""
        return changed

    def save_model(
        self, request: HttpRequest, obj: Named, form: ModelForm[Named], change: bool
    ) -> None:
        """Save through the action, unless somebody was faster."""
        if change:
            self._demand_seen(request, obj, form)
        with refusing():
            self.write(obj, actor=person(request), now=timezone.now())

    def _demand_seen(self, request: HttpRequest, obj: Named, form: ModelForm[Named]) -> None:
        read = form.cleaned_data["expected_revision"]
        try:
            demand_unchanged(obj, since=read)
        except StaleRevision as error:
            error.changed = dict(self.in_the_form(error.changed, form))
            raise both_versions(request, error, form, rows=rows_of(obj, since=read)) from error
