"""Export, import into an empty record, the second person's consent, export: the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from commitments.actions.bulk import approve_all
from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import anchor_date
from commitments.actions.publication import retract_commitment
from commitments.actions.statements import load_statement
from commitments.actions.status import approve_proposal, propose_status
from commitments.actions.targets import report_value, set_target
from commitments.enums import AnchorUnit, Kind, PartyRole, ProposalState, SourceKind, Status
from commitments.models import Commitment, Revision, StatusChange, StatusProposal, Target
from commitments.record_audit import find_faults
from commitments.statement_file import read_statement_file
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from tests.commitments.exchange.files import exported, load

DEMO = Path(__file__).parents[3] / "commitments/data/statement-2024-11-27.json"
KINDS = ("csv", "xlsx", "json")
HOSTILE = " =cmd|' /C calc'!A0\n@x\r\n_x000D_ and\rmore "
# Longer than a cell; a formula where it is cut, and two halves of UTF-16 for a character.
TEXT = "=1+1 🛰 We shall build it by 2026.\n\n" + "Ж🛰" * 7_983 + "\n=2+2 and so on. " * 3


def demo_record() -> None:
    """The statement with which every new site begins."""
    file = read_statement_file(DEMO.read_bytes())
    load_statement(file=file, actor=None, now=NOW, time_zone="Asia/Almaty")


def made_up_record() -> None:
    """A commitment in every status, and one of everything else that a file holds."""
    said = make_source(
        key="speech", text=TEXT, title="'=1+1", translations={"kk": {"title": "Сөз"}}
    )
    for status in Status:
        make_commitment_in(status, source=said, title=f"{status} +1", key=f"is-{status.value}")
    refused = make_commitment(window="2030", title="Refused before its time")
    make_move(refused, Status.NOT_DELIVERED, explicit_refusal=True, reason="=They said no.")
    reported = make_commitment(
        status=Status.DELIVERED,
        title="Done by its own word",
        summary=HOSTILE,
        note="\t=1",
        place="-1",
        topics=[make_topic("space", translations={"kk": {"name": "Ғарыш"}})],
        translations={"de": {"title": "Eins"}, "ru": {"summary": "+1"}},
    )
    make_citation(reported, make_source(title="Older"), locator="-1", quote="=2")
    make_commitment(published=False, duplicate_of=reported, window="", hemisphere="south")
    _make_target()
    _make_anchors()
    gone = make_commitment(title="Taken back")
    retract_commitment(
        commitment=gone, actor=make_approver(), now=NOW, reason="Entered by mistake."
    )


def make_move(commitment: Commitment, status: Status, **fields: Any) -> None:
    """Come to `status` by two people."""
    move = complete_move(commitment, status, **fields)
    proposal = propose_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    approve_proposal(proposal=proposal, approver=make_approver(), now=NOW)


def _make_target() -> None:
    trade = make_commitment(kind=Kind.TARGET, title="Mutual trade", key="trade")
    target = set_target(
        target=Target(
            commitment=trade,
            measure="trade",
            unit="billion USD",
            goal=Decimal(30),
            baseline=Decimal("27.0500"),
            baseline_period="2023",
        ),
        actor=None,
        now=NOW,
    )
    source = make_source(kind=SourceKind.DATASET, title="Trade figures", date=date(2026, 1, 5))
    for value, period in (("-28.5", "2024"), ("29.25", "2025"), ("29.25", "2025")):
        report_value(
            target=target,
            value=Decimal(value),
            period=Window.parse(period),
            source=source,
            locator=f"={period}",
            actor=make_editor(),
            now=NOW,
        )


def _make_anchors() -> None:
    """Counted from a source, from what has its verdict, and from a part of its own."""
    signing = make_source(key="signing", title="Signing", date=date(2026, 3, 1))
    done = Commitment.objects.get(key="is-delivered")
    for anchor, unit in ((signing, AnchorUnit.DAY), (done, AnchorUnit.MONTH)):
        counted = make_commitment(window="", title=f"Counted from {anchor}")
        anchor_date(
            commitment=counted, anchor=anchor, amount=40, unit=unit, actor=make_editor(), now=NOW
        )
    part = make_commitment(title="Part", key="a-part", window="2026-05")
    whole = make_commitment(title="Whole", key="a-whole", window="", kind=Kind.PROGRAMME)
    correct_commitment(commitment=part, fields={"parent": whole}, actor=None, now=NOW)
    anchor_date(
        commitment=whole, anchor=part, amount=1, unit=AnchorUnit.YEAR, actor=make_editor(), now=NOW
    )
    party = make_party("minister", body=make_party("state"), office="Minister; of =Trade")
    make_commitment(title="By a person", parties=[(party, PartyRole.RESPONSIBLE)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make_record", [demo_record, made_up_record])
def test_round_trip_gives_equal_bytes_when_the_second_person_has_agreed(
    make_record: Callable[[], None],
) -> None:
    make_record()
    first = {kind: exported(kind) for kind in KINDS}
    verdicts = sorted(Commitment.objects.values_list("public_id", "status", "effective"))
    decided = StatusChange.objects.filter(approver__isnull=False).count()
    for kind in KINDS:
        call_command("flush", "--noinput", verbosity=0)
        assert not Revision.objects.exists()
        load(first[kind], make_approver("importer"), publish=True)
        second = make_approver("second")
        assert StatusProposal.objects.count() == decided
        proposals = StatusProposal.objects.filter(state=ProposalState.WAITING).order_by("pk")
        approve_all(proposals=list(proposals), approver=second, now=NOW)
        assert {again: exported(again) == first[again] for again in KINDS} == dict.fromkeys(
            KINDS, True
        )
        assert (
            sorted(Commitment.objects.values_list("public_id", "status", "effective")) == verdicts
        )
        assert list(find_faults(key=settings.RECORD_KEY)) == []
