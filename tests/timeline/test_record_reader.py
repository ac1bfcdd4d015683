"""The one door: what is not public never comes through it, by any function or link."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as PytestSettings

from commitments.actions.citations import cite_source
from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import anchor_date, move_date
from commitments.actions.publication import retract_commitment, submit_for_review
from commitments.actions.status import change_status
from commitments.actions.targets import set_target
from commitments.as_of import AsOf, select_versions
from commitments.enums import (
    AnchorUnit,
    CitationRole,
    Comparison,
    PartyRole,
    ReasonCode,
    SourceKind,
    Status,
)
from commitments.models import Citation, Commitment, RecordHead, Target
from commitments.models.version import Axis
from commitments.window import Window
from tests.builders import (
    NOW,
    SAID_AT,
    at_once,
    complete_move,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from timeline import record_reader
from timeline.entries import Entry, EntryLink

pytestmark = pytest.mark.django_db

SECRET = "Blauwal"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@at_once()
def full_of_secrets(**given: Any) -> Commitment:
    """A commitment each of whose texts has the secret word, and a history of two moves."""
    more = dict.fromkeys(("summary", "note", "place"), SECRET)
    texts = {code: {"title": f"{SECRET} {code}", **more} for code in LANGUAGES}
    source = make_source(
        title=f"{SECRET} talks", text=f"{SECRET} said.", url=f"https://{SECRET}.org/"
    )
    commitment = make_commitment(
        window="2025",
        title=f"{SECRET} title",
        summary=SECRET,
        note=SECRET,
        wording=SECRET,
        place=SECRET,
        translations=texts,
        parties=[(make_party(name=SECRET), PartyRole.PROMISED_BY)],
        topics=[make_topic(name=SECRET)],
        source=source,
        **given,
    )
    editor = make_editor()
    citation = Citation(
        commitment=commitment,
        source=source,
        role=CitationRole.REPORTS,
        quote=SECRET,
        locator=SECRET,
        said_by=make_party(name=SECRET),
    )
    cite_source(citation=citation, actor=editor, now=SAID_AT)
    move_date(
        commitment=commitment,
        window=Window.parse("2026"),
        wording=SECRET,
        reason=SECRET,
        citations=[citation],
        actor=editor,
        now=SAID_AT,
    )
    move = complete_move(commitment, Status.STALLED, reason=SECRET, missing=SECRET)
    change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    target = Target(commitment=commitment, measure=SECRET, unit=SECRET, goal=Decimal(1))
    set_target(target=target, actor=editor, now=SAID_AT)
    return Commitment.objects.get(pk=commitment.pk)


@pytest.fixture
def hidden() -> dict[str, Commitment]:
    """One in each state that is not public, each full of secrets."""
    rows = {
        "draft": full_of_secrets(published=False),
        "in_review": full_of_secrets(published=False),
        "retracted": full_of_secrets(),
        "retracted draft": full_of_secrets(published=False),
    }
    approver = make_approver()
    submit_for_review(commitment=rows["in_review"], actor=approver, now=NOW)
    for name in ("retracted", "retracted draft"):
        retract_commitment(commitment=rows[name], actor=approver, now=NOW, reason=SECRET)
    return rows


AS_OF = AsOf(NOW.date(), Axis.KNOWN)


def params(text: str = "") -> QueryDict:
    return QueryDict(text)


def everything(rows: dict[str, Commitment]) -> dict[str, Callable[[str], object]]:
    """Every public function of the door, asked for all that it can give."""
    keys = [row.pk for row in Commitment.objects.all()]
    ids = [row.public_id for row in rows.values()]
    return {
        "read_entries": lambda language: [
            record_reader.read_entries(params(text), language=language, now=NOW)
            for text in ("", f"q={SECRET}", "ordering=title", "schedule=open", f"place={SECRET}")
        ],
        "stream_entries": lambda language: [
            list(record_reader.stream_entries(params(text), language=language, now=NOW))
            for text in ("", f"q={SECRET}", "ordering=title", "schedule=open", f"place={SECRET}")
        ],
        "read_entry": lambda language: [
            record_reader.read_entry(one, language=language, now=NOW) for one in ids
        ],
        "entries_of": lambda language: record_reader.entries_of(
            Commitment.objects.order_by("pk"), (), first=0, after=99, language=language, now=NOW
        ),
        "entries_of_versions": lambda language: record_reader.entries_of_versions(
            select_versions(AS_OF, params()), AS_OF, language=language
        ),
        "read_merged_into": lambda _language: [record_reader.read_merged_into(one) for one in ids],
        "read_entries_by_id": lambda language: record_reader.read_entries_by_id(
            keys, language=language, now=NOW
        ),
        "read_selected_ids": lambda _language: record_reader.read_selected_ids(params(), now=NOW),
        "read_tombstones": lambda language: [
            record_reader.read_tombstones(
                params(text), since=SAID_AT - timedelta(days=999), language=language, now=NOW
            )
            for text in ("", f"q={SECRET}", f"place={SECRET}")
        ],
        "read_selected_public_ids": lambda _language: record_reader.read_selected_public_ids(
            params(), now=NOW
        ),
        "read_touched_public_ids": lambda _language: record_reader.read_touched_public_ids(after=0),
        "read_keys": lambda _language: record_reader.read_keys(ids),
        "read_head": lambda _language: record_reader.read_head(),
        "record_source": lambda _language: record_reader.record_source(),
        "read_visible_changes": lambda _language: record_reader.read_visible_changes(
            params(), after=0, limit=999, now=NOW
        ),
        "read_newest_changes": lambda _language: record_reader.read_newest_changes(
            params(), before=None, limit=999, now=NOW
        ),
        "check_change_filter": lambda _language: record_reader.check_change_filter(params()),
        "change_filters": lambda _language: record_reader.change_filters(),
        "all_filters": lambda _language: record_reader.all_filters(),
        "repeatable_filters": lambda _language: record_reader.repeatable_filters(),
        "record_url": lambda _language: [
            record_reader.record_url("commitment", one) for one in ids
        ],
        "read_change_time": lambda _language: record_reader.read_change_time(1),
        "read_changes": lambda _language: record_reader.read_changes(after=0),
        "count_by_schedule": lambda _language: record_reader.count_by_schedule(now=NOW),
        "page_url": lambda _language: [record_reader.page_url(one) for one in ids],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_what_is_hidden_comes_through_any_function(
    language: str, hidden: dict[str, Commitment]
) -> None:
    shown = make_commitment(title="Shown")
    for name, read in everything(hidden).items():
        assert SECRET.lower() not in repr(read(language)).lower(), name
    [entry] = record_reader.read_entries(params(), language=language, now=NOW)
    assert entry.public_id == shown.public_id


def test_the_test_above_asks_every_function_of_the_door(hidden: dict[str, Commitment]) -> None:
    public = {
        name
        for name, function in inspect.getmembers(record_reader, inspect.isfunction)
        if function.__module__ == record_reader.__name__ and not name.startswith("_")
    }
    assert set(everything(hidden)) == public


def test_the_secret_would_be_seen_if_it_were_public() -> None:
    commitment = full_of_secrets()
    entry = record_reader.read_entry(commitment.public_id, language="ru", now=NOW)
    assert entry is not None
    seen = repr(entry)
    assert seen.count(SECRET) >= 15
    assert entry.title == f"{SECRET} ru"


def test_what_is_hidden_and_what_never_was_look_alike(hidden: dict[str, Commitment]) -> None:
    for public_id in [*(row.public_id for row in hidden.values()), "nosuchid", "", "\x00"[:0]]:
        assert record_reader.read_entry(public_id, language="en", now=NOW) is None
    keys = [row.pk for row in hidden.values()]
    assert record_reader.read_entries_by_id([*keys, 0, -1], language="en", now=NOW) == {}
    assert record_reader.read_selected_ids(params(), now=NOW) == []
    assert set(record_reader.count_by_schedule(now=NOW).values()) == {0}


@pytest.mark.parametrize("state", ["draft", "in_review", "retracted", "retracted draft"])
def test_no_link_leads_to_what_is_hidden(state: str, hidden: dict[str, Commitment]) -> None:
    editor, other = make_editor(), hidden[state]
    commitment = make_commitment(title="Shown", window="2025")
    correct_commitment(
        commitment=commitment,
        fields={"parent": other, "duplicate_of": other},
        actor=editor,
        now=NOW,
    )
    anchor_date(
        commitment=commitment, anchor=other, amount=1, unit=AnchorUnit.DAY, actor=editor, now=NOW
    )
    move_date(
        commitment=other,
        window=Window.parse("2028"),
        citations=[make_citation(other)],
        actor=editor,
        now=NOW,
    )
    move = complete_move(commitment, Status.SUPERSEDED, successor=other)
    change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    entry = record_reader.read_entry(commitment.public_id, language="en", now=NOW)
    assert entry is not None
    assert entry.links == ()
    assert SECRET not in repr(entry)
    assert other.public_id not in repr(entry)
    assert len(entry.moves) == 2  # it moved with what it counts from, which stays unnamed


def test_links_lead_to_what_is_public() -> None:
    editor = make_editor()
    commitment, parent, successor = (
        make_commitment(title=title) for title in ("Launch", "Programme", "Second launch")
    )
    correct_commitment(commitment=commitment, fields={"parent": parent}, actor=editor, now=NOW)
    move = complete_move(commitment, Status.SUPERSEDED, successor=successor)
    change_status(commitment=commitment, move=move, actor=editor, now=NOW)
    entry = record_reader.read_entry(commitment.public_id, language="en", now=NOW)
    assert entry is not None
    assert entry.links == tuple(
        EntryLink(
            relation,
            label,
            other.public_id,
            other.title,
            f"{settings.SITE_URL}/c/{other.public_id}/",
        )
        for relation, label, other in (
            ("parent", "part of", parent),
            ("successor", "replaced by", successor),
        )
    )


def test_a_tombstone_is_an_id_a_window_and_instants_and_no_text(
    hidden: dict[str, Commitment],
) -> None:
    row = Commitment.objects.get(pk=hidden["retracted"].pk)
    [tombstone] = record_reader.read_tombstones(params(), since=NOW, language="en", now=NOW)
    assert tombstone == Entry(
        public_id=row.public_id,
        language="en",
        title="",
        summary="",
        kind="",
        kind_label="",
        strength="",
        strength_label="",
        window=Window.parse("2026"),
        window_words="2026",
        wording="",
        time_zone=row.time_zone,
        status="",
        status_label="",
        schedule="",
        schedule_label="",
        evidence="",
        evidence_label="",
        evidence_checked_on=None,
        note="",
        place="",
        url=f"{settings.SITE_URL}/c/{row.public_id}/",
        revision=row.revision,
        created_at=row.created_at,
        changed_at=NOW,
        is_tombstone=True,
    )
    later = NOW + timedelta(microseconds=1)
    assert record_reader.read_tombstones(params(), since=later, language="en", now=NOW) == []


def test_an_entry_has_everything_in_the_readers_language() -> None:
    speaker = make_party("kz", name="Kazakhstan", translations={"ru": {"name": "Казахстан"}})
    source = make_source(
        title="Talks",
        kind=SourceKind.OFFICIAL_RECORD,
        url="https://example.org/",
        translations={"ru": {"title": "Переговоры"}},
    )
    commitment = make_commitment(
        title="Launch",
        summary="The first.",
        window="2025",
        wording="next year",
        time_zone="Asia/Almaty",
        place="Baikonur",
        note="See paragraph 5.",
        translations={"ru": {"title": "Запуск", "place": "Байконур"}},
        parties=[(speaker, PartyRole.PROMISED_BY)],
        topics=[make_topic("space", name="Space", translations={"ru": {"name": "Космос"}})],
        source=source,
    )
    editor, approver = make_editor(), make_approver()
    move = complete_move(
        commitment,
        Status.PARTLY_DELIVERED,
        effective=Window.parse("2026-03"),
        reason="One of two.",
        reason_code=ReasonCode.FUNDING,
        missing="The second.",
    )
    change_status(commitment=commitment, move=move, actor=editor, approver=approver, now=NOW)
    target = Target(
        commitment=commitment,
        measure="launches",
        unit="1",
        goal=Decimal("2.50"),
        comparison=Comparison.AT_LEAST,
    )
    set_target(target=target, actor=editor, now=NOW)
    entry = record_reader.read_entry(commitment.public_id, language="ru", now=NOW)
    assert entry is not None
    assert (entry.title, entry.place) == ("Запуск", "Байконур")
    assert (entry.summary, entry.note) == ("The first.", "See paragraph 5.")  # as entered
    assert [(topic.key, topic.name) for topic in entry.topics] == [("space", "Космос")]
    [party] = entry.parties
    assert (party.key, party.name, party.role) == ("kz", "Казахстан", "promised_by")
    assert entry.citations[0].source_title == "Переговоры"
    assert (entry.status, entry.schedule, entry.evidence) == (
        "partly_delivered",
        "late",
        "documented",
    )
    change = entry.status_changes[-1]
    assert (change.from_status, change.to_status, change.by_two) == (
        "announced",
        "partly_delivered",
        True,
    )
    assert (change.reason, change.missing) == ("One of two.", "The second.")
    assert entry.target is not None
    assert (entry.target.goal, entry.target.baseline) == ("2.5", "")
    assert entry.url == f"{settings.SITE_URL}/c/{commitment.public_id}/"
    assert editor.username not in repr(entry)
    assert approver.username not in repr(entry)


def test_the_schedule_of_an_entry_is_that_of_the_day_at_its_place(
    settings: PytestSettings,
) -> None:
    settings.DUE_SOON_DAYS = 0
    row = make_commitment(window=str(date(2026, 11, 24)), time_zone="Pacific/Kiritimati")

    def stands(hours: int) -> str:
        now = NOW.replace(day=23, hour=0) + timedelta(hours=hours)
        entry = record_reader.read_entry(row.public_id, language="en", now=now)
        assert entry is not None
        return entry.schedule

    assert [stands(9), stands(10), stands(33), stands(34)] == [
        "upcoming",
        "due_soon",
        "due_soon",
        "overdue",
    ]


def test_changes_come_in_order_without_gaps_of_commitments_only_and_a_page_at_a_time() -> None:
    first, second = make_commitment(), make_commitment(published=False)
    make_source()
    notices = record_reader.read_changes(after=0)
    assert [notice.number for notice in notices] == sorted(notice.number for notice in notices)
    assert {notice.public_id for notice in notices} == {first.public_id, second.public_id}
    assert {(notice.commitment_id, notice.is_public) for notice in notices} == {
        (first.pk, True),
        (second.pk, False),
    }
    [one, two] = record_reader.read_changes(after=0, limit=2)
    assert [one, two] == notices[:2]
    assert record_reader.read_changes(after=two.number) == notices[2:]
    assert record_reader.read_changes(after=notices[-1].number) == []


def test_the_head_is_the_number_of_the_last_change() -> None:
    assert record_reader.read_head() == 0
    make_commitment()
    assert record_reader.read_head() == RecordHead.objects.get().number > 0


READS: dict[str, tuple[Callable[[], object], int]] = {
    "read_entries": (
        lambda: record_reader.read_entries(params(), language="en", now=NOW),
        6,
    ),
    "stream_entries": (
        lambda: list(record_reader.stream_entries(params(), language="en", now=NOW)),
        6,
    ),
    "read_entries_by_id": (
        lambda: record_reader.read_entries_by_id(
            Commitment.objects.values_list("pk", flat=True), language="en", now=NOW
        ),
        8,
    ),
    "read_selected_ids": (lambda: record_reader.read_selected_ids(params(), now=NOW), 1),
    "read_tombstones": (
        lambda: record_reader.read_tombstones(params(), since=SAID_AT, language="en", now=NOW),
        1,
    ),
    "read_changes": (lambda: record_reader.read_changes(after=0), 1),
    "count_by_schedule": (lambda: record_reader.count_by_schedule(now=NOW), 1),
    "read_selected_public_ids": (
        lambda: record_reader.read_selected_public_ids(params(), now=NOW),
        1,
    ),
    "read_touched_public_ids": (lambda: record_reader.read_touched_public_ids(after=0), 1),
    "read_head": (record_reader.read_head, 1),
    "read_change_time": (lambda: record_reader.read_change_time(1), 1),
}


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("read", "queries"), READS.values(), ids=list(READS))
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    items: int,
    read: Callable[[], object],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    approver = make_approver()
    for _number in range(items):
        commitment = full_of_secrets()
        other, taken = make_commitment(), make_commitment()
        correct_commitment(
            commitment=commitment,
            fields={"parent": other, "duplicate_of": other},
            actor=approver,
            now=NOW,
        )
        retract_commitment(commitment=taken, actor=approver, now=NOW, reason="Wrong.")
    with django_assert_num_queries(queries):
        read()
