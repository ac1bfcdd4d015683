"""Merge what is the same, split what is two things, add what recurs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.actions.links import Part, merge_commitments, split_commitment
from commitments.actions.recurrence import add_occurrences
from commitments.admin.buttons.of_commitments import CommitmentButton
from commitments.enums import Kind, Publication
from commitments.exceptions import InvalidInput
from commitments.forms.links import MergeForm, OccurrencesForm, SplitForm
from commitments.forms.windows import read_when
from commitments.models import Commitment, User
from commitments.roles import CHANGE, PUBLISH, may


class Merge(CommitmentButton):
    """This one is the same as another."""

    name = "merge"
    label = gettext_lazy("Merge into another")
    icon = "merge"
    permission = PUBLISH
    is_grave = True
    form_class = MergeForm
    explanation = gettext_lazy(
        "This commitment is taken out of every list, and its address leads to the one that stays, "
        "for ever. What it cites is cited there too. Its history stays."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Once."""
        return record.duplicate_of_id is None

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What it takes."""
        return (
            gettext_lazy("The one that stays: it has not been taken back."),
            gettext_lazy("Why they are the same."),
        )

    def act(self, record: Commitment, form: MergeForm, *, user: User, now: datetime) -> str:
        """Merge it."""
        values = form.cleaned_data
        if not values["reason"].strip():
            raise InvalidInput(_("Say why they are the same."), field="reason")
        kept = merge_commitments(
            duplicate=record, kept=values["kept"], actor=user, now=now, reason=values["reason"]
        )
        return _("Merged into “%(kept)s”.") % {"kept": kept}


class Split(CommitmentButton):
    """Two promises were entered as one."""

    name = "split"
    label = gettext_lazy("Split")
    icon = "call_split"
    permission = PUBLISH
    form_class = SplitForm
    explanation = gettext_lazy(
        "The parts become milestones of this commitment, which becomes their programme. Each has "
        "its parties, topics, place and citations, and is published if it is."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """What is still open and was not taken back."""
        return record.is_open and record.publication != Publication.RETRACTED

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What it takes."""
        return (
            gettext_lazy("At least two parts, each with a title."),
            gettext_lazy("Why it is more than one."),
        )

    def act(self, record: Commitment, form: SplitForm, *, user: User, now: datetime) -> str:
        """Split it."""
        said_on = _said_on(record)
        parts = [
            Part(
                title=written.title,
                kind=written.kind,
                window=read_when(
                    written.when,
                    said_on=said_on,
                    hemisphere=record.hemisphere,
                    field=written.when_field,
                ),
            )
            for written in form.parts()
        ]
        if len(parts) < 2:  # one part is no split
            raise InvalidInput(_("Name at least two parts."), field=f"title_{len(parts) + 1}")
        reason = form.cleaned_data["reason"]
        if not reason.strip():
            raise InvalidInput(_("Say why it is more than one."), field="reason")
        made = split_commitment(commitment=record, parts=parts, actor=user, now=now, reason=reason)
        return _("Split into %(count)d parts.") % {"count": len(made)}


class AddOccurrences(CommitmentButton):
    """A programme that comes round again: each time is a milestone."""

    name = "occurrences"
    label = gettext_lazy("Add occurrences")
    icon = "repeat"
    permission = CHANGE
    form_class = OccurrencesForm
    explanation = gettext_lazy(
        "“Consultations every year”: each occurrence becomes a milestone of this programme, with "
        "its parties, topics, place and citations, and is published if it is. What is there "
        "already stays, so it can be done again with a later end."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Only a programme has parts; what is public gains public parts from an approver."""
        is_programme = record.kind == Kind.PROGRAMME
        is_there = record.publication != Publication.RETRACTED
        return is_programme and is_there and (not record.published_at or may(user, PUBLISH))

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """Said for whoever finds the address by themselves."""
        if record.kind != Kind.PROGRAMME:
            return (gettext_lazy("A programme: correct the kind first."),)
        return ()

    def act(self, record: Commitment, form: OccurrencesForm, *, user: User, now: datetime) -> str:
        """Add them."""
        values = form.cleaned_data
        rule, field = form.chosen_rule()
        try:
            made = add_occurrences(
                programme=record,
                rule=rule,
                first=values["first"],
                last=values["last"],
                actor=user,
                now=now,
            )
        except InvalidInput as error:
            if error.field != "rule":
                raise
            raise InvalidInput(error.message, field=field) from error
        if not made:
            return _("All of them are on record already.")
        sentence = ngettext(
            "%(count)d occurrence was added.", "%(count)d occurrences were added.", len(made)
        )
        return sentence % {"count": len(made)}


def _said_on(commitment: Commitment) -> date | None:
    """The day of the first source that it cites, which "next year" counts from."""
    first = commitment.citations.select_related("source").order_by("pk").first()
    return first.source.date if first else None
