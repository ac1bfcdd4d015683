"""What a feed's bytes hang on, and what they do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import retract_commitment
from commitments.exceptions import InvalidInput
from tests.builders import NOW, make_approver, make_commitment, make_source
from timeline.feeds import read_choices, render_feed
from timeline.ical.choices import CalendarChoices

pytestmark = pytest.mark.django_db


def events_of(body: bytes) -> dict[str, bytes]:
    """Each VEVENT by its UID."""
    parts = body.split(b"BEGIN:VEVENT")[1:]
    return {part.split(b"UID:")[1].split(b"\r\n")[0].decode(): part for part in parts}


def feed_body(query: str = "") -> bytes:
    choices, selection = read_choices(QueryDict(query))
    return render_feed(choices, selection, now=NOW).body


def test_feed_is_the_same_bytes_when_nothing_changed() -> None:
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


def test_feed_keeps_its_uids_when_the_site_moves() -> None:
    make_commitment()
    before = list(events_of(feed_body()))
    cache.clear()
    with override_settings(SITE_URL="https://elsewhere.example"):
        assert list(events_of(feed_body())) == before


def test_feed_of_nothing_is_a_calendar() -> None:
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
def test_feed_has_a_tombstone_without_text_for_90_days(days_later: int, expected: bool) -> None:
    commitment = make_commitment(title="Regrettable words", summary="About it", place="Nowhere")
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Error")
    choices, selection = read_choices(QueryDict())
    body = render_feed(choices, selection, now=NOW + timedelta(days=days_later)).body
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
    choices, selection = read_choices(QueryDict("schedule=overdue"))
    before = render_feed(choices, selection, now=NOW)
    after = render_feed(choices, selection, now=NOW + timedelta(days=1))
    assert events_of(before.body) == {}
    assert len(events_of(after.body)) == 1


@pytest.mark.parametrize("how_many", [1, 3])
def test_feed_takes_as_many_queries_for_three_as_for_one(
    how_many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = make_source()
    for _number in range(how_many):
        make_commitment(source=source)
    # The head, the commitments, five relations, the tombstones.
    with django_assert_num_queries(8):
        feed_body()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", CalendarChoices()),
        ("show=window&language=kk&done=drop", CalendarChoices("window", "kk", (), "drop")),
        ("alarms=7,1&todos=yes", CalendarChoices(alarms=(1, 7), todos=True)),
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
