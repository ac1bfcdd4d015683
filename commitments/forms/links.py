"""The small forms behind the buttons that tie commitments together, or one to an event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from commitments.enums import AnchorUnit, Kind
from commitments.forms.moves import MoveForm, ReasonForm, choose_among_many
from commitments.forms.theme import DateInput, NumberInput, Select, TextInput
from commitments.forms.windows import WhenField
from commitments.models import Commitment, Source

MOST_PARTS: Final = 4
_RULES: Final = (
    ("FREQ=YEARLY", _("every year")),
    ("FREQ=MONTHLY;INTERVAL=6", _("every half year")),
    ("FREQ=MONTHLY;INTERVAL=3", _("every three months")),
    ("FREQ=MONTHLY", _("every month")),
    ("FREQ=WEEKLY", _("every week")),
)


class AnchorDateForm(MoveForm):
    """What the date counts from, and how far it is away."""

    anchor_amount = forms.IntegerField(
        label=_("How many"), min_value=0, max_value=10_000, widget=NumberInput
    )
    anchor_unit = forms.ChoiceField(
        label=_("Of what"), choices=AnchorUnit.choices, widget=Select, initial=AnchorUnit.DAY
    )
    anchor_commitment = forms.ModelChoiceField(
        label=_("After this commitment is done"),
        queryset=Commitment.objects.all(),
        required=False,
        help_text=_("Its date; once it is delivered, the day of its delivery."),
    )
    anchor_source = forms.ModelChoiceField(
        label=_("Or after the day of this source"),
        queryset=Source.objects.all(),
        required=False,
        help_text=_("The agreement that was signed on that day, say."),
    )
    wording = forms.CharField(
        label=_("Words of the source"),
        widget=TextInput,
        required=False,
        max_length=300,
        help_text=_("As “within 40 days of the signing”."),
    )

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: value
            for name in ("anchor_amount", "anchor_unit", "anchor_commitment", "anchor_source")
            if (value := getattr(commitment, name)) not in (None, "")
        }
        super().__init__(*args, commitment=commitment, **kwargs)
        choose_among_many(self, "anchor_commitment", Commitment, "anchor_commitment")
        choose_among_many(self, "anchor_source", Commitment, "anchor_source")

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        values = super().clean() or self.cleaned_data
        if bool(values.get("anchor_commitment")) == bool(values.get("anchor_source")):
            sentence = _t("Choose what it counts from: a commitment or a source, one of them.")
            self.add_error("anchor_commitment", sentence)
        return values

    def anchor(self) -> Commitment | Source:
        """The one that was chosen."""
        chosen: Commitment | Source = (
            self.cleaned_data["anchor_commitment"] or self.cleaned_data["anchor_source"]
        )
        return chosen


class MergeForm(ReasonForm):
    """Which of the two stays."""

    field_names: ClassVar[dict[str, str]] = {"duplicate_of": "kept"}

    kept = forms.ModelChoiceField(
        label=_("The one that stays"), queryset=Commitment.objects.all(), required=True
    )

    field_order = ("kept", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among_many(self, "kept", Commitment, "duplicate_of")


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A part as it was written down; `when_field` is where its date words stand."""

    title: str
    kind: Kind
    when: str
    when_field: str


class SplitForm(ReasonForm):
    """The parts, each with its title, kind and date; rows that are left empty count for nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            self._add_row(number)
        for field in self.fields.values():
            if isinstance(field, WhenField):
                field.widget.attrs["data-commitment"] = str(kwargs["commitment"].pk)
        self.order_fields([name for name in self.fields if name != "reason"])

    def _add_row(self, number: int) -> None:
        told = {"number": number}
        self.fields[f"title_{number}"] = forms.CharField(
            label=_t("Part %(number)d") % told, widget=TextInput, max_length=300, required=False
        )
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_t("Kind of part %(number)d") % told,
            choices=[pair for pair in Kind.choices if pair[0] != Kind.PROGRAMME],
            widget=Select,
            required=False,
            initial=Kind.MILESTONE,
        )
        self.fields[f"when_{number}"] = WhenField(label=_t("When, part %(number)d") % told)

    def clean(self) -> dict[str, Any]:
        """A date without a title belongs to nothing."""
        values = super().clean() or self.cleaned_data
        for number in range(1, MOST_PARTS + 1):
            if values.get(f"when_{number}") and not values.get(f"title_{number}"):
                self.add_error(f"title_{number}", ValidationError(_t("Give this part a title.")))
        return values

    def parts(self) -> Iterator[WrittenPart]:
        """The rows that were filled in."""
        values = self.cleaned_data
        for number in range(1, MOST_PARTS + 1):
            if title := values[f"title_{number}"]:
                kind = Kind(values[f"kind_{number}"] or Kind.MILESTONE)
                when = f"when_{number}"
                yield WrittenPart(title, kind, values[when], when)


class OccurrencesForm(MoveForm):
    """How often, and from when to when."""

    rule = forms.ChoiceField(label=_("How often"), choices=_RULES, widget=Select)
    own_rule = forms.CharField(
        label=_("Or a rule as in a calendar"),
        widget=TextInput,
        required=False,
        max_length=200,
        help_text=_("As FREQ=YEARLY;BYMONTH=5, or FREQ=MONTHLY;BYMONTHDAY=1."),
    )
    first = forms.DateField(label=_("From"), widget=DateInput)
    last = forms.DateField(label=_("Until"), widget=DateInput)

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        kwargs["initial"] = {"first": commitment.earliest, "last": commitment.latest}
        super().__init__(*args, commitment=commitment, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", _t("Choose an end that is not before the beginning."))
        return values

    def chosen_rule(self) -> tuple[str, str]:
        """The rule, and the field in which it stands."""
        own: str = self.cleaned_data["own_rule"]
        return (own, "own_rule") if own else (self.cleaned_data["rule"], "rule")
