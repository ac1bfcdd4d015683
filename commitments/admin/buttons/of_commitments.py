"""What the buttons of a commitment share: nobody presses on what they have not seen."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, QueryDict

from commitments.actions.citations import cite_source
from commitments.actions.recording import lock_commitment
from commitments.admin.buttons.base import Button
from commitments.admin.two_editors import told
from commitments.exceptions import StaleRevision
from commitments.forms.moves import CitingForm, MoveForm
from commitments.models import Citation, Commitment, User


class CommitmentButton(Button[Commitment]):
    """A button of a commitment; its action runs on the revision that the page has shown."""

    form_class: ClassVar[type[MoveForm]] = MoveForm

    def form(self, record: Commitment, request: HttpRequest) -> forms.Form:
        """The form of the class, bound where the request is a POST."""
        return self.form_class(
            request.POST if request.method == "POST" else None,
            commitment=record,
            **self.form_options(record),
        )

    def form_options(self, record: Commitment) -> dict[str, Any]:
        """What else the form wants to know."""
        return {}

    def press(self, record: Commitment, form: forms.Form, *, user: User, now: datetime) -> str:
        """Look whether somebody was faster, then call the action."""
        demand_seen(record, form)
        return self.act(record, form, user=user, now=now)

    @abstractmethod
    def act(self, record: Commitment, form: Any, *, user: User, now: datetime) -> str:
        """Call the action and tell what was done."""


def demand_seen(commitment: Commitment, form: forms.Form) -> None:
    """Refuse to act on a revision that the editor has not read; the next press has read it.

    Raises InvalidInput with what was changed by whom.
    """
    read = form.cleaned_data["expected_revision"]
    try:
        lock_commitment(commitment, expected_revision=read)
    except StaleRevision as error:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["expected_revision"] = str(error.current)
        form.data = data
        raise told(error, commitment.revisions.filter(revision__gt=read)) from error


def chosen_citations(form: CitingForm, *, user: User, now: datetime) -> tuple[Citation, ...]:
    """The citations that the move rests on; a new one is recorded first."""
    chosen = list(form.cleaned_data.get("citations", ()))
    added = form.new_citation()
    if added is not None:
        chosen.append(cite_source(citation=added, actor=user, now=now))
    return tuple(chosen)
