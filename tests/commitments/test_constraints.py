"""What must never be false is refused by the database itself, whoever writes to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from commitments.actions.api_keys import issue_key
from commitments.models import (
    ApiKey,
    Citation,
    Commitment,
    DateMove,
    IdempotentRequest,
    Involvement,
    Party,
    RecordHead,
    Source,
    StatusProposal,
    Target,
)
from tests.builders import NOW, make_commitment, make_editor, make_source

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)

BROKEN: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "commitment_has_a_title": (Commitment, {"title": ""}),
    "commitment_kind_is_known": (Commitment, {"kind": "wish"}),
    "commitment_strength_is_known": (Commitment, {"strength": "oath"}),
    "commitment_publication_is_known": (Commitment, {"publication": "secret"}),
    "commitment_status_is_known": (Commitment, {"status": "overdue"}),
    "commitment_evidence_is_known": (Commitment, {"evidence": "rumour"}),
    "commitment_hemisphere_is_known": (Commitment, {"hemisphere": "east"}),
    "commitment_window_in_order": (
        Commitment,
        {"earliest": date(2026, 1, 2), "latest": date(2026, 1, 1)},
    ),
    "commitment_undated_has_no_days": (Commitment, {"window": ""}),
    "commitment_window_has_a_day": (Commitment, {"earliest": None, "latest": None}),
    "commitment_superseded_has_successor": (Commitment, {"status": "superseded"}),
    "commitment_is_not_its_own_parent": (Commitment, {"parent": models.F("id")}),
    "commitment_does_not_succeed_itself": (Commitment, {"successor": models.F("id")}),
    "commitment_does_not_double_itself": (Commitment, {"duplicate_of": models.F("id")}),
    "commitment_revision_counts": (Commitment, {"revision": 0}),
    "commitment_anchor_has_its_distance": (
        Commitment,
        {"anchor_commitment": models.F("id"), "anchor_amount": None},
    ),
    "commitment_has_one_anchor": (
        Commitment,
        {
            "anchor_commitment": models.F("id"),
            "anchor_source": models.Subquery(Source.objects.values("pk")[:1]),
            "anchor_amount": 1,
            "anchor_unit": "day",
        },
    ),
    "commitment_published_knows_when": (Commitment, {"published_at": None}),
    "commitment_retracted_knows_when": (Commitment, {"publication": "retracted"}),
    "involvement_role_is_known": (Involvement, {"role": "friend"}),
    "party_kind_is_known": (Party, {"kind": "god"}),
    "party_is_not_its_own_body": (Party, {"body": models.F("id")}),
    "source_kind_is_known": (Source, {"kind": "rumour"}),
    "source_text_has_its_hash": (Source, {"text": "Said."}),
    "source_link_state_is_known": (Source, {"link_state": "asleep"}),
    "citation_role_is_known": (Citation, {"role": "praises"}),
    "citation_span_in_order": (Citation, {"start": 5, "end": 5}),
    "target_comparison_is_known": (Target, {"comparison": "better"}),
    "proposal_state_is_known": (StatusProposal, {"state": "lost"}),
    "proposal_approved_by_another": (
        StatusProposal,
        {"state": "approved", "decided_by": models.F("actor")},
    ),
    "record_has_one_head": (RecordHead, {"id": 2}),
    "key_scopes_are_known": (ApiKey, {"scopes": "read everything"}),
    "idempotent_answer_was_a_success": (IdempotentRequest, {"status": 400}),
}


@pytest.fixture
def _one_of_each() -> None:
    commitment = make_commitment(window="2026", source=make_source())
    Target.objects.create(commitment=commitment, measure="trade", unit="USD", goal=1)
    StatusProposal.objects.create(
        commitment=commitment, to_status="delivered", recorded_at=NOW, actor=make_editor()
    )
    issue_key(user=make_editor(), name="A program", scopes=["read"], actor=None, now=NOW)
    IdempotentRequest.objects.create(
        caller="key 1", key="a", created_at=NOW, lease_until=NOW, status=201
    )


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_must_never_be(name: str, _one_of_each: None) -> None:  # noqa: PT019
    model, values = BROKEN[name]
    assert model._default_manager.exists()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model._default_manager.update(**values)


def test_rows_that_may_stand_once_are_refused_twice() -> None:
    commitment = make_commitment()
    involvement = commitment.involvements.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.create(
            commitment=commitment, party=involvement.party, role=involvement.role
        )
    given = {"commitment": commitment, "since": DAY, "recorded_at": NOW, "revision": 9}
    DateMove.objects.create(kind="slipped", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        DateMove.objects.create(kind="slipped", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        DateMove.objects.create(kind="vanished", **{**given, "revision": 10})


def test_every_check_of_what_is_not_history_is_tried_here() -> None:
    history = {"revision", "status_change", "date_move", "version"}
    checks = {
        constraint.name
        for model in apps.get_app_config("commitments").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    untried = {name for name in checks - set(BROKEN) if not name.startswith(tuple(history))}
    assert untried == set()
    assert set(BROKEN) <= checks
