"""The log: one row for each visible change, in one chain, written with the change or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commitments.actions.citations import cite_source, remove_citation
from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import anchor_date, move_date
from commitments.actions.parties import save_party
from commitments.actions.publication import (
    publish_commitment,
    retract_commitment,
    submit_for_review,
)
from commitments.actions.recording import difference, log_change, validated
from commitments.actions.sources import save_source
from commitments.actions.targets import set_target
from commitments.enums import AnchorUnit, ChangeKind, Kind
from commitments.exceptions import InvalidInput, StaleRevision
from commitments.models import (
    Citation,
    Commitment,
    RecordHead,
    Revision,
    Target,
)
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
)
from tests.commitments.actions.scene import ACTIONS, Scene
from tests.commitments.record_state import assert_chain_is_whole, changed_tables, whole_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene(
        editor=make_editor("editor"),
        approver=make_approver("approver"),
        draft=make_commitment(published=False),
        published=make_commitment(window="2025"),
    )


each_action = pytest.mark.parametrize(("prepare", "kind"), ACTIONS.values(), ids=list(ACTIONS))


@each_action
def test_an_action_leaves_one_row_that_tells_it(
    prepare: Callable[[Scene], Callable[[], object]], kind: ChangeKind, scene: Scene
) -> None:
    act = prepare(scene)
    last = Revision.objects.latest("number")
    act()
    [row] = Revision.objects.filter(number__gt=last.number)
    assert row.kind == kind
    assert row.actor in {scene.editor, scene.approver}
    assert row.recorded_at == NOW
    assert row.changes != {}
    assert all(old != new for old, new in row.changes.values())
    if row.commitment is not None:
        now = Commitment.objects.get(pk=row.commitment.pk)
        assert row.record_id == now.public_id
        assert row.revision == now.revision
        assert now.changed_at == NOW
    assert_chain_is_whole()


@each_action
def test_an_action_that_cannot_be_logged_writes_nothing(
    prepare: Callable[[Scene], Callable[[], object]],
    kind: ChangeKind,
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act = prepare(scene)
    before = whole_record()

    def fail(*_given: object, **_more: object) -> str:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("commitments.actions.recording.next_digest", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        act()
    assert changed_tables(before) == set()


@each_action
def test_an_action_that_fails_after_its_row_writes_nothing(
    prepare: Callable[[Scene], Callable[[], object]],
    kind: ChangeKind,
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act = prepare(scene)
    before = whole_record()

    def fail(_head: RecordHead, *_given: object, **_more: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(RecordHead, "save", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        act()
    assert changed_tables(before) == set()


REPEATED = [
    "correct_commitment",
    "correct_commitment, its parts",
    "anchor_date",
    "cite_source again",
    "note_evidence_search",
    "set_target",
    "save_party",
    "save_topic",
    "save_source",
]


@pytest.mark.parametrize("name", REPEATED)
def test_an_action_after_which_nothing_differs_writes_nothing(name: str, scene: Scene) -> None:
    act = ACTIONS[name][0](scene)
    act()
    before = whole_record()
    act()
    assert changed_tables(before) == set()


@pytest.mark.parametrize("reason", ["a\x00b", "\ud83d", "\u202e.", "\ufffe", "x" * 2001])
@pytest.mark.parametrize("door", ["correct", "retract", "cite", "move", "party", "source"])
def test_a_reason_that_the_log_cannot_hold_is_refused(door: str, reason: str, scene: Scene) -> None:
    citation = make_citation(scene.published)
    party, source = make_party(), make_source()
    party.name = source.title = "Another"
    common: dict[str, Any] = {"actor": scene.approver, "now": NOW, "reason": reason}
    acts: dict[str, Callable[[], object]] = {
        "correct": lambda: correct_commitment(
            commitment=scene.published, fields={"title": "Another"}, **common
        ),
        "retract": lambda: retract_commitment(commitment=scene.published, **common),
        "cite": lambda: cite_source(
            citation=Citation(commitment=scene.published, source=source), **common
        ),
        "move": lambda: move_date(
            commitment=scene.published,
            window=Window.parse("2026"),
            citations=[citation],
            **common,
        ),
        "party": lambda: save_party(party=party, **common),
        "source": lambda: save_source(source=source, **common),
    }
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        acts[door]()
    assert caught.value.field == "reason"
    assert changed_tables(before) == set()


def test_the_chain_holds_over_every_action(scene: Scene) -> None:
    last = ("publish_commitment", "change_status", "approve_proposal", "retract_commitment")
    for name in [*(name for name in ACTIONS if name not in {*last, "set_target"}), *last]:
        ACTIONS[name][0](scene)()
    assert_chain_is_whole()


def test_revisions_of_a_commitment_count_by_one_and_make_its_state_again(scene: Scene) -> None:
    for name in (
        "correct_commitment",
        "cite_source",
        "move_date",
        "change_status",
        "note_evidence_search",
        "retract_commitment",
    ):
        ACTIONS[name][0](scene)()
    commitment = Commitment.objects.get(pk=scene.published.pk)
    rows = list(commitment.revisions.order_by("number"))
    assert [row.revision for row in rows] == list(range(1, commitment.revision + 1))
    state: dict[str, Any] = {}
    for row in rows:
        for field, (old, new) in row.changes.items():
            # A row of the history stands in the log as a whole, each as something new.
            assert old == (None if field in {"status_change", "date_move"} else state.get(field))
            state[field] = new
    now = commitment.log_state()
    assert {name: state.get(name) for name in now} == now


def test_the_log_knows_the_head_when_it_is_the_first(db: None) -> None:
    assert RecordHead.objects.count() == 0
    make_party()
    assert_chain_is_whole()


def test_changed_at_never_runs_back_when_the_clock_does(scene: Scene) -> None:
    correct_commitment(
        commitment=scene.published, fields={"title": "Later"}, actor=scene.editor, now=NOW
    )
    earlier = NOW - timedelta(hours=1)
    correct_commitment(
        commitment=scene.published, fields={"title": "Earlier"}, actor=scene.editor, now=earlier
    )
    now = Commitment.objects.get(pk=scene.published.pk)
    assert (now.title, now.changed_at) == ("Earlier", NOW)
    assert_chain_is_whole()


def test_a_stale_revision_tells_what_the_others_changed_from_first_to_last(scene: Scene) -> None:
    read = scene.published.revision
    title = scene.published.title
    for new in ("First", "Second"):
        correct_commitment(
            commitment=scene.published, fields={"title": new}, actor=scene.editor, now=NOW
        )
    correct_commitment(
        commitment=scene.published, fields={"place": "Aktau"}, actor=scene.editor, now=NOW
    )
    before = whole_record()
    with pytest.raises(StaleRevision) as caught:
        correct_commitment(
            commitment=scene.published,
            fields={"title": "Mine"},
            actor=scene.approver,
            now=NOW,
            expected_revision=read,
        )
    error = caught.value
    assert (error.specific_code, error.field, error.current) == (
        "stale_revision",
        "revision",
        read + 3,
    )
    assert error.changed == {"title": [title, "Second"], "place": ["", "Aktau"]}
    assert error.message == (
        f"Somebody changed this since you read revision {read}; it is at {read + 3} now. "
        "Changed: place, title. Read it again and repeat your change."
    )
    assert changed_tables(before) == set()


@pytest.mark.parametrize("distance", [-1, 0, 1])
def test_only_the_revision_that_was_read_lets_a_change_through(distance: int, scene: Scene) -> None:
    expected = scene.published.revision + distance
    try:
        correct_commitment(
            commitment=scene.published,
            fields={"title": "Mine"},
            actor=scene.editor,
            now=NOW,
            expected_revision=expected,
        )
    except StaleRevision:
        assert distance != 0
    else:
        assert distance == 0


STALE: dict[str, Callable[[Scene, dict[str, Any]], object]] = {
    "move_date": lambda scene, given: move_date(
        commitment=scene.published, window=Window.parse("2026"), citations=[], **given
    ),
    "anchor_date": lambda scene, given: anchor_date(
        commitment=scene.published, anchor=scene.draft, amount=1, unit=AnchorUnit.DAY, **given
    ),
    "cite_source": lambda scene, given: cite_source(
        citation=Citation(commitment=scene.published, source=make_source()), **given
    ),
    "remove_citation": lambda scene, given: remove_citation(
        citation=scene.published.citations.get(), **given
    ),
    "set_target": lambda scene, given: set_target(
        target=Target(commitment=scene.published, measure="x", unit="y", goal=Decimal(1)), **given
    ),
    "publish_commitment": lambda scene, given: publish_commitment(commitment=scene.draft, **given),
    "submit_for_review": lambda scene, given: submit_for_review(commitment=scene.draft, **given),
    "retract_commitment": lambda scene, given: retract_commitment(
        commitment=scene.published, reason="Wrong.", **given
    ),
}


@pytest.mark.parametrize("act", STALE.values(), ids=list(STALE))
def test_every_action_on_a_commitment_can_demand_the_revision_that_was_read(
    act: Callable[[Scene, dict[str, Any]], object], scene: Scene
) -> None:
    with pytest.raises(StaleRevision):
        act(scene, {"actor": scene.approver, "now": NOW, "expected_revision": 99})


def test_log_change_refuses_two_rows_for_one_revision(scene: Scene) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        log_change(
            record=scene.published,  # its revision was not raised
            kind=ChangeKind.CORRECTED,
            changes={"title": ["a", "b"]},
            now=NOW,
            actor=None,
        )


def test_difference_is_what_differs_and_what_is_new() -> None:
    assert difference({"a": 1, "b": [1]}, {"a": 1, "b": [2], "c": None, "d": 0}) == {
        "b": [[1], [2]],
        "d": [None, 0],
    }
    assert difference({}, {}) == {}


def test_validated_gathers_every_sentence_by_field() -> None:
    with pytest.raises(InvalidInput) as caught:
        validated(
            Commitment(title="", kind="wish", time_zone="Mars", created_at=NOW, changed_at=NOW)
        )
    errors = {name: list(sentences) for name, sentences in caught.value.errors.items()}
    assert errors == {
        "title": ["This field cannot be blank."],
        "kind": ["Value 'wish' is not a valid choice."],
        "time_zone": ["“Mars” is not a time zone; write it like Asia/Almaty."],
    }
    assert caught.value.field == "title"


@pytest.mark.parametrize(("length", "fits"), [(4999, True), (5000, True), (5001, False)])
def test_validated_holds_the_length_of_long_texts(length: int, fits: bool) -> None:
    commitment = Commitment(
        title="A bridge",
        kind=Kind.MILESTONE,
        summary="x" * length,
        created_at=NOW,
        changed_at=NOW,
    )
    if fits:
        validated(commitment)
        return
    with pytest.raises(InvalidInput) as caught:
        validated(commitment)
    assert caught.value.errors == {"summary": ["Shorten this to 5000 characters; it has 5001."]}
