"""The form by which a key is issued, and the one that is only pressed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.forms.refusals import RefusableForm
from commitments.forms.theme import CheckboxSelectMultiple, DateInput
from commitments.models import ApiKey, Scope


class ApiKeyForm(RefusableForm[ApiKey]):
    """What a new key is called, what it may and how long."""

    field_names: ClassVar[dict[str, str]] = {"scopes": "allowed", "expiry_date": "last_day"}

    allowed = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[
            (Scope.READ, _("read what you may read, drafts as well")),
            (Scope.WRITE, _("enter, correct and propose")),
            (Scope.APPROVE, _("publish, retract and decide")),
        ],
        required=False,  # the action says it better
        widget=CheckboxSelectMultiple,
        help_text=_("It never may more than the person it acts for."),
    )
    last_day = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput,
        help_text=_("Its last day, in UTC. Empty: it does not end."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "user")

    def clean(self) -> dict[str, Any]:
        """The last day as the instant of its end."""
        cleaned = super().clean()
        day = cleaned.get("last_day")
        end = datetime.combine(day, time(), UTC) + timedelta(days=1) if day else None
        return {**cleaned, "expiry_date": end}


class RevokeForm(forms.Form):
    """Asks for nothing but the press."""
