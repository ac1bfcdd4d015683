"""Rhythm, quiet hours and pauses: what is due waits for its time, is told then, and is not lost."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import NOW, make_citation
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.grouping import group_due_reminders
from timeline.actions.planning import plan_reminders
from timeline.actions.subscribing import change_settings
from timeline.enums import Purpose
from timeline.models import OutboxEmail, Reminder, Subscriber, TickState
from timeline.moments import Habits

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATE = "our mail was late"


def texts(now: Any) -> list[str]:
    tick(now)
    return [text_of(message) for message in sent_mails()]


def test_quiet_hours_hold_until_their_end() -> None:
    make_due()
    make_subscription(make_subscriber(quiet_from=time(8), quiet_until=time(12)))
    assert texts(NOW) == []
    assert Subscriber.objects.get().held_until == NOW + 3 * HOUR
    assert texts(NOW + 3 * HOUR - timedelta(seconds=1)) == []
    (text,) = texts(NOW + 3 * HOUR)
    assert LATE not in text


def test_weekly_reader_gets_one_mail_a_week_and_nothing_counts_as_late() -> None:
    # NOW is a Tuesday; the weekly mail comes on Fridays, and tells of the days until the next one.
    due = (7, 8, 10, 11, 16, 17)
    for days in due:
        make_due(f"Due in {days}", in_days=days)
    make_subscription(make_subscriber(rhythm="weekly", weekly_day=5))
    for days in range(3):
        assert texts(NOW + days * DAY) == []
    (text,) = texts(NOW + 3 * DAY)
    assert [f"Due in {days}" in text for days in due] == [True] * 5 + [False]
    assert LATE not in text
    assert len(texts(NOW + 9 * DAY)) == 1
    second = texts(NOW + 10 * DAY)[1]
    assert [f"Due in {days}" in second for days in due] == [False] * 5 + [True]


def test_weekly_mail_keeps_what_was_due_when_all_is_planned_anew_in_that_moment() -> None:
    commitment = make_due("Due in 11", in_days=11)
    subscription = make_subscription(make_subscriber(rhythm="weekly", weekly_day=5))
    plan_reminders(now=NOW)
    subscription.needs_planning = True
    subscription.save()
    make_citation(commitment)
    (text,) = texts(NOW + 3 * DAY + timedelta(seconds=30))
    assert "Due in 11" in text
    assert "(in 8 days)" in text


def test_weekly_mail_that_our_outage_kept_back_is_late() -> None:
    make_due()
    make_subscription(make_subscriber(rhythm="weekly", weekly_day=5))
    plan_reminders(now=NOW)
    (text,) = texts(NOW + 6 * DAY)
    assert LATE in text


def test_tick_is_idle_while_somebody_is_held() -> None:
    make_due()
    make_subscription(make_subscriber(rhythm="weekly", weekly_day=5))
    tick(NOW)
    with CaptureQueriesContext(connection) as captured:
        tick(NOW + timedelta(minutes=1))
    assert len(captured) <= 4  # it asks cheaply first, then exactly; nothing is planned


def test_pause_keeps_everything_and_tells_it_in_one_mail_without_blame() -> None:
    for days in (7, 8, 9):
        make_due(f"Due in {days}", in_days=days)
    make_subscription(make_subscriber(paused_until=NOW + 5 * DAY))
    for days in range(5):
        assert texts(NOW + days * DAY) == []
    (text,) = texts(NOW + 5 * DAY)
    assert [f"Due in {days}" in text for days in (7, 8, 9)] == [True] * 3
    assert LATE not in text


def test_new_habits_end_the_hold() -> None:
    make_due()
    subscription = make_subscription(make_subscriber(rhythm="weekly", weekly_day=5))
    assert texts(NOW) == []
    change_settings(
        subscriber=Subscriber.objects.get(),
        language="en",
        habits=Habits("UTC", time(9)),
        moments={subscription.pk: [["last_day", -7]]},
    )
    assert len(texts(NOW + HOUR)) == 1


def test_held_reader_does_not_hold_others_up() -> None:
    make_due()
    make_subscription(make_subscriber("held@example.org", rhythm="weekly", weekly_day=5))
    make_subscription(make_subscriber("open@example.org"))
    tick(NOW)
    assert list(OutboxEmail.objects.values_list("to_address", flat=True)) == ["open@example.org"]


def test_office_gets_a_mail_of_its_own_beside_the_reader_s() -> None:
    make_due("The launch")
    reader = make_subscriber()
    make_subscription(reader)
    make_subscription(reader, purpose=Purpose.OWNER)
    plan_reminders(now=NOW)
    assert group_due_reminders(now=NOW) == 2
    pairs = Reminder.objects.values_list("subscription__purpose", "email__purpose")
    assert sorted(pairs) == [("owner", "owner"), ("reader", "reminders")]


@pytest.mark.parametrize("rhythm", ["immediate", "weekly"])
def test_grouping_makes_as_many_queries_for_three_readers_as_for_one(rhythm: str) -> None:
    make_due()
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_subscription(make_subscriber(rhythm=rhythm, weekly_day=5))
        plan_reminders(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            group_due_reminders(now=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_three_days_of_silence_are_one_mail_for_each_with_what_was_missed_rem28() -> None:
    readers = 3
    for days in range(5):
        make_due(f"Item {days}", in_days=7 - days)
    for _ in range(readers):
        make_subscription(lead_days=[7, 6, 5, 4, 3], now=NOW - 5 * DAY)
    plan_reminders(now=NOW - 4 * DAY)
    TickState.objects.update(last_ok_at=NOW - 3 * DAY)
    OutboxEmail.objects.all().delete()
    mails = texts(NOW)
    assert len(mails) == readers
    for text in mails:
        assert LATE in text
        assert all(f"Item {days}" in text for days in range(5))
    assert not Reminder.objects.due(NOW).exists()
