"""Move the date."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from commitments.actions.dates import move_date
from commitments.admin.buttons.of_commitments import CommitmentButton, chosen_citations
from commitments.forms.moves import MoveDateForm
from commitments.forms.windows import read_when, understood
from commitments.models import Commitment, User
from commitments.roles import CHANGE


class MoveDate(CommitmentButton):
    """The promised time was moved, or we had entered it wrongly."""

    name = "date"
    label = gettext_lazy("Move the date")
    icon = "event_repeat"
    permission = CHANGE
    form_class = MoveDateForm
    explanation = gettext_lazy(
        "The old date stays in the history, and subscribers are told. A move was said by "
        "somebody: choose or add its source."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """After the verdict no date moves."""
        return record.is_open

    def act(self, record: Commitment, form: MoveDateForm, *, user: User, now: datetime) -> str:
        """Move it."""
        values = form.cleaned_data
        said_on, hemisphere = form.said_on(), record.hemisphere
        window = read_when(values["window"], said_on=said_on, hemisphere=hemisphere)
        effective = read_when(
            values["effective"], said_on=said_on, hemisphere=hemisphere, field="effective"
        )
        move = move_date(
            commitment=record,
            window=window,
            wording=values["wording"],
            effective=effective,
            reason=values["reason"],
            citations=chosen_citations(form, user=user, now=now),
            is_correction=values["is_correction"],
            actor=user,
            now=now,
        )
        read_back = understood(window, time_zone=record.time_zone)
        return f"{capfirst(move.get_kind_display())}. {read_back}"
