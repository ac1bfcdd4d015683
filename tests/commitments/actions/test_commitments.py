"""Record a commitment, and correct it: what is written, and what is refused."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from commitments.actions.commitments import CORRECTABLE, correct_commitment, record_commitment
from commitments.actions.dates import move_date
from commitments.enums import Evidence, Kind, PartyRole, Publication, Status, Strength
from commitments.exceptions import CircleError, InvalidInput, NotAllowed
from commitments.models import Commitment, Party, Revision, User
from commitments.window import Hemisphere, Window
from tests.builders import NOW, make_commitment, make_party, make_topic
from tests.commitments.record_state import changed_tables, whole_record

pytestmark = pytest.mark.django_db


def record(**given: Any) -> Commitment:
    known = {"window", "parties", "topics", "actor", "now", "first_status", "effective", "reason"}
    about = {"title": "A bridge", "kind": Kind.MILESTONE}
    about |= {name: value for name, value in given.items() if name not in known}
    action: dict[str, Any] = {
        "window": Window.parse("2026"),
        "parties": [],
        "topics": [],
        "actor": None,
        "now": NOW,
        **{name: value for name, value in given.items() if name in known},
    }
    return record_commitment(commitment=Commitment(**about), **action)


def correct(commitment: Commitment, **fields: Any) -> Commitment:
    return correct_commitment(commitment=commitment, fields=fields, actor=None, now=NOW)


def refusal(act: Any, *given: Any, **more: Any) -> InvalidInput:
    before = whole_record()
    with pytest.raises(InvalidInput) as caught:
        act(*given, **more)
    assert changed_tables(before) == set()
    return caught.value


def test_a_new_record_is_a_draft_with_its_window_parties_topics_and_first_status(
    editor: User,
) -> None:
    party, topic = make_party("kz"), make_topic("trade")
    commitment = record(
        window=Window.parse("2026-21"),
        parties=[(party, PartyRole.PROMISED_BY), (party, PartyRole.RESPONSIBLE)],
        topics=[topic],
        actor=editor,
        reason="Said today.",
    )
    commitment = Commitment.objects.get(pk=commitment.pk)
    assert (commitment.publication, commitment.status) == ("draft", "announced")
    assert (commitment.window, commitment.earliest, commitment.latest) == (
        "2026-21",
        date(2026, 3, 1),
        date(2026, 5, 31),
    )
    assert (commitment.revision, commitment.created_at, commitment.changed_at) == (1, NOW, NOW)
    assert [topic.key for topic in commitment.topics.all()] == ["trade"]
    assert [(part.party.key, part.role) for part in commitment.involvements.all()] == [
        ("kz", "promised_by"),
        ("kz", "responsible"),
    ]
    [change] = commitment.status_changes.all()
    assert (change.from_status, change.to_status, change.actor, change.reason) == (
        "",
        "announced",
        editor,
        "Said today.",
    )
    row = Revision.objects.latest("number")
    assert row.changes["topics"] == [None, ["trade"]]
    assert row.changes["parties"] == [None, [["promised_by", "kz"], ["responsible", "kz"]]]
    assert row.changes["status_change"] == [None, change.log_state()]


def test_a_new_record_does_not_come_in_as_something_else() -> None:
    """Whatever its maker has set: it is no way round publishing, proving or the history."""
    commitment = record(
        publication=Publication.PUBLISHED,
        published_at=NOW,
        retracted_at=NOW,
        status=Status.NOT_DELIVERED,
        evidence=Evidence.CONFIRMED,
        evidence_checked_on=date(2026, 1, 1),
        successor=make_commitment(),
        revision=40,
        changed_at=NOW + timedelta(days=1),
        earliest=date(1999, 1, 1),
        effective_earliest=date(1999, 1, 1),
        effective_latest=date(1999, 1, 1),
    )
    now = Commitment.objects.get(pk=commitment.pk)
    found = {name: getattr(now, name) for name in ("publication", "status", "evidence", "revision")}
    assert found == {
        "publication": "draft",
        "status": "announced",
        "evidence": "none",
        "revision": 1,
    }
    assert (now.published_at, now.retracted_at, now.successor, now.evidence_checked_on) == (
        None,
        None,
        None,
        None,
    )
    assert (now.changed_at, now.earliest, now.effective_earliest) == (NOW, date(2026, 1, 1), None)


def test_what_is_on_record_is_not_recorded_again() -> None:
    commitment = make_commitment()
    given: dict[str, Any] = {"parties": [], "topics": [], "actor": None, "now": NOW}
    window = Window.parse("2030")
    error = refusal(record_commitment, commitment=commitment, window=window, **given)
    assert error.message == "This is on record already: correct it."


@pytest.mark.parametrize("status", Status)
def test_a_record_begins_with_what_a_source_can_report(status: Status) -> None:
    if status in {Status.ANNOUNCED, Status.IN_PROGRESS, Status.DELIVERED}:
        assert record(first_status=status).status == status
        return
    assert refusal(record, first_status=status).field == "status"


@pytest.mark.parametrize(
    ("effective", "fits"),
    [("2026-11-23", True), ("2026-11-24", True), ("2026-11-25", False), ("2026", True)],
)
def test_a_first_status_is_not_of_a_day_to_come(effective: str, fits: bool) -> None:
    given = {"first_status": Status.DELIVERED, "effective": Window.parse(effective)}
    if fits:
        assert record(**given).effective == effective
        return
    assert refusal(record, **given).field == "effective"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 301),
        ("title", "x" * 1_000_000),
        ("title", "a\x00b"),
        ("title", "a\x07"),
        ("title", "a\x1d"),
        ("title", "\ud83d"),
        ("title", "\u202egnp.exe"),
        ("title", "a\r\nATTENDEE:mailto:x@y"),
        ("title", "\ufffe"),
        ("title", None),
        ("summary", "x" * 5001),
        ("summary", "\x1b[31m"),
        ("note", "\ud800"),
        ("wording", "a\nb"),
        ("place", "x" * 201),
        ("kind", "wish"),
        ("strength", "oath"),
        ("language", "English"),
        ("hemisphere", "east"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("translations", []),
        ("translations", ""),
        ("translations", None),
        ("summary", None),
        ("place", None),
        ("translations", {"ru": {"title": "\x00"}}),
        ("translations", {"ru": {"title": "x" * 1_000_000}}),
        ("key", "no spaces"),
        ("key", "x" * 101),
    ],
)
def test_what_the_record_cannot_hold_is_refused_with_its_field(field: str, value: Any) -> None:
    error = refusal(record, **{field: value})
    assert error.field == field
    assert error.message
    if field in CORRECTABLE:
        assert refusal(correct, make_commitment(), **{field: value}).field == field


def test_the_longest_texts_fit() -> None:
    commitment = record(title="ұ" * 300, summary="ұ" * 5000, note="ұ" * 5000, place="ұ" * 200)
    assert len(Commitment.objects.get(pk=commitment.pk).summary) == 5000


def test_two_records_do_not_share_a_key_but_many_have_none() -> None:
    record(key="bridge")
    assert refusal(record, key="bridge").field == "key"
    assert [record(key=key).key for key in ("", None, "")] == [None, None, None]


def test_a_public_id_that_is_taken_is_drawn_again() -> None:
    taken = make_commitment().public_id
    commitment = record(public_id=taken)
    assert commitment.public_id != taken
    assert len(commitment.public_id) == 8


def test_a_season_is_that_of_the_place_however_it_was_read() -> None:
    north = record(window=Window.parse("2025-21"))
    south = record(window=Window.parse("2025-21"), hemisphere=Hemisphere.SOUTH)
    read_so = Window.parse("2025-21", hemisphere=Hemisphere.SOUTH)
    also = record(window=read_so, hemisphere=Hemisphere.SOUTH)
    assert (north.window, north.earliest) == ("2025-21", date(2025, 3, 1))
    for commitment in (south, also):
        now = Commitment.objects.get(pk=commitment.pk)
        assert (now.window, now.earliest, now.latest) == (
            "2025-29",
            date(2025, 9, 1),
            date(2025, 11, 30),
        )
        assert now.window_value.earliest == now.earliest


def test_the_hemisphere_is_not_corrected_under_a_season(editor: User) -> None:
    commitment = make_commitment(window="2025-21")
    error = refusal(correct, commitment, hemisphere="south")
    assert error.field == "hemisphere"
    assert error.message == (
        "The months of the window would change: correct the date to 2025-29 first."
    )
    move_date(
        commitment=commitment,
        window=Window.parse("2025-29"),
        is_correction=True,
        reason="It is in the south.",
        actor=editor,
        now=NOW,
    )
    assert correct(commitment, hemisphere="south").hemisphere == "south"
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.earliest, now.window_value.earliest) == (date(2025, 9, 1), date(2025, 9, 1))


@pytest.mark.parametrize("window", ["", "2025", "2025-33", "2025-25", "2026-04/.."])
def test_the_hemisphere_is_corrected_where_no_month_depends_on_it(window: str) -> None:
    commitment = make_commitment(window=window)
    assert correct(commitment, hemisphere="south").hemisphere == "south"


def test_a_correction_changes_what_it_names_and_nothing_else() -> None:
    commitment = make_commitment(place="Aktau", summary="Long.")
    before = commitment.log_state()
    correct(commitment, title="A road", strength=Strength.PROPOSAL, place="")
    now = Commitment.objects.get(pk=commitment.pk)
    assert now.log_state() == before | {"title": "A road", "strength": "proposal", "place": ""}
    assert now.revision == commitment.revision + 1
    row = Revision.objects.latest("number")
    assert row.changes == {
        "title": [commitment.title, "A road"],
        "strength": ["promise", "proposal"],
        "place": ["Aktau", ""],
    }


def test_a_correction_keeps_what_another_editor_has_changed_meanwhile() -> None:
    commitment = make_commitment()
    stale = Commitment.objects.get(pk=commitment.pk)
    correct(commitment, title="First")
    correct(stale, place="Second")
    now = Commitment.objects.get(pk=commitment.pk)
    assert (now.title, now.place) == ("First", "Second")


@pytest.mark.parametrize(
    "field",
    ["window", "status", "publication", "evidence", "revision", "public_id", "key", "successor"],
)
def test_what_has_an_action_of_its_own_cannot_be_corrected(field: str) -> None:
    error = refusal(correct, make_commitment(), **{field: "x"})
    assert (error.field, error.message) == (field, "This cannot be corrected here.")


def test_parties_and_topics_are_replaced_as_a_whole() -> None:
    kz, ru = make_party("kz"), make_party("ru")
    commitment = make_commitment(
        parties=[(kz, PartyRole.PROMISED_BY), (ru, PartyRole.COUNTERPART)],
        topics=[make_topic("space")],
    )
    kept = commitment.involvements.get(party=kz)
    correct_commitment(
        commitment=commitment,
        fields={},
        parties=[(kz, PartyRole.PROMISED_BY), (kz, PartyRole.RESPONSIBLE)],
        topics=[],
        actor=None,
        now=NOW,
    )
    parts = [(part.party.key, part.role) for part in commitment.involvements.all()]
    assert parts == [("kz", "promised_by"), ("kz", "responsible")]
    assert commitment.involvements.filter(pk=kept.pk).exists()
    assert Revision.objects.latest("number").changes == {
        "parties": [
            [["counterpart", "ru"], ["promised_by", "kz"]],
            [["promised_by", "kz"], ["responsible", "kz"]],
        ],
        "topics": [["space"], []],
    }


@pytest.mark.parametrize("published", [True, False])
def test_what_is_published_keeps_somebody_who_promised_it(published: bool) -> None:
    commitment = make_commitment(published=published)
    given: dict[str, Any] = {"fields": {}, "parties": [], "actor": None, "now": NOW}
    if not published:
        correct_commitment(commitment=commitment, **given)
        assert commitment.involvements.count() == 0
        return
    assert refusal(correct_commitment, commitment=commitment, **given).field == "parties"


@pytest.mark.parametrize("field", ["parent", "duplicate_of"])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_links_never_close_to_a_circle(field: str, length: int) -> None:
    chain = [make_commitment() for _number in range(length)]
    for lower, upper in itertools.pairwise(chain):
        correct(lower, **{field: upper})
    before = whole_record()
    with pytest.raises(CircleError) as caught:
        correct(chain[-1], **{field: chain[0]})
    assert (caught.value.specific_code, caught.value.field) == ("circle", field)
    assert changed_tables(before) == set()


def test_a_circle_shows_behind_an_object_that_is_older_than_the_link() -> None:
    first, second = make_commitment(), make_commitment()
    stale = Commitment.objects.select_related("parent").get(pk=second.pk)
    correct(second, parent=first)
    with pytest.raises(CircleError):
        correct(first, parent=stale)


def test_a_chain_that_ends_is_no_circle() -> None:
    top, middle, bottom = (make_commitment() for _number in range(3))
    correct(middle, parent=top)
    correct(bottom, parent=middle)
    assert correct(bottom, parent=top).parent == top
    assert correct(bottom, parent=None).parent is None


def test_only_an_editor_records_and_corrects(nobody: User) -> None:
    commitment = make_commitment()
    before = whole_record()
    with pytest.raises(NotAllowed):
        record(actor=nobody)
    with pytest.raises(NotAllowed):
        correct_commitment(commitment=commitment, fields={"title": "x"}, actor=nobody, now=NOW)
    assert changed_tables(before) == set()


def test_a_party_is_named_once_for_each_role(editor: User) -> None:
    party = make_party()
    commitment = record(parties=[(party, PartyRole.PROMISED_BY)] * 3)
    assert commitment.involvements.count() == 1
    assert Party.objects.get(pk=party.pk).commitments.count() == 1
