"""Draft, in review, published, retracted: every move from every state, by every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from commitments.actions.citations import remove_citation
from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.enums import Publication
from commitments.exceptions import TransitionRefused
from commitments.models import Commitment, Revision, User
from tests.builders import NOW, make_approver, make_commitment
from tests.commitments.actions.attempts import outcome
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
STATES = ["draft", "in_review", "published", "retracted", "retracted draft"]


def in_state(name: str) -> Commitment:
    commitment = make_commitment(published=name in {"published", "retracted"})
    approver = make_approver()
    if name == "in_review":
        submit_for_review(commitment=commitment, actor=approver, now=NOW)
    if name.startswith("retracted"):
        retract_commitment(commitment=commitment, actor=approver, now=NOW, reason="Wrong.")
    return Commitment.objects.get(pk=commitment.pk)


WRONG, NOT_ALLOWED = "wrong_publication", "not_allowed"
EXPECTED = {
    "submit": {
        "nobody": dict.fromkeys(STATES, NOT_ALLOWED),
        "editor": dict.fromkeys(STATES, WRONG) | {"draft": "done"},
        "approver": dict.fromkeys(STATES, WRONG) | {"draft": "done"},
        "admin": dict.fromkeys(STATES, WRONG) | {"draft": "done"},
    },
    "publish": {
        "nobody": dict.fromkeys(STATES, NOT_ALLOWED),
        "editor": dict.fromkeys(STATES, NOT_ALLOWED),
        "approver": dict.fromkeys(STATES, "done") | {"published": WRONG},
        "admin": dict.fromkeys(STATES, "done") | {"published": WRONG},
    },
    # An editor may put a draft away, and nothing that was ever public.
    "retract": {
        "nobody": dict.fromkeys(STATES, NOT_ALLOWED),
        "editor": {
            "draft": "done",
            "in_review": "done",
            "published": NOT_ALLOWED,
            "retracted": NOT_ALLOWED,
            "retracted draft": WRONG,
        },
        "approver": dict.fromkeys(STATES, "done") | {"retracted": WRONG, "retracted draft": WRONG},
        "admin": dict.fromkeys(STATES, "done") | {"retracted": WRONG, "retracted draft": WRONG},
    },
}


@pytest.mark.parametrize("state", STATES)
def test_every_move_from_every_state_by_every_role(state: str, people: dict[str, User]) -> None:
    commitment = in_state(state)
    acts: dict[str, Callable[[User], object]] = {
        "submit": lambda who: submit_for_review(commitment=commitment, actor=who, now=NOW),
        "publish": lambda who: publish_commitment(commitment=commitment, actor=who, now=NOW),
        "retract": lambda who: retract_commitment(
            commitment=commitment, actor=who, now=NOW, reason="Wrong."
        ),
    }
    before = whole_record()
    found = {
        (act, name): outcome(lambda act=act, who=who: acts[act](who))  # type: ignore[misc]
        for act in acts
        for name, who in people.items()
    }
    assert found == {(act, name): EXPECTED[act][name][state] for act, name in found}
    assert changed_tables(before) == set()


def test_publishing_needs_a_source_and_then_a_party(approver: User) -> None:
    commitment = make_commitment(published=False, parties=[])

    def refusal() -> str:
        with pytest.raises(TransitionRefused) as caught:
            publish_commitment(commitment=commitment, actor=approver, now=NOW)
        return caught.value.specific_code

    assert refusal() == "needs_party"
    remove_citation(citation=commitment.citations.get(), actor=None, now=NOW)
    assert refusal() == "needs_source"


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_retracting_needs_a_reason(reason: str, approver: User) -> None:
    commitment = make_commitment()
    with pytest.raises(TransitionRefused) as caught:
        retract_commitment(commitment=commitment, actor=approver, now=NOW, reason=reason)
    assert (caught.value.specific_code, caught.value.field) == ("needs_reason", "reason")


def test_published_first_is_kept_through_a_retraction(approver: User) -> None:
    commitment = make_commitment(published=False)
    publish_commitment(commitment=commitment, actor=approver, now=NOW)
    retract_commitment(commitment=commitment, actor=approver, now=LATER, reason="Wrong.")
    taken = Commitment.objects.get(pk=commitment.pk)
    assert (taken.publication, taken.published_at, taken.retracted_at) == (
        Publication.RETRACTED,
        NOW,
        LATER,
    )
    publish_commitment(commitment=commitment, actor=approver, now=LATER)
    again = Commitment.objects.get(pk=commitment.pk)
    assert (again.publication, again.published_at, again.retracted_at) == (
        Publication.PUBLISHED,
        NOW,
        None,
    )
    kinds = Revision.objects.filter(commitment=commitment).values_list("kind", flat=True)
    assert list(kinds.order_by("number"))[-3:] == ["published", "retracted", "published"]


def test_a_retraction_is_logged_with_its_reason_and_deletes_nothing(approver: User) -> None:
    commitment = make_commitment()
    retract_commitment(commitment=commitment, actor=approver, now=NOW, reason="Never said.")
    row = Revision.objects.latest("number")
    assert (row.kind, row.reason, row.actor) == ("retracted", "Never said.", approver)
    assert row.changes == {"publication": ["published", "retracted"]}
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.title, now.citations.count()) == (commitment.title, 1)


def test_what_was_retracted_can_still_be_corrected(editor: User) -> None:
    commitment = in_state("retracted")
    fields = {"title": "What was really said"}
    correct_commitment(commitment=commitment, fields=fields, actor=editor, now=NOW)
    assert Commitment.objects.get(pk=commitment.pk).title == "What was really said"
