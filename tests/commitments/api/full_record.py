"""A commitment with as much of everything as is wanted."""

from __future__ import annotations

from decimal import Decimal

from commitments.actions.dates import move_date
from commitments.actions.status import StatusMove, change_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import CitationRole, PartyKind, PartyRole, ReasonCode, Status
from commitments.models import Commitment, Target, User
from commitments.window import Window
from tests.builders import (
    NOW,
    at_once,
    make_citation,
    make_commitment,
    make_party,
    make_source,
    make_topic,
)


@at_once()
def make_full(editor: User, *, of_each: int = 1) -> Commitment:
    """A commitment with `of_each` of everything that can hang on it."""
    people = [make_party(kind=PartyKind.PERSON, body=make_party()) for _ in range(of_each)]
    made = make_commitment(
        parent=make_commitment(),
        parties=[(person, PartyRole.PROMISED_BY) for person in people],
        topics=[make_topic() for _ in range(of_each)],
    )
    target = set_target(
        target=Target(commitment=made, measure="trade", unit="USD", goal=Decimal(3)),
        actor=None,
        now=NOW,
    )
    for place in range(of_each):
        make_commitment(parent=made)
        citation = make_citation(made, role=CitationRole.REPORTS, said_by=people[place])
        status = Status.IN_PROGRESS if place == 0 else Status.STALLED
        if place < 2:
            change_status(
                commitment=made,
                move=StatusMove(
                    to_status=status,
                    effective=Window.parse("2026"),
                    reason_code=ReasonCode.UNKNOWN if place else None,
                    citations=(citation,),
                ),
                actor=editor,
                now=NOW,
            )
        move_date(
            commitment=made,
            window=Window.parse(str(2027 + place)),
            actor=editor,
            now=NOW,
            citations=[citation],
        )
        report_value(
            target=target,
            value=Decimal(place),
            period=Window.parse("2026"),
            source=make_source(),
            actor=editor,
            now=NOW,
        )
    return made
