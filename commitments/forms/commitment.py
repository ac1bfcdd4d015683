"""The forms of a commitment: one to record it, one to correct it, and one for each of its parts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from commitments.enums import Status
from commitments.forms.records import TranslatedForm
from commitments.forms.refusals import RefusableForm
from commitments.forms.theme import SearchableSelect, Select
from commitments.forms.translations import TranslationsField
from commitments.forms.windows import WhenField
from commitments.models import Citation, Commitment, Involvement, Target
from commitments.time_zones import known_time_zones
from commitments.transitions import FIRST_STATUSES


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(known_time_zones())]


class CommitmentForm(TranslatedForm[Commitment]):
    """To correct what was entered; status, date and publication move by buttons instead.

    `expected_revision` is the revision that the editor has read: the lock of two editors.
    """

    expected_revision = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=Select,
        help_text=_("The language in which you write title and summary."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(_time_zones, list),
        widget=SearchableSelect,
        help_text=_("Of its place: there the day ends that decides what is overdue."),
    )
    translations = TranslationsField(
        Commitment,
        ("title", "summary", "note", "place"),
        label=_("Translations"),
        also=(Target, ("measure", "unit")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("expected_revision", self.instance.revision)
        self._offer_the_language_it_has()

    def _offer_the_language_it_has(self) -> None:
        """A record from a file may be in another language: saving must not change that."""
        field, language = self.fields["language"], self.instance.language
        if isinstance(field, forms.ChoiceField) and language not in dict(settings.LANGUAGES):
            field.choices = [*settings.LANGUAGES, (language, language)]


class NewCommitmentForm(CommitmentForm):
    """To record a commitment, with its date and the status that the source reports."""

    field_names: ClassVar[dict[str, str]] = {"window": "when", "status": "first_status"}

    expected_revision = None  # type: ignore[assignment]  # Django's way to leave a field out
    when = WhenField(
        label=_("When"),
        help_text=_(
            "As “spring 2025”, “next year”, or EDTF as 2026-04; relative words count from the "
            "date of the first source cited below. Empty if no date was given."
        ),
    )
    first_status = forms.ChoiceField(
        label=_("Status"),
        choices=[(one.value, one.label) for one in Status if one in FIRST_STATUSES],
        initial=Status.ANNOUNCED,
        widget=Select,
        help_text=_("As the source reports it on its own day; later it moves by a button."),
    )


class CitationForm(RefusableForm[Citation]):
    """A quote from a source."""


class InvolvementForm(RefusableForm[Involvement]):
    """A party's part in it."""


class TargetForm(RefusableForm[Target]):
    """What it is measured by."""
