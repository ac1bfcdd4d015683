"""What a feed's bytes hang on, and what they do not."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.dates import move_date
from commitments.actions.parties import save_party
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.enums import PartyRole
from commitments.exceptions import InvalidInput
from commitments.models import Commitment, Party
from commitments.window import Window
from tests.builders import (
    NOW,
    SAID_AT,
    make_approver,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
)
from timeline.entries import Entry
from timeline.feeds.asking import public_feed, read_choices
from timeline.feeds.bytes import Stamp, find_stamp, read_body
from timeline.ical.calendar import entry_fragment
from timeline.ical.choices import CalendarChoices
from timeline.record_reader import read_head

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def events_of(body: bytes) -> dict[str, bytes]:
    """Each VEVENT by its UID."""
    parts = body.split(b"BEGIN:VEVENT")[1:]
    return {part.split(b"UID:")[1].split(b"\r\n")[0].decode(): part for part in parts}


def fetch(query: str = "", *, now: datetime = NOW) -> tuple[Stamp, bytes]:
    """The feed as it is served at `now`: its stamp and its plain bytes."""
    wanted = public_feed(QueryDict(query))
    stamp = find_stamp(wanted, number=read_head(), now=now)
    stamp, packed = read_body(wanted, stamp, now=now)
    return stamp, gzip.decompress(packed)


def feed_body(query: str = "", *, now: datetime = NOW) -> bytes:
    return fetch(query, now=now)[1]


def made_anew(query: str = "", *, now: datetime = NOW) -> bytes:
    """The same with nothing to build upon."""
    cache.clear()
    return feed_body(query, now=now)


def test_cal10_feed_is_the_same_bytes_when_nothing_changed() -> None:
    make_commitment()
    first = feed_body()
    cache.clear()
    assert feed_body() == first


def test_feed_changes_only_the_bytes_of_the_event_that_changed() -> None:
    changed, kept = make_commitment(title="Bridge"), make_commitment(title="Tunnel")
    before = events_of(feed_body())
    correct_commitment(commitment=changed, fields={"title": "Long bridge"}, actor=None, now=NOW)
    after = events_of(feed_body())
    assert before.keys() == after.keys()
    differing = [uid for uid in before if before[uid] != after[uid]]
    assert differing == [f"{changed.public_id}@commitments.invalid"]
    assert f"{kept.public_id}@commitments.invalid" in after


def test_cal18_feed_keeps_its_uids_when_the_site_moves() -> None:
    make_commitment()
    before = list(events_of(feed_body()))
    cache.clear()
    with override_settings(SITE_URL="https://elsewhere.example"):
        assert list(events_of(feed_body())) == before


def test_cal19_feed_of_nothing_is_a_calendar() -> None:
    body = feed_body("topic=")
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert events_of(body) == {}


def test_feed_leaves_out_drafts_and_undated() -> None:
    make_commitment(title="Secret draft", published=False)
    make_commitment(title="Without a date", window="")
    body = feed_body()
    assert b"Secret draft" not in body
    assert b"Without a date" not in body


@pytest.mark.parametrize(
    ("days_later", "expected"), [(0, True), (89, True), (90, True), (91, False), (92, False)]
)
def test_cal15_cal16_feed_has_a_tombstone_without_text_for_90_days(
    days_later: int, expected: bool
) -> None:
    commitment = make_commitment(title="Regrettable words", summary="About it", place="Nowhere")
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")
    body = feed_body(now=NOW + timedelta(days=days_later))
    events = events_of(body)
    assert (f"{commitment.public_id}@commitments.invalid" in events) is expected
    for text in (b"Regrettable", b"About it", b"Nowhere", b"Error"):
        assert text not in body
    if expected:
        event = events[f"{commitment.public_id}@commitments.invalid"]
        assert b"STATUS:CANCELLED\r\n" in event
        assert b"SUMMARY:Withdrawn\r\n" in event


def test_feed_of_a_draft_that_was_retracted_has_no_tombstone() -> None:
    commitment = make_commitment(published=False)
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")
    assert events_of(feed_body()) == {}


def test_feed_is_kept_until_the_record_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    commitment = make_commitment(title="Bridge")
    feed_body()
    with django_assert_num_queries(1):
        feed_body()
    correct_commitment(commitment=commitment, fields={"title": "Pier"}, actor=None, now=NOW)
    assert b"Pier" in feed_body()


def test_feed_by_schedule_follows_the_clock() -> None:
    make_commitment(window="2026-11-24", time_zone="UTC")
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    counts = [
        len(events_of(feed_body("schedule=overdue", now=midnight + timedelta(seconds=seconds))))
        for seconds in (-1, 0, 1)
    ]
    assert counts == [0, 1, 1]


@pytest.mark.parametrize("how_many", [1, 3])
def test_feed_takes_as_many_queries_for_three_as_for_one(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = make_source()
    for _number in range(how_many):
        make_commitment(source=source)
    # The head, the commitments, five relations, the tombstones, the time of the last change.
    with django_assert_num_queries(9):
        feed_body()


def test_tombstones_are_sent_to_the_feeds_that_had_them() -> None:
    """By what was public last: the filter is not asked of what the desk wrote after that."""
    approver, culture, space = make_approver(), make_topic("culture"), make_topic("space")
    make_commitment(topics=[space])
    gone = make_commitment(topics=[culture], window="2030", title="Alley")
    gone = retract_commitment(commitment=gone, actor=approver, now=NOW, reason="Error")
    correct_commitment(commitment=gone, fields={"title": "Removed"}, topics=[], actor=None, now=NOW)
    uid = f"{gone.public_id}@commitments.invalid"
    sent = ["", "from=2029-01-01", "topic=culture", "status=announced", "q=Alley"]
    not_sent = ["topic=space", "to=2029-01-01", "status=delivered", "as_of=2026-11-24"]
    assert [query for query in sent if uid not in events_of(feed_body(query))] == []
    assert [query for query in not_sent if uid in events_of(feed_body(query))] == []


def test_words_of_what_was_taken_back_cannot_be_guessed_by_searching() -> None:
    gone = make_commitment(title="Regrettable", place="Nowhere")
    retract_commitment(commitment=gone, actor=make_approver(), now=NOW, reason="Error")
    bodies = {feed_body(query) for query in ("q=Regrettable", "q=other", "place=Nowhere", "")}
    assert len(bodies) == 1


def test_feed_outlives_the_last_commitment_on_its_topic() -> None:
    gone = make_commitment(topics=[make_topic("culture")])
    retract_commitment(commitment=gone, actor=make_approver(), now=NOW, reason="Error")
    assert list(events_of(feed_body("topic=culture"))) == [f"{gone.public_id}@commitments.invalid"]
    with pytest.raises(InvalidInput, match="no topic"):
        feed_body("topic=culture", now=NOW + timedelta(days=91))


def correct_title(one: Commitment, _other: Commitment) -> None:
    correct_commitment(commitment=one, fields={"title": "Pier"}, actor=None, now=LATER)


def move_out_and_in(one: Commitment, other: Commitment) -> None:
    for commitment, window in ((one, "2031"), (other, "2026")):
        move_date(
            commitment=commitment,
            window=Window.parse(window),
            actor=make_editor(),
            now=LATER,
            reason="Mistyped.",
            is_correction=True,
        )


def take_back(one: Commitment, _other: Commitment) -> None:
    retract_commitment(commitment=one, actor=make_approver(), now=LATER, reason="Error")


def take_back_and_publish(one: Commitment, other: Commitment) -> None:
    take_back(one, other)
    publish_commitment(commitment=one, actor=None, now=LATER)


def add_one(_one: Commitment, _other: Commitment) -> None:
    make_commitment(title="Between", now=SAID_AT + timedelta(hours=1))


def rename_a_party(_one: Commitment, _other: Commitment) -> None:
    party = Party.objects.get(key="railways")
    party.name = "Railways of the north"
    save_party(party=party, actor=None, now=LATER)


CHANGES = [
    correct_title,
    move_out_and_in,
    take_back,
    take_back_and_publish,
    add_one,
    rename_a_party,
]


@pytest.mark.parametrize("query", ["", "to=2029-01-01&todos=yes&alarms=3"])
@pytest.mark.parametrize("change", CHANGES)
def test_feed_after_a_change_is_what_it_would_be_made_anew(
    change: Callable[[Commitment, Commitment], None], query: str
) -> None:
    party = make_party("railways")
    one = make_commitment(title="Bridge", parties=[(party, PartyRole.RESPONSIBLE)])
    other = make_commitment(title="Tunnel", window="2030", now=SAID_AT + timedelta(hours=2))
    before = feed_body(query, now=LATER)
    change(one, other)
    after = feed_body(query, now=LATER)
    assert after != before
    assert after == made_anew(query, now=LATER)


def test_feed_reads_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed, _kept = make_commitment(), make_commitment()
    feed_body()
    correct_commitment(commitment=changed, fields={"title": "Pier"}, actor=None, now=NOW)
    written: list[str] = []

    def write(entry: Entry, choices: CalendarChoices) -> bytes:
        written.append(entry.public_id)
        return entry_fragment(entry, choices)

    monkeypatch.setattr("timeline.feeds.bytes.entry_fragment", write)
    feed_body()
    assert written == [changed.public_id]


def test_feed_of_the_next_day_is_made_of_that_of_the_day_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, taken = make_commitment(), make_commitment()
    retract_commitment(commitment=taken, actor=make_approver(), now=NOW, reason="Twice.")
    days = (NOW, NOW + timedelta(days=1), NOW + timedelta(days=91))
    expected = [made_anew(now=day) for day in days]
    assert [one.count(b"STATUS:CANCELLED") for one in expected] == [1, 1, 0]
    cache.clear()
    first = feed_body(now=days[0])
    monkeypatch.setattr("timeline.record_reader.stream_entries", None)
    assert [first, *(feed_body(now=day) for day in days[1:])] == expected
    assert f"UID:{kept.public_id}@".encode() in first


@pytest.mark.parametrize(("items", "hours"), [(2, 1), (3, 25), (4, 25)])
def test_large_feed_is_kept_over_the_next_midnight(
    monkeypatch: pytest.MonkeyPatch, items: int, hours: int
) -> None:
    monkeypatch.setattr("timeline.feeds.bytes.LARGE", 3)
    kept_for: list[int] = []
    monkeypatch.setattr(
        "timeline.feeds.bytes.keep", lambda _values, *, seconds: kept_for.append(seconds)
    )
    for _number in range(items):
        make_commitment()
    find_stamp(public_feed(QueryDict()), number=read_head(), now=NOW)
    assert kept_for == [hours * 3600]


def test_stamp_keeps_its_digest_when_the_change_is_in_another_feed() -> None:
    make_commitment(window="2026")
    other = make_commitment(window="2030")
    before, _body = fetch("to=2027-01-01")
    correct_commitment(commitment=other, fields={"title": "Pier"}, actor=None, now=NOW)
    after, _body = fetch("to=2027-01-01")
    assert (after.digest, after.number) == (before.digest, before.number + 1)


def test_last_change_is_never_before_the_one_that_took_an_item_away() -> None:
    make_commitment(window="2026")
    leaving = make_commitment(window="2026")
    before, _body = fetch("to=2027-01-01")
    move_date(
        commitment=leaving,
        window=Window.parse("2030"),
        actor=make_editor(),
        now=LATER,
        reason="Mistyped.",
        is_correction=True,
    )
    after, _body = fetch("to=2027-01-01")
    assert (before.changed_at, after.changed_at) == (SAID_AT, LATER)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", CalendarChoices()),
        ("show=window&language=kk&done=drop", CalendarChoices("window", "kk", (), "drop")),
        ("alarms=7,1&todos=yes", CalendarChoices(alarms=(1, 7), todos=True)),
        ("links=yes", CalendarChoices(links=True)),
        ("links=no", CalendarChoices()),
    ],
)
def test_choices_are_read(query: str, expected: CalendarChoices) -> None:
    choices, selection = read_choices(QueryDict(query + "&status=announced"))
    assert choices == expected
    assert dict(selection.lists()) == {"status": ["announced"]}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("show=month", "show"),
        ("language=xx", "language"),
        ("done=maybe", "done"),
        ("todos=1", "todos"),
        ("links=1", "links"),
        ("alarms=x", "alarms"),
        ("alarms=-1", "alarms"),
        ("alarms=367", "alarms"),
        ("alarms=1,2,3,4,5,6,7,8,9,10,11", "alarms"),
    ],
)
def test_choices_refuse_what_is_not_possible(query: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_choices(QueryDict(query))
    assert caught.value.field == field
