"""Many writers at once: no update is lost, no number is left out, nobody waits for ever."""

from __future__ import annotations

import functools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment
from commitments.actions.parties import save_party
from commitments.actions.status import (
    approve_proposal,
    propose_status,
    reject_proposal,
    take_back_proposal,
)
from commitments.enums import PartyKind, ProposalState, Status
from commitments.exceptions import CircleError, StaleRevision, TransitionRefused
from commitments.models import (
    Citation,
    Commitment,
    Party,
    RecordHead,
    Revision,
    StatusChange,
    StatusProposal,
)
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_commitment,
    make_editor,
    make_source,
)
from tests.commitments.concurrency import at_once, many
from tests.commitments.record_state import assert_chain_is_whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _patient_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 200 threads wait their turn for a connection: here it is not about the pool."""
    pool = getattr(connection, "pool", None)
    if pool is not None:
        monkeypatch.setattr(pool, "timeout", 300.0)


def correct(commitment: Commitment, **given: Any) -> Commitment:
    return correct_commitment(commitment=commitment, actor=None, now=NOW, **given)


def test_of_all_who_hold_the_same_revision_one_gets_through() -> None:
    commitment = make_commitment()
    found = at_once(
        [
            functools.partial(
                correct,
                commitment,
                fields={"title": f"Title {number}"},
                expected_revision=commitment.revision,
            )
            for number in range(many())
        ]
    )
    [winner] = [one for one in found if isinstance(one, Commitment)]
    stale = [one for one in found if isinstance(one, StaleRevision)]
    assert len(stale) == many() - 1
    assert {one.current for one in stale} == {commitment.revision + 1}
    assert all(one.changed == {"title": [commitment.title, winner.title]} for one in stale)
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.title, now.revision) == (winner.title, commitment.revision + 1)
    assert_chain_is_whole()


def test_all_who_write_at_once_to_one_commitment_get_through_and_none_is_lost() -> None:
    commitment, source = make_commitment(), make_source()
    before = commitment.citations.count()
    found = at_once(
        [
            functools.partial(
                cite_source,
                citation=Citation(commitment=commitment, source=source, locator=f"page {number}"),
                actor=None,
                now=NOW,
            )
            for number in range(many())
        ]
    )
    assert [one for one in found if isinstance(one, Exception)] == []
    now = Commitment.objects.get(pk=commitment.pk)
    assert now.citations.count() == before + many()
    assert now.revision == commitment.revision + many()
    revisions = commitment.revisions.order_by("number").values_list("revision", flat=True)
    assert list(revisions) == list(range(1, now.revision + 1))
    assert_chain_is_whole()


def append(commitment: Commitment, mark: str) -> int:
    """Read, add a mark, write back; again, where somebody else was first. How often it took."""
    attempts = 0
    while True:
        attempts += 1
        read = Commitment.objects.get(pk=commitment.pk)
        try:
            correct(
                read,
                fields={"summary": f"{read.summary} {mark}".strip()},
                expected_revision=read.revision,
            )
        except StaleRevision:
            continue
        return attempts


def test_who_reads_changes_and_writes_back_loses_nothing() -> None:
    targets = [make_commitment() for _number in range(max(2, many() // 20))]
    marks = [f"mark{number}" for number in range(many())]
    found = at_once(
        [
            functools.partial(append, targets[number % len(targets)], mark)
            for number, mark in enumerate(marks)
        ]
    )
    assert [one for one in found if isinstance(one, Exception)] == []
    written = Counter(
        mark
        for target in Commitment.objects.filter(pk__in=[one.pk for one in targets])
        for mark in target.summary.split()
    )
    assert written == Counter(marks)
    assert_chain_is_whole()


@pytest.fixture
def numbers_seen() -> Iterator[list[int]]:
    """What a reader sees who asks all the time for the changes since the last one seen."""
    seen: list[int] = []
    enough = threading.Event()

    def read() -> None:
        while True:
            is_last_look = enough.is_set()
            after = seen[-1] if seen else 0
            rows = Revision.objects.filter(number__gt=after).order_by("number")
            seen.extend(rows.values_list("number", flat=True))
            if is_last_look:
                break
        connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    yield seen
    enough.set()
    reader.join()
    assert seen == list(range(1, RecordHead.objects.get().number + 1))


def test_a_reader_never_skips_a_number_that_commits_later(numbers_seen: list[int]) -> None:
    targets = [make_commitment() for _number in range(8)]

    def write(commitment: Commitment, number: int) -> None:
        with transaction.atomic():
            correct(commitment, fields={"place": f"Place {number}"})
            time.sleep(0.001 * (number % 7))  # the number is taken, and not yet committed
            if number % 5 == 0:
                transaction.set_rollback(True)

    found = at_once(
        [
            functools.partial(write, targets[number % len(targets)], number)
            for number in range(min(many(), 80))
        ]
    )
    assert [one for one in found if isinstance(one, Exception)] == []
    assert_chain_is_whole()
    # The fixture looks at what the reader has seen.


def test_transactions_of_several_actions_never_wait_for_each_other_in_a_ring() -> None:
    first, second = make_commitment(), make_commitment()

    def write_both(one: Commitment, other: Commitment, text: str) -> None:
        with transaction.atomic():
            correct(one, fields={"place": text})
            time.sleep(0.2)
            correct(other, fields={"place": text})

    found = at_once(
        [
            functools.partial(write_both, first, second, "Aktau"),
            functools.partial(write_both, second, first, "Atyrau"),
        ]
    )
    assert found == [None, None]
    places = set(Commitment.objects.values_list("place", flat=True))
    assert places in ({"Aktau"}, {"Atyrau"})


def test_the_first_changes_of_all_share_one_head() -> None:
    parties = [
        Party(key=f"party-{number}", kind=PartyKind.COUNTRY, name=f"Party {number}")
        for number in range(8)
    ]
    found = at_once(
        [functools.partial(save_party, party=party, actor=None, now=NOW) for party in parties]
    )
    assert [one for one in found if isinstance(one, Exception)] == []
    assert RecordHead.objects.get().number == 8
    assert_chain_is_whole()


def test_two_links_that_close_a_circle_together_do_not_both_get_through() -> None:
    for _attempt in range(5):
        first, second = make_commitment(), make_commitment()
        found = at_once(
            [
                functools.partial(correct, first, fields={"parent": second}),
                functools.partial(correct, second, fields={"parent": first}),
            ]
        )
        assert sorted(type(one).__name__ for one in found) == ["CircleError", "Commitment"]
        assert isinstance(next(one for one in found if isinstance(one, Exception)), CircleError)


def test_of_two_proposals_at_once_one_waits() -> None:
    commitment, editors = make_commitment(), [make_editor(), make_editor()]
    found = at_once(
        [
            functools.partial(
                propose_status,
                commitment=commitment,
                move=complete_move(commitment, Status.DELIVERED),
                actor=editor,
                now=NOW,
            )
            for editor in editors
        ]
    )
    [refusal] = [one for one in found if isinstance(one, Exception)]
    assert isinstance(refusal, TransitionRefused)
    assert refusal.specific_code == "proposal_waits"
    assert StatusProposal.objects.filter(state=ProposalState.WAITING).count() == 1


def test_a_proposal_is_decided_once_by_all_who_decide_at_once() -> None:
    editor, approvers = make_editor(), [make_approver(), make_approver()]
    for _attempt in range(3):
        commitment = make_commitment()
        proposal = propose_status(
            commitment=commitment,
            move=complete_move(commitment, Status.DELIVERED),
            actor=editor,
            now=NOW,
        )
        approve = functools.partial(approve_proposal, proposal=proposal, now=NOW)
        reject = functools.partial(reject_proposal, proposal=proposal, now=NOW, reason="No.")
        take_back = functools.partial(take_back_proposal, proposal=proposal, now=NOW)
        found: list[Any] = at_once(
            [
                functools.partial(approve, approver=approvers[0]),
                functools.partial(approve, approver=approvers[1]),
                functools.partial(reject, approver=approvers[0]),
                functools.partial(take_back, actor=editor),
            ]
        )
        refused = [one for one in found if isinstance(one, TransitionRefused)]
        assert [one.specific_code for one in refused] == ["already_decided"] * 3
        decided = StatusProposal.objects.get(pk=proposal.pk)
        changes = StatusChange.objects.filter(commitment=commitment, to_status=Status.DELIVERED)
        assert changes.count() == int(decided.state == ProposalState.APPROVED)
    assert_chain_is_whole()
