"""Change the status, or propose a verdict: a button for each move that the table has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.status import StatusMove, change_status, check_move, propose_status
from commitments.admin.buttons.of_commitments import CommitmentButton, chosen_citations
from commitments.enums import ReasonCode, Status
from commitments.exceptions import InvalidInput
from commitments.forms.moves import StatusForm
from commitments.forms.windows import read_when
from commitments.models import Commitment, User
from commitments.roles import APPROVE, CHANGE, may
from commitments.transitions import Transition, find_transition, sentence_of, transitions_from


class ChangeStatus(CommitmentButton):
    """Move to one status; a verdict is proposed, and another person approves it."""

    icon = "flag"
    permission = CHANGE
    form_class = StatusForm

    def __init__(self, to_status: Status) -> None:
        self.to_status = to_status
        self.name = f"status-{to_status.value}"
        self.label = format_lazy("{}: {}", gettext_lazy("Status"), to_status.label)

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Where the table has the move, for whoever may make it."""
        row = find_transition(Status(record.status), self.to_status)
        return row is not None and may(user, row.by)

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """The sentences of the row's needs."""
        return needs_in_words(self._row(record))

    def submit_label(self, record: Commitment) -> str | Promise:
        """A verdict is proposed; what needs no second person is changed."""
        if waits_for_a_second_person(self._row(record)):
            return gettext_lazy("Propose")
        return gettext_lazy("Change the status")

    def form_options(self, record: Commitment) -> dict[str, Any]:
        """The row decides about the fields."""
        return {"row": self._row(record)}

    def act(self, record: Commitment, form: StatusForm, *, user: User, now: datetime) -> str:
        """Make the move, or propose it where a second person has to agree."""
        move = self._move(record, form, user=user, now=now)
        row, unmet = check_move(commitment=record, move=move, now=now)
        if unmet:
            errors = {need.field: [str(need.sentence)] for need in unmet}
            raise InvalidInput(
                str(unmet[0].sentence), field=unmet[0].field, code=unmet[0].code, errors=errors
            )
        if waits_for_a_second_person(row):
            propose_status(commitment=record, move=move, actor=user, now=now)
            return _("Proposed: another person decides on it.")
        change_status(commitment=record, move=move, actor=user, now=now)
        return _("The status is “%(status)s” now.") % {"status": self.to_status.label}

    def _row(self, record: Commitment) -> Transition:
        row = find_transition(Status(record.status), self.to_status)
        # A page that stood open while the status moved on: the action says that it is too late.
        return row or Transition(frozenset(), self.to_status, ())

    def _move(
        self, record: Commitment, form: StatusForm, *, user: User, now: datetime
    ) -> StatusMove:
        values = form.cleaned_data
        effective = read_when(
            values["effective"],
            said_on=form.said_on(),
            hemisphere=record.hemisphere,
            field="effective",
            past=True,
        )
        code = values.get("reason_code")
        return StatusMove(
            to_status=self.to_status,
            effective=effective,
            reason=values["reason"],
            reason_code=ReasonCode(code) if code else None,
            missing=values.get("missing", ""),
            explicit_refusal=values.get("explicit_refusal", False),
            successor=values.get("successor"),
            citations=chosen_citations(form, user=user, now=now),
        )


def waits_for_a_second_person(row: Transition) -> bool:
    """Whether the move is proposed only; a desk of one can switch that off."""
    return row.second_person and bool(settings.REQUIRE_SECOND_PERSON)


def needs_in_words(row: Transition) -> list[str | Promise]:
    """What a move asks for, who has to agree included."""
    sentences = [sentence_of(need) for need in row.needs]
    if waits_for_a_second_person(row):
        sentences.append(gettext_lazy("Another person has to agree."))
    return sentences


CHANGE_STATUS = {status: ChangeStatus(status) for status in Status}


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """A move on the page where one chooses: its button, its needs, and who makes it."""

    button: ChangeStatus
    needs: list[str | Promise]
    is_proposed: bool
    is_for_approvers: bool


def status_choices(commitment: Commitment, user: User) -> list[StatusChoice]:
    """The moves on from the present status that `user` may make, as the table has them."""
    return [
        StatusChoice(
            button=CHANGE_STATUS[row.to_status],
            needs=needs_in_words(row),
            is_proposed=waits_for_a_second_person(row),
            is_for_approvers=row.by == APPROVE,
        )
        for row in transitions_from(Status(commitment.status))
        if may(user, row.by)
    ]
