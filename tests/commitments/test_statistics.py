"""The figures of the scoreboard."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from commitments.actions.dates import move_date
from commitments.actions.status import StatusMove, approve_proposal, propose_status
from commitments.enums import CitationRole, PartyRole, ReasonCode, Status, Strength
from commitments.models import Commitment
from commitments.statistics import Statistics, statistics_by, statistics_of
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


def judge(commitment: Commitment, status: Status, effective: str = "", **fields: Any) -> None:
    move = StatusMove(
        status, Window.parse(effective), citations=(make_citation(commitment),), **fields
    )
    proposal = propose_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)


def all_figures() -> Statistics:
    return statistics_of(Commitment.objects.published(), now=NOW)


def test_statistics_of_nothing_have_no_share() -> None:
    figures = all_figures()
    assert figures == Statistics()
    assert figures.share_on_time is None


def test_each_promise_counts_in_one_column() -> None:
    judge(make_commitment(window="2026-10"), Status.DELIVERED, "2026-10-05")
    judge(make_commitment(window="2026-10"), Status.DELIVERED, "2026-09-30")
    judge(make_commitment(window="2026-09"), Status.DELIVERED, "2026-10-01")
    judge(make_commitment(window=""), Status.DELIVERED, "2026-10-01")
    judge(make_commitment(window="2026-09"), Status.PARTLY_DELIVERED, "2026-10", missing="The roof")
    judge(make_commitment(window="2025"), Status.NOT_DELIVERED, reason_code=ReasonCode.FUNDING)
    judge(make_commitment(window="2025"), Status.WITHDRAWN)
    make_commitment(window="2026-10")
    make_commitment(window="2026")
    make_commitment(window="2026/2030")
    make_commitment(window="2030")
    make_commitment(window="")
    make_commitment(window="2025", strength=Strength.PROPOSAL)
    make_commitment(window="2025", published=False)
    figures = all_figures()
    assert figures == Statistics(
        promises=12,
        undated=2,
        upcoming=1,
        open=2,
        overdue=1,
        early=1,
        on_time=1,
        late=1,
        partly_delivered=1,
        not_delivered=1,
        other_verdicts=1,
    )
    assert figures.share_on_time == pytest.approx(2 / 6)


def test_slip_is_the_sum_of_moves_without_corrections() -> None:
    commitment = make_commitment(window="2025-06")
    editor = make_editor()
    source = make_citation(commitment, role=CitationRole.MOVES)
    for number, window in enumerate(["2025-09", "2025-08", "2026"]):
        move_date(
            commitment=commitment,
            window=Window.parse(window),
            citations=[source],
            actor=editor,
            now=datetime(2025, 5, 1 + number, tzinfo=UTC),
        )
    move_date(
        commitment=commitment,
        window=Window.parse("2027"),
        is_correction=True,
        reason="typing error",
        actor=editor,
        now=datetime(2025, 6, 1, tzinfo=UTC),
    )
    figures = all_figures()
    assert (figures.moves, figures.slip_days) == (3, 92 - 30 + 487)


def test_commitment_counts_once_for_a_party_with_two_roles() -> None:
    party, topic, source = make_party("kz"), make_topic("space"), make_source()
    roles = [(party, PartyRole.PROMISED_BY), (party, PartyRole.RESPONSIBLE)]
    make_commitment(window="2026-10", parties=roles, topics=[topic], source=source)
    published = Commitment.objects.published()
    expected = Statistics(promises=1, overdue=1)
    assert statistics_by("party", published, now=NOW) == {"kz": expected}
    assert statistics_by("topic", published, now=NOW) == {"space": expected}
    assert statistics_by("source", published, now=NOW) == {source.public_id: expected}


@pytest.mark.parametrize("how_many", [1, 3])
def test_statistics_take_as_many_queries_for_three_as_for_one(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(how_many):
        make_commitment()
    with django_assert_num_queries(1):
        all_figures()
    with django_assert_num_queries(2):
        statistics_by("party", Commitment.objects.published(), now=NOW)
