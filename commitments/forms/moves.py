"""The small forms behind the buttons: exactly what one action needs.

No field is required here by itself where the record knows better what is missing, and says it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commitments.enums import CitationRole, Evidence, ReasonCode
from commitments.evidence import evidence_of
from commitments.forms.theme import (
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    ModelMultipleChoiceField,
    NumberInput,
    Select,
    Textarea,
    TextInput,
)
from commitments.forms.windows import WhenField
from commitments.models import Citation, Commitment, Source, StatusChange, TargetValue
from commitments.transitions import Need, Transition


def choose_among_many(form: forms.Form, name: str, model: type[Model], column: str) -> None:
    """Let the field `name` ask the server while one types, as the column of `model` would."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.widget = AutocompleteSelect(model._meta.get_field(column), admin.site)  # noqa: SLF001
        field.widget.choices = field.choices
        field.widget.is_required = field.required


class MoveForm(forms.Form):
    """`expected_revision` is what the editor has read; `field_names` as in `RefusableForm`."""

    field_names: ClassVar[dict[str, str]] = {}

    expected_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "expected_revision": commitment.revision,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, WhenField):  # it is read for the place of this commitment
                field.widget.attrs["data-commitment"] = str(commitment.pk)


class CitationChoiceField(ModelMultipleChoiceField):
    """The citations of the commitment, each with what it shows."""

    def label_from_instance(self, obj: Citation) -> str:
        """Source, day, place in it, what it does and how much it shows."""
        place = f", {obj.locator}" if obj.locator else ""
        day = date_format(obj.source.date)
        shown = evidence_of(obj)
        shows = "" if shown == Evidence.NONE else f", {shown.label}"
        return f"{obj.source.title} ({day}){place} — {obj.get_role_display()}{shows}"


class CitingForm(MoveForm):
    """A move that rests on citations: those there are, and one that is added with it."""

    field_names: ClassVar[dict[str, str]] = {
        "source": "new_source",
        "role": "new_role",
        "quote": "new_quote",
        "locator": "new_locator",
    }

    citations = CitationChoiceField(
        label=_("Rests on"),
        queryset=Citation.objects.none(),
        widget=CheckboxSelectMultiple,
        required=False,
    )
    new_source = forms.ModelChoiceField(
        label=_("Or cite another source"), queryset=Source.objects.all(), required=False
    )
    new_role = forms.ChoiceField(
        label=_("What it does"),
        choices=CitationRole.choices,
        widget=Select,
        required=False,
        initial=CitationRole.REPORTS,
    )
    new_quote = forms.CharField(
        label=_("Quote"), widget=Textarea(attrs={"rows": 3}), required=False, max_length=5000
    )
    new_locator = forms.CharField(
        label=_("Place in the source"), widget=TextInput, required=False, max_length=100
    )

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, commitment=commitment, **kwargs)
        self.commitment = commitment
        chosen = self.fields["citations"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = commitment.citations.select_related("source")
        choose_among_many(self, "new_source", Citation, "source")

    def new_citation(self) -> Citation | None:
        """The citation to be added, unsaved; None where no source was chosen."""
        values = self.cleaned_data
        if values.get("new_source") is None:
            return None
        return Citation(
            commitment=self.commitment,
            source=values["new_source"],
            role=values["new_role"] or CitationRole.REPORTS,
            quote=values["new_quote"],
            locator=values["new_locator"],
        )

    def said_on(self) -> date | None:
        """The day of the newest source that the move rests on; relative words count from it."""
        sources = [citation.source for citation in self.cleaned_data["citations"]]
        if self.cleaned_data.get("new_source"):
            sources.append(self.cleaned_data["new_source"])
        return max((source.date for source in sources), default=None)


_CITING: Final = ("citations", "new_source", "new_role", "new_quote", "new_locator")
FIELDS_OF_NEED: Final[dict[Need, tuple[str, ...]]] = {
    Need.EVIDENCE: _CITING,
    Need.NEWER_EVIDENCE: _CITING,
    Need.DOCUMENTED_EVIDENCE: _CITING,
    Need.NEW_EVIDENCE: _CITING,
    Need.REASON: ("reason",),
    Need.REASON_CODE: ("reason_code",),
    Need.MISSING_PART: ("missing",),
    Need.PASSED_OR_REFUSED: ("explicit_refusal", *_CITING),
    Need.WITHDRAWAL_SOURCE: _CITING,
    Need.SUCCESSOR: ("successor",),
    Need.EFFECTIVE: ("effective",),
}
_ALWAYS: Final = ("expected_revision", "effective", "reason")


class StatusForm(CitingForm):
    """What a move of the status needs, and nothing else: `row` of the table decides."""

    effective = WhenField(
        label=_("Since when"),
        help_text=_("When it came about in the world, as “March 2025” or 2025-03-14, if known."),
        past=True,
    )
    reason_code = forms.ChoiceField(
        label=_("Kind of reason"),
        choices=[("", _("Choose")), *ReasonCode.choices],
        widget=Select,
        required=False,
    )
    missing = forms.CharField(
        label=_("What is missing"),
        widget=Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    explicit_refusal = forms.BooleanField(
        label=_("The party itself said that it will not be done"),
        widget=CheckboxInput,
        required=False,
    )
    successor = forms.ModelChoiceField(
        label=_("Replaced by"), queryset=Commitment.objects.all(), required=False
    )
    reason = forms.CharField(
        label=_("Reason"), widget=Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )

    field_order = (
        "effective",
        "explicit_refusal",
        "reason_code",
        "missing",
        "successor",
        "reason",
        *_CITING,
    )

    def __init__(self, *args: Any, commitment: Commitment, row: Transition, **kwargs: Any) -> None:
        super().__init__(*args, commitment=commitment, **kwargs)
        needed = {name for need in row.needs for name in FIELDS_OF_NEED[need]}
        for name in set(self.fields) - needed - set(_ALWAYS):
            del self.fields[name]
        if "successor" in self.fields:
            choose_among_many(self, "successor", StatusChange, "successor")

    def said_on(self) -> date | None:
        """Without citations on the page there is nothing to count from."""
        return super().said_on() if "citations" in self.fields else None


class MoveDateForm(CitingForm):
    """A new date, who said so, or why ours was wrong."""

    window = WhenField(label=_("New date"))
    wording = forms.CharField(
        label=_("Words of the source"), widget=TextInput, required=False, max_length=300
    )
    effective = WhenField(label=_("Said when"), help_text=_("The day on which the move was said."))
    is_correction = forms.BooleanField(
        label=_("We had entered it wrongly"),
        help_text=_("Then nobody has moved anything: it counts as no slip, and needs a reason."),
        widget=CheckboxInput,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), widget=Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )

    field_order = (
        "window",
        "wording",
        "effective",
        *_CITING,
        "is_correction",
        "reason",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_role"].initial = CitationRole.MOVES


class ReasonForm(MoveForm):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), widget=Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )


class EvidenceSearchForm(ReasonForm):
    """On which day an editor looked, and what was found."""

    day = forms.DateField(label=_("Looked for on"), widget=DateInput)

    field_order = ("day", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("What was found")


class ReportValueForm(MoveForm):
    """A value of the target, the time that it is for, and where it stands."""

    value = forms.DecimalField(
        label=_("Value"), max_digits=24, decimal_places=4, widget=NumberInput
    )
    period = WhenField(label=_("Period"), help_text=_("As 2025, 2025-03 or “first half of 2025”."))
    source = forms.ModelChoiceField(label=_("Source"), queryset=Source.objects.all())
    locator = forms.CharField(
        label=_("Place in the source"), widget=TextInput, required=False, max_length=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among_many(self, "source", TargetValue, "source")
