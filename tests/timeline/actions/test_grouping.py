"""Due reminders of one reader become one mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import NOW
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions import grouping
from timeline.actions.grouping import group_due_reminders
from timeline.actions.planning import plan_reminders
from timeline.enums import MailState, ReminderState, SubscriberState
from timeline.models import OutboxEmail, Reminder, Subscriber

pytestmark = pytest.mark.django_db


def test_all_of_a_day_is_one_mail_with_each_item_rem37() -> None:
    for number in range(3):
        make_due(f"In a week {number}", in_days=7)
        make_due(f"Today {number}", in_days=0)
    make_subscription(lead_days=[7, 0])
    tick(NOW)
    email = OutboxEmail.objects.get()
    assert Reminder.objects.filter(email=email, state=ReminderState.IN_MAIL).count() == 6
    (message,) = sent_mails()
    titles = [f"{when} {number}" for when in ("In a week", "Today") for number in range(3)]
    assert all(text_of(message).count(title) == 1 for title in titles)


def test_subscriptions_of_one_reader_share_a_mail_and_say_a_thing_once() -> None:
    make_due("The Games")
    reader = make_subscriber()
    make_subscription(reader)
    make_subscription(reader, query="kind=milestone")
    tick(NOW)
    assert Reminder.objects.filter(state=ReminderState.IN_MAIL).count() == 2
    (message,) = sent_mails()
    assert text_of(message).count("The Games") == 1


def test_each_reader_has_a_mail_and_a_message_id() -> None:
    make_due()
    first, second = make_subscription(), make_subscription()
    plan_reminders(now=NOW)
    assert group_due_reminders(now=NOW) == 2
    emails = OutboxEmail.objects.order_by("pk")
    assert [one.to_address for one in emails] == [
        first.subscriber.address,
        second.subscriber.address,
    ]
    assert len({one.message_id for one in emails}) == 2
    assert {one.state for one in emails} == {MailState.QUEUED}


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 1), (1, 1)])
def test_due_is_from_the_instant_on(seconds: int, expected: int) -> None:
    make_due()
    make_subscription()
    now = NOW + timedelta(seconds=seconds)
    plan_reminders(now=now)
    assert group_due_reminders(now=now) == expected


def test_grouping_twice_makes_nothing_twice() -> None:
    make_due()
    make_subscription()
    plan_reminders(now=NOW)
    assert (group_due_reminders(now=NOW), group_due_reminders(now=NOW)) == (1, 0)


def test_reader_who_left_or_pauses_gets_none() -> None:
    make_due()
    left, pausing = make_subscription(), make_subscription()
    plan_reminders(now=NOW)
    Subscriber.objects.filter(pk=left.subscriber_id).update(state=SubscriberState.LEFT)
    Subscriber.objects.filter(pk=pausing.subscriber_id).update(paused_until=NOW + DAY)
    assert group_due_reminders(now=NOW) == 0
    assert group_due_reminders(now=NOW + DAY) == 1
    assert OutboxEmail.objects.get().subscriber == pausing.subscriber


def test_more_readers_than_fit_a_chunk_have_one_mail_each(monkeypatch: Any) -> None:
    monkeypatch.setattr(grouping, "REMINDERS_AT_ONCE", 2)
    for _ in range(3):
        make_due()
    for _ in range(5):
        make_subscription()
    plan_reminders(now=NOW)
    assert group_due_reminders(now=NOW) == 5
    assert OutboxEmail.objects.count() == 5
    assert Reminder.objects.filter(state=ReminderState.IN_MAIL).count() == 15


def test_grouping_makes_as_many_queries_for_three_as_for_one() -> None:
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_due()
            make_subscription()
        plan_reminders(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            group_due_reminders(now=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]
