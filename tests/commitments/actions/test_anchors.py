"""Windows that count from something else, and move with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from commitments.actions.dates import anchor_date, move_date
from commitments.actions.sources import save_source
from commitments.actions.status import StatusMove, approve_proposal, propose_status
from commitments.enums import AnchorUnit, CitationRole, SourceKind, Status
from commitments.exceptions import CircleError, InvalidInput, NotAllowed
from commitments.models import Commitment, DateMove, Source
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


def anchor(
    commitment: Commitment,
    to: Source | Commitment,
    amount: int = 40,
    unit: AnchorUnit = AnchorUnit.DAY,
) -> Commitment:
    return anchor_date(
        commitment=commitment, anchor=to, amount=amount, unit=unit, actor=make_editor(), now=NOW
    )


def window_of(commitment: Commitment) -> str:
    return Commitment.objects.get(pk=commitment.pk).window


def move(commitment: Commitment, window: str) -> DateMove:
    return move_date(
        commitment=commitment,
        window=Window.parse(window),
        citations=[make_citation(commitment, role=CitationRole.MOVES)],
        actor=make_editor(),
        now=NOW,
    )


def test_window_counts_from_the_date_of_a_source() -> None:
    source = make_source(date=date(2026, 12, 1))
    commitment = anchor(make_commitment(window=""), source)
    assert commitment.window == "2026-12-01/2027-01-10"
    assert (commitment.earliest, commitment.latest) == (date(2026, 12, 1), date(2027, 1, 10))


@pytest.mark.parametrize(
    ("anchor_window", "unit", "expected"),
    [
        ("2026-12-01", AnchorUnit.WEEK, "2026-12-01/2026-12-15"),
        ("2026-12", AnchorUnit.MONTH, "2026-12-01/2027-02-28"),
        ("2026", AnchorUnit.YEAR, "2026-01-01/2028-12-31"),
        ("2026-04/..", AnchorUnit.DAY, "2026-04-01/.."),
        ("../2026", AnchorUnit.DAY, "../2027-01-02"),
        ("", AnchorUnit.DAY, ""),
    ],
)
def test_window_is_as_vague_as_its_anchor(
    anchor_window: str, unit: AnchorUnit, expected: str
) -> None:
    signing = make_commitment(window=anchor_window)
    assert anchor(make_commitment(window="2030"), signing, 2, unit).window == expected


def test_window_moves_with_its_anchor_and_on_down_the_line() -> None:
    signing = make_commitment(window="2026-12-01")
    opening = anchor(make_commitment(window=""), signing)
    report = anchor(make_commitment(window=""), opening, 1, AnchorUnit.MONTH)
    move(signing, "2027-03-01")
    assert window_of(opening) == "2027-03-01/2027-04-10"
    assert window_of(report) == "2027-03-01/2027-05-10"
    last = DateMove.objects.filter(commitment=report).last()
    assert last is not None
    assert (last.kind, last.slip_days) == ("slipped", 89)
    # Without the title: a reason is public, and what it counts from may be a draft.
    assert last.reason == "What it counts from has moved."


def test_window_counts_from_the_delivery_once_the_anchor_is_delivered() -> None:
    signing = make_commitment(window="2026")
    opening = anchor(make_commitment(window=""), signing, 10)
    shown = make_citation(signing, make_source(kind=SourceKind.AGREEMENT))
    verdict = StatusMove(Status.DELIVERED, Window.parse("2026-11-20"), citations=(shown,))
    proposal = propose_status(commitment=signing, move=verdict, actor=make_editor(), now=NOW)
    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)
    assert window_of(opening) == "2026-11-20/2026-11-30"


def test_window_moves_when_the_date_of_its_source_is_corrected() -> None:
    source = make_source(date=date(2026, 12, 1))
    opening = anchor(make_commitment(window=""), source, 10)
    source.date = date(2026, 12, 5)
    save_source(source=source, actor=None, now=NOW, reason="The agreement has another date")
    assert window_of(opening) == "2026-12-05/2026-12-15"


def test_named_date_cuts_the_anchor() -> None:
    signing = make_commitment(window="2026-12-01")
    opening = anchor(make_commitment(window=""), signing)
    move(opening, "2027-06")
    move(signing, "2027-03-01")
    assert window_of(opening) == "2027-06"
    assert Commitment.objects.get(pk=opening.pk).anchor_commitment is None


def test_verdict_is_not_touched_by_its_anchor() -> None:
    signing = make_commitment(window="2026-10-01")
    opening = anchor(make_commitment(window=""), signing, 10)
    shown = make_citation(opening, make_source(kind=SourceKind.AGREEMENT))
    verdict = StatusMove(Status.DELIVERED, Window.parse("2026-10-09"), citations=(shown,))
    proposal = propose_status(commitment=opening, move=verdict, actor=make_editor(), now=NOW)
    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)
    move(signing, "2027-03-01")
    assert window_of(opening) == "2026-10-01/2026-10-11"


def test_anchors_close_no_circle() -> None:
    first, second = make_commitment(window="2026"), make_commitment(window="")
    second = anchor(second, first)
    with pytest.raises(CircleError) as caught:
        anchor(first, second)
    assert caught.value.field == "anchor_commitment"
    with pytest.raises(CircleError):
        anchor(first, first)
    assert window_of(first) == "2026"


@pytest.mark.parametrize("amount", [-1, 10_001])
def test_distance_is_a_sensible_number(amount: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        anchor(make_commitment(), make_source(), amount)
    assert caught.value.field == "anchor_amount"


def test_only_an_editor_anchors() -> None:
    with pytest.raises(NotAllowed):
        anchor_date(
            commitment=make_commitment(),
            anchor=make_source(),
            amount=1,
            unit=AnchorUnit.DAY,
            actor=make_user(),
            now=datetime(2026, 1, 1, tzinfo=UTC),
        )
