"""Looked for evidence, report a value, remove a target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.citations import note_evidence_search
from commitments.actions.targets import remove_target, report_value, why_target_stays
from commitments.admin.buttons.of_commitments import CommitmentButton
from commitments.forms.moves import EvidenceSearchForm, ReasonForm, ReportValueForm
from commitments.forms.windows import read_when
from commitments.models import Commitment, Target, TargetValue, User
from commitments.roles import CHANGE
from commitments.time_zones import day_at


class LookedForEvidence(CommitmentButton):
    """An editor looked, whatever was found."""

    name = "evidence"
    label = gettext_lazy("Looked for evidence")
    icon = "travel_explore"
    permission = CHANGE
    form_class = EvidenceSearchForm
    explanation = gettext_lazy(
        "“None found as of a day” is an honest state. What you have found is cited on the page "
        "of the commitment."
    )

    def form_options(self, record: Commitment) -> dict[str, Any]:
        """Today at its place."""
        return {"initial": {"day": day_at(record.time_zone, timezone.now())}}

    def act(
        self, record: Commitment, form: EvidenceSearchForm, *, user: User, now: datetime
    ) -> str:
        """Note it."""
        values = form.cleaned_data
        note_evidence_search(
            commitment=record, day=values["day"], reason=values["reason"], actor=user, now=now
        )
        return _("Noted.")


class ReportValue(CommitmentButton):
    """A source reports a value for the target."""

    name = "value"
    label = gettext_lazy("Report a value")
    icon = "monitoring"
    permission = CHANGE
    form_class = ReportValueForm
    explanation = gettext_lazy("A value never changes the status by itself.")

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Only what has a target is measured."""
        return Target.objects.filter(commitment=record).exists()

    def act(self, record: Commitment, form: ReportValueForm, *, user: User, now: datetime) -> str:
        """Add it."""
        values = form.cleaned_data
        target = Target.objects.get(commitment=record)
        source = values["source"]
        period = read_when(
            values["period"], said_on=source.date, hemisphere=record.hemisphere, field="period"
        )
        report_value(
            target=target,
            value=values["value"],
            period=period,
            source=source,
            locator=values["locator"],
            actor=user,
            now=now,
        )
        return _("Recorded.")


class RemoveTarget(CommitmentButton):
    """What it is measured by was set by mistake."""

    name = "remove-target"
    label = gettext_lazy("Remove the target")
    icon = "playlist_remove"
    permission = CHANGE
    is_grave = True
    form_class = ReasonForm
    explanation = gettext_lazy(
        "The history keeps it. Another target can be set on the page of the commitment afterwards; "
        "a wrong figure is corrected there, without removing anything."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Only where there is one."""
        return Target.objects.filter(commitment=record).exists()

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What stands in the way, or what it takes."""
        if TargetValue.objects.filter(target__commitment=record).exists():
            return (why_target_stays(),)
        return (gettext_lazy("Why it has no such target."),)

    def act(self, record: Commitment, form: ReasonForm, *, user: User, now: datetime) -> str:
        """Remove it."""
        reason = form.cleaned_data["reason"]
        remove_target(commitment=record, actor=user, now=now, reason=reason)
        return _("Removed; the history keeps it.")
