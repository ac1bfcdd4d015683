"""Decide on a proposed verdict: approve, reject, take back."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.status import approve_proposal, reject_proposal, take_back_proposal
from commitments.admin.buttons.base import Button
from commitments.admin.buttons.of_commitments import demand_seen
from commitments.enums import ProposalState
from commitments.forms.moves import MoveForm, ReasonForm
from commitments.models import StatusProposal, User
from commitments.roles import APPROVE, CHANGE


class ProposalButton(Button[StatusProposal]):
    """A decision on a proposal that waits."""

    form_class: ClassVar[type[MoveForm]] = MoveForm

    def form(self, record: StatusProposal, request: HttpRequest) -> forms.Form:
        """The form of the class, bound where the request is a POST."""
        data = request.POST if request.method == "POST" else None
        return self.form_class(data, commitment=record.commitment)


class Approve(ProposalButton):
    """Agree, as another person than the proposer."""

    name = "approve"
    label = gettext_lazy("Approve")
    icon = "check_circle"
    is_main = True
    permission = APPROVE
    explanation = gettext_lazy("The status changes at once, for everybody to see.")

    def is_offered(self, record: StatusProposal, user: User) -> bool:
        """Nobody approves their own proposal."""
        return record.state == ProposalState.WAITING and record.actor != user

    def press(self, record: StatusProposal, form: forms.Form, *, user: User, now: datetime) -> str:
        """Approve what the approver has read."""
        demand_seen(record.commitment, form)
        approve_proposal(proposal=record, approver=user, now=now)
        return _("Approved: the status is “%(status)s” now.") % {
            "status": record.get_to_status_display()
        }


class Reject(ProposalButton):
    """Say no, with the reason for the proposer."""

    name = "reject"
    label = gettext_lazy("Reject")
    icon = "cancel"
    permission = APPROVE
    form_class = ReasonForm
    explanation = gettext_lazy("Nothing changes in the record; the proposer reads your reason.")

    def is_offered(self, record: StatusProposal, user: User) -> bool:
        """A proposer takes back instead."""
        return record.state == ProposalState.WAITING and record.actor != user

    def press(self, record: StatusProposal, form: forms.Form, *, user: User, now: datetime) -> str:
        """Reject it."""
        reason = form.cleaned_data["reason"]
        reject_proposal(proposal=record, approver=user, now=now, reason=reason)
        return _("Rejected.")


class TakeBack(ProposalButton):
    """The proposer changes their mind."""

    name = "take-back"
    label = gettext_lazy("Take back")
    icon = "undo"
    permission = CHANGE

    def is_offered(self, record: StatusProposal, user: User) -> bool:
        """Only its proposer can."""
        return record.state == ProposalState.WAITING and record.actor == user

    def press(self, record: StatusProposal, form: forms.Form, *, user: User, now: datetime) -> str:
        """Take it back."""
        take_back_proposal(proposal=record, actor=user, now=now)
        return _("Taken back.")
