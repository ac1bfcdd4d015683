"""Save the page of a commitment: its fields and parts, each through its action, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.forms import BaseInlineFormSet, ModelForm

from commitments.actions.citations import cite_source, remove_citation
from commitments.actions.commitments import CORRECTABLE, correct_commitment, record_commitment
from commitments.actions.targets import set_target
from commitments.admin.record_admin import refusing
from commitments.enums import PartyRole, Status
from commitments.forms.windows import read_when
from commitments.models import Citation, Commitment, Involvement, Party, Target, User

if TYPE_CHECKING:
    Formset = BaseInlineFormSet[Any, Commitment, Any]


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """All that was filled in, already checked field by field."""

    form: ModelForm[Commitment]
    formsets: Sequence[Formset]

    def record(self, *, actor: User, now: datetime) -> Commitment:
        """Record a new commitment with its parts."""
        values = self.form.cleaned_data
        with refusing():
            window = read_when(
                values["when"], said_on=self.said_on(), hemisphere=values["hemisphere"]
            )
            commitment = record_commitment(
                commitment=self.form.instance,
                window=window,
                parties=self.parties(),
                topics=values["topics"],
                first_status=Status(values["first_status"]),
                actor=actor,
                now=now,
            )
        self._save_parts(actor=actor, now=now)
        return commitment

    def correct(self, *, actor: User, now: datetime) -> Commitment:
        """Correct the commitment and its parts.

        Raises what `correct_commitment` raises, and Refusal for the parts.
        """
        values = self.form.cleaned_data
        commitment = correct_commitment(
            commitment=self.form.instance,
            fields={name: values[name] for name in sorted(CORRECTABLE & set(values))},
            parties=self.parties(),
            topics=values["topics"],
            expected_revision=values["expected_revision"],
            actor=actor,
            now=now,
        )
        self._save_parts(actor=actor, now=now)
        return commitment

    def said_on(self) -> date | None:
        """The day of the first source that is cited, which "next year" counts from."""
        for part in self._of(Citation):
            source = part.cleaned_data.get("source")
            if source is not None:
                day: date = source.date
                return day
        return None

    def parties(self) -> list[tuple[Party, PartyRole]]:
        """The whole list: the rows of the page, and rows that somebody else has added since."""
        listed = self._of(Involvement)
        seen = [part.instance.pk for part in self._forms(Involvement)]
        rows = [
            (part.cleaned_data["party"], PartyRole(part.cleaned_data["role"])) for part in listed
        ]
        if self.form.instance.pk:
            others = self.form.instance.involvements.exclude(pk__in=[pk for pk in seen if pk])
            rows += [(one.party, PartyRole(one.role)) for one in others.select_related("party")]
        return rows

    def _save_parts(self, *, actor: User, now: datetime) -> None:
        for formset in self.formsets:
            formset.save(commit=False)  # writes nothing: it only puts the values into the records
        for part in self._forms(Citation):
            if _is_taken_away(part) and part.instance.pk:
                with refusing():
                    remove_citation(citation=part.instance, actor=actor, now=now)
        for part in self._of(Citation):
            if part.has_changed():
                with refusing(part.prefix):
                    cite_source(citation=part.instance, actor=actor, now=now)
        for part in self._of(Target):
            if part.has_changed():
                with refusing(part.prefix):
                    set_target(target=part.instance, actor=actor, now=now)

    def _forms(self, model: type[Any]) -> Iterable[ModelForm[Any]]:
        return [
            part for formset in self.formsets if formset.model is model for part in formset.forms
        ]

    def _of(self, model: type[Any]) -> list[ModelForm[Any]]:
        """The forms that hold something: neither empty nor taken away."""
        return [
            part
            for part in self._forms(model)
            if not _is_taken_away(part) and (part.instance.pk or part.has_changed())
        ]


def _is_taken_away(part: ModelForm[Any]) -> bool:
    return bool(part.cleaned_data.get("DELETE"))
