"""Move the date, or let it count from something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.dates import anchor_date, move_date
from commitments.admin.buttons.of_commitments import CommitmentButton, chosen_citations
from commitments.enums import AnchorUnit
from commitments.forms.links import AnchorDateForm
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


class AnchorDate(CommitmentButton):
    """Nobody has named a day, but what it counts from."""

    name = "anchor"
    label = gettext_lazy("Count from an event")
    icon = "anchor"
    permission = CHANGE
    form_class = AnchorDateForm
    explanation = gettext_lazy(
        "“Within 40 days of the signing”: the date follows from what it counts from, and moves "
        "with it by itself. Whoever moves it to a date of its own lets go of it."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """After the verdict no date moves."""
        return record.is_open

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What it takes, and what it counts from so far."""
        needed: list[str | Promise] = [
            gettext_lazy("A commitment or a source that it counts from, and the distance.")
        ]
        so_far = record.anchor_commitment or record.anchor_source
        if so_far is not None:
            needed.append(_("So far it counts from “%(anchor)s”.") % {"anchor": so_far})
        return needed

    def act(self, record: Commitment, form: AnchorDateForm, *, user: User, now: datetime) -> str:
        """Tie it to its anchor."""
        values = form.cleaned_data
        anchored = anchor_date(
            commitment=record,
            anchor=form.anchor(),
            amount=values["anchor_amount"],
            unit=AnchorUnit(values["anchor_unit"]),
            wording=values["wording"],
            actor=user,
            now=now,
        )
        return understood(anchored.window_value, time_zone=anchored.time_zone)
