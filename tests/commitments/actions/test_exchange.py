"""Import writes all rows through the actions, or none; export, import, export gives equal bytes."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command

from commitments.actions.exchange import ImportRefused, import_rows
from commitments.enums import CitationRole, PartyRole, Publication, Status
from commitments.exceptions import NotAllowed
from commitments.exchange.entries import Outcome
from commitments.exchange.reading import read_rows
from commitments.models import (
    Citation,
    Commitment,
    Party,
    Revision,
    Source,
    StatusChange,
    Target,
    Topic,
)
from commitments.record_audit import find_faults
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
    make_user,
)
from tests.commitments.exchange.files import a_row, compared, csv_file, exported, load

pytestmark = pytest.mark.django_db

BUNDLE = csv_file(
    a_row(
        key="bridge",
        window="2026",
        parties="minister; responsible:kz",
        topics="roads",
        parent="roads",
        source="speech",
        quote="A bridge in 2026.",
        said_by="minister",
        measure="length",
        unit="km",
        goal="-3.50",
        publication="published",
        **{"title:ru": "Мост"},
    ),
    a_row(key="roads", kind="programme", title="=Roads", status="in_progress"),
    {"record": "party", "key": "minister", "kind": "person", "name": "A Minister", "body": "kz"},
    {"record": "party", "key": "kz", "kind": "country", "name": "Kazakhstan", "country_code": "KZ"},
    {"record": "topic", "key": "roads", "name": "Roads"},
    {
        "record": "source",
        "key": "speech",
        "title": "Speech",
        "kind": "transcript",
        "date": "2024-11-27",
        "independent": "yes",
    },
    {"record": "citation", "commitment": "roads", "source": "speech", "role": "reports"},
)


def test_bundle_is_recorded_with_every_part_and_every_row_of_the_log() -> None:
    editor = make_editor()
    assert load(BUNDLE, editor) == 7
    bridge = Commitment.objects.get(key="bridge")
    assert (bridge.title, bridge.window, bridge.time_zone) == ("A bridge", "2026", "Asia/Almaty")
    assert (bridge.publication, bridge.status) == (Publication.DRAFT, Status.ANNOUNCED)
    assert bridge.parent is not None
    assert (bridge.parent.title, bridge.parent.status) == ("=Roads", Status.IN_PROGRESS)
    assert bridge.translations == {"ru": {"title": "Мост"}}
    assert sorted((part.role, part.party.key) for part in bridge.involvements.all()) == [
        ("promised_by", "minister"),
        ("responsible", "kz"),
    ]
    minister = Party.objects.get(key="minister")
    assert minister.body == Party.objects.get(key="kz")
    citation = Citation.objects.get(commitment=bridge)
    assert (citation.quote, citation.said_by) == ("A bridge in 2026.", minister)
    assert Citation.objects.get(commitment=bridge.parent).role == CitationRole.REPORTS
    assert str(Target.objects.get(commitment=bridge)) == "length: ≥ -3.5 km"
    assert Source.objects.get(key="speech").independent
    assert StatusChange.objects.count() == 2
    assert set(Revision.objects.values_list("actor", flat=True)) == {editor.pk}
    assert Revision.objects.filter(commitment=bridge).count() == bridge.revision == 3
    assert {entry.outcome for entry in compared(BUNDLE)} == {Outcome.SAME}


def test_second_import_of_a_file_changes_nothing() -> None:
    approver = make_approver()
    load(BUNDLE, approver, publish=True)
    before = Revision.objects.count()
    load(BUNDLE, approver, publish=True)
    assert Revision.objects.count() == before


def test_one_wrong_row_and_nothing_is_written() -> None:
    before = Revision.objects.count()
    wrong = csv_file(a_row(), a_row(window="soon"), {"record": "topic", "key": "a", "name": "A"})
    with pytest.raises(ImportRefused, match="1 row is wrong") as refused:
        load(wrong, make_editor())
    assert [entry.row.number for entry in refused.value.entries] == [3]
    assert not Commitment.objects.exists()
    assert not Topic.objects.exists()
    assert Revision.objects.count() == before


def test_what_an_action_refuses_takes_everything_back() -> None:
    there = make_commitment(key="there")
    child = make_commitment(key="child", parent=there)
    data = csv_file(a_row(), {"id": there.public_id, "parent": child.public_id})
    with pytest.raises(ImportRefused) as refused:
        load(data, make_editor())
    ((entry,),) = [refused.value.entries]
    assert (entry.row.number, entry.problems[0].column) == (3, "parent")
    assert Commitment.objects.count() == 2


def test_who_stops_in_the_middle_has_written_nothing() -> None:
    writing = import_rows(
        rows=read_rows(BUNDLE), actor=make_editor(), now=NOW, time_zone="UTC", publish=False
    )
    assert next(writing) == 1
    writing.close()
    assert not Topic.objects.exists()


def test_corrections_change_only_what_differs() -> None:
    kz, cn = make_party("kz"), make_party("cn")
    there = make_commitment(
        title="A bridge", summary="Long.", parties=[(kz, PartyRole.PROMISED_BY)]
    )
    row = {"id": there.public_id, "title": "Two bridges", "parties": "kz; counterpart:cn"}
    load(csv_file(row), make_editor())
    last = Revision.objects.latest("number")
    assert (last.kind, sorted(last.changes)) == ("corrected", ["parties", "title"])
    now = Commitment.objects.get(pk=there.pk)
    assert (now.title, now.summary, now.publication) == ("Two bridges", "Long.", "published")
    assert set(now.parties.all()) == {kz, cn}


def test_citation_is_added_to_what_stands_once() -> None:
    there, source = make_commitment(), make_source(key="later")
    data = csv_file({"record": "citation", "commitment": there.public_id, "source": "later"})
    load(data, make_editor())
    load(data, make_editor())
    assert Citation.objects.filter(commitment=there, source=source).count() == 1


def test_viewer_imports_nothing_and_an_editor_does_not_publish() -> None:
    with pytest.raises(NotAllowed):
        load(BUNDLE, make_user(permissions=["view_commitment"], is_staff=True))
    with pytest.raises(NotAllowed):
        load(BUNDLE, make_editor(), publish=True)
    assert not Commitment.objects.exists()


def full_record() -> None:
    """A record with everything that a file can hold."""
    load(BUNDLE, make_approver("first"), publish=True)
    there = make_commitment(
        title="'=1+1",
        summary=" =cmd|' /C calc'!A0\n@x\r\n_x000D_ and\rmore ",
        note="\t=1",
        window="2025-21/..",
        status=Status.DELIVERED,
        topics=[make_topic("space", translations={"kk": {"name": "Ғарыш"}})],
        translations={"de": {"title": "Eins"}, "ru": {"summary": "+1"}},
    )
    make_citation(there, make_source(title="Older"), locator="-1", quote="=2")
    make_commitment(published=False, duplicate_of=there, window="", hemisphere="south")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_import_into_an_empty_record_export_gives_equal_bytes(kind: str) -> None:
    full_record()
    first = exported(kind)
    call_command("flush", "--noinput", verbosity=0)
    assert not Revision.objects.exists()
    load(first, make_approver(), publish=True)
    assert exported(kind) == first
    assert Commitment.objects.get(note="\t=1").title == "'=1+1"
    assert list(find_faults(key=settings.RECORD_KEY)) == []
