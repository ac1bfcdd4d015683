"""Send to review and back, publish, retract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    return_to_draft,
    submit_for_review,
)
from commitments.admin.buttons.of_commitments import CommitmentButton
from commitments.enums import Publication
from commitments.forms.moves import MoveForm, ReasonForm
from commitments.models import Commitment, User
from commitments.roles import CHANGE, PUBLISH, may


class SendToReview(CommitmentButton):
    """Hand a draft to an approver."""

    name = "review"
    label = gettext_lazy("Send to review")
    icon = "rate_review"
    permission = CHANGE
    explanation = gettext_lazy("An approver finds it in the queue “in review” and publishes it.")

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Only a draft is sent."""
        return record.publication == Publication.DRAFT

    def act(self, record: Commitment, form: MoveForm, *, user: User, now: datetime) -> str:
        """Send it."""
        submit_for_review(commitment=record, actor=user, now=now)
        return _("Sent to review.")


class ReturnToDraft(CommitmentButton):
    """There is still something to be done before it can be published."""

    name = "to-draft"
    label = gettext_lazy("Back to draft")
    icon = "assignment_return"
    permission = CHANGE
    form_class = ReasonForm
    explanation = gettext_lazy("It leaves the queue “in review”; its editors read your reason.")

    def is_offered(self, record: Commitment, user: User) -> bool:
        """Only what is in review comes back."""
        return record.publication == Publication.IN_REVIEW

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What it takes."""
        return (gettext_lazy("What is still to be done."),)

    def act(self, record: Commitment, form: ReasonForm, *, user: User, now: datetime) -> str:
        """Take it out of the review."""
        reason = form.cleaned_data["reason"]
        return_to_draft(commitment=record, actor=user, now=now, reason=reason)
        return _("It is a draft again.")


class Publish(CommitmentButton):
    """Show it to everybody."""

    name = "publish"
    label = gettext_lazy("Publish")
    icon = "public"
    is_main = True
    permission = PUBLISH
    explanation = gettext_lazy(
        "Everybody sees it on the page, in the API and in the calendars, from now on."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """What is not yet, or no longer, published."""
        return record.publication != Publication.PUBLISHED

    def needs(self, record: Commitment) -> Sequence[str | Promise]:
        """What publishing asks for and is not there."""
        missing = []
        if not record.citations.exists():
            missing.append(_("Cite the source in which it was said, then publish."))
        if not record.involvements.exists():
            missing.append(_("Name who promised it, then publish."))
        return missing

    def act(self, record: Commitment, form: MoveForm, *, user: User, now: datetime) -> str:
        """Publish it."""
        publish_commitment(commitment=record, actor=user, now=now)
        return _("Published.")


class Retract(CommitmentButton):
    """Take it back; nothing is deleted."""

    name = "retract"
    label = gettext_lazy("Retract")
    icon = "unpublished"
    permission = CHANGE
    is_grave = True
    form_class = ReasonForm
    explanation = gettext_lazy(
        "A draft goes to the archive. What was published disappears from page and API, and "
        "calendars get a note without its text for 90 days. Nothing is deleted: it can be "
        "published again."
    )

    def is_offered(self, record: Commitment, user: User) -> bool:
        """What was published is taken back by an approver only."""
        is_there = record.publication != Publication.RETRACTED
        return is_there and (record.published_at is None or may(user, PUBLISH))

    def act(self, record: Commitment, form: ReasonForm, *, user: User, now: datetime) -> str:
        """Take it back."""
        reason = form.cleaned_data["reason"]
        retract_commitment(commitment=record, actor=user, now=now, reason=reason)
        return _("Retracted; its history stays.")
