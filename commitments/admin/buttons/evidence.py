"""Looked for evidence, and report a value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.citations import note_evidence_search
from commitments.actions.targets import report_value
from commitments.admin.buttons.of_commitments import CommitmentButton
from commitments.forms.moves import EvidenceSearchForm, ReportValueForm
from commitments.forms.windows import read_when
from commitments.models import Commitment, Target, User
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
