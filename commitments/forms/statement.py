"""The short form beside the text of a statement: one commitment of it after the other."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from commitments.enums import Kind, PartyRole, Status, Strength
from commitments.exceptions import RecordError
from commitments.forms.refusals import show_error
from commitments.forms.theme import (
    SearchableSelect,
    SearchableSelectMultiple,
    Select,
    Textarea,
    TextInput,
)
from commitments.forms.titles import TitleInput
from commitments.forms.windows import WhenField
from commitments.models import Commitment, Party, Source, Topic
from commitments.time_zones import known_time_zones
from commitments.transitions import FIRST_STATUSES

ROLES: Final = (PartyRole.PROMISED_BY, PartyRole.RESPONSIBLE, PartyRole.COUNTERPART)


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(known_time_zones())]


def _parties(label: Any) -> forms.ModelMultipleChoiceField[Party]:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=Party.objects.all(),
        required=False,
        widget=SearchableSelectMultiple,
    )


class StatementForm(forms.Form):
    """A commitment as it stands in `source`, whose day and language its date words are read with.

    Single fields only are checked here; the quote is by the action, against the stored text.
    """

    field_names: ClassVar[dict[str, str]] = {"window": "when", "status": "first_status"}
    more: ClassVar[tuple[str, ...]] = (
        "responsible",
        "counterpart",
        "first_status",
        "strength",
        "wording",
        "locator",
        "summary",
        "language",
        "time_zone",
        "hemisphere",
    )

    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    quote = forms.CharField(
        label=_("Quote"),
        required=False,
        max_length=5000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=_("Mark the words in the text, or paste them here; saving checks them."),
    )
    when = WhenField(
        label=_("When"),
        help_text=_("In words or EDTF; “next year” counts from the day of this source."),
    )
    title = forms.CharField(label=_("Title"), max_length=300, widget=TitleInput)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Choose")), *Kind.choices], widget=Select
    )
    said_by = forms.ModelChoiceField(
        label=_("Said by"), queryset=Party.objects.all(), required=False, widget=SearchableSelect
    )
    promised_by = _parties(_("Promised by"))
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=SearchableSelectMultiple,
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200, widget=TextInput)
    responsible = _parties(_("Responsible"))
    counterpart = _parties(_("Counterpart"))
    first_status = forms.ChoiceField(
        label=_("Status"),
        choices=[(one.value, one.label) for one in Status if one in FIRST_STATUSES],
        initial=Status.ANNOUNCED,
        widget=Select,
    )
    strength = forms.ChoiceField(
        label=_("Strength"), choices=Strength.choices, initial=Strength.PROMISE, widget=Select
    )
    wording = forms.CharField(
        label=_("Words of the source for the date"),
        required=False,
        max_length=300,
        widget=TextInput,
    )
    locator = forms.CharField(
        label=_("Place in the source"), required=False, max_length=100, widget=TextInput
    )
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=5000, widget=Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(
        label=_("Language of title and summary"), choices=settings.LANGUAGES, widget=Select
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lazy(_time_zones, list), widget=SearchableSelect
    )
    hemisphere = forms.ChoiceField(
        label=_("Hemisphere"),
        choices=lambda: Commitment._meta.get_field("hemisphere").flatchoices,  # noqa: SLF001
        widget=Select,
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].widget.attrs |= {
            "data-said-on": source.date.isoformat(),
            "data-language": source.language,
        }
        self.fields["quote"].widget.attrs["aria-describedby"] = "id_quote_place"

    def parties(self) -> list[tuple[Party, PartyRole]]:
        """Everybody who was chosen, with their part in it."""
        chosen = self.cleaned_data
        return [(party, role) for role in ROLES for party in chosen[role.value]]

    def refuse(self, error: RecordError) -> None:
        """Show what the record refuses beside its field."""
        show_error(self, error, names=self.field_names)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is always asked for."""
        return [self[name] for name in self.fields if name not in self.more]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What is seldom changed."""
        return [self[name] for name in self.more]

    @property
    def more_is_open(self) -> bool:
        """Whether something is wrong among what is seldom changed."""
        return any(name in self.errors for name in self.more)
