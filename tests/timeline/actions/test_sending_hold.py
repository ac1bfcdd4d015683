"""Sending on hold: nothing leaves, all is planned; lifted, it repeats and loses nothing."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from commitments.exceptions import InvalidInput
from tests.builders import NOW, make_admin
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_queued,
    make_subscriber,
    make_subscription,
    sent_mails,
    state_of,
    text_of,
    tick,
)
from timeline.actions.claims import claim_emails
from timeline.actions.sending_hold import (
    SENT_BEFORE,
    hold_sending,
    is_on_hold,
    lift_hold,
)
from timeline.actions.subscribing import request_subscription
from timeline.actions.webhook_delivery import tell_webhooks
from timeline.actions.webhook_planning import webhooks_wait
from timeline.enums import MailPurpose, MailState, ReminderState, Rhythm
from timeline.models import OutboxEmail, Reminder, SendingHold, TickState

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def hold(now: datetime = NOW, *, backup_at: datetime | None = None) -> SendingHold:
    return hold_sending(reason="restored", backup_at=backup_at, now=now)


def test_nothing_leaves_while_it_stands_and_all_is_planned() -> None:
    hold()
    (make_due(), make_subscription())
    assert tick(NOW) == 0
    assert (OutboxEmail.objects.count(), Reminder.objects.planned().count()) == (0, 1)
    assert TickState.objects.get().last_ok_at == NOW
    assert sent_mails() == []


def test_mail_that_waits_is_not_claimed() -> None:
    (email,) = make_queued()
    hold()
    assert claim_emails(ids=[email.pk], limit=9, per_minute=9, now=NOW).emails == []
    assert tick(NOW + HOUR) == 0
    assert state_of(email) == (MailState.QUEUED, 0)


def test_mail_is_not_given_up_meanwhile_and_has_three_days_more() -> None:
    (email,) = make_queued()
    standing = hold()
    later = NOW + 10 * DAY
    tick(later)
    assert state_of(email)[0] == MailState.QUEUED
    lift_hold(hold=standing, sent_until=None, actor=None, now=later)
    email.refresh_from_db()
    assert email.expires_at == later + timedelta(hours=72)
    tick(later)
    assert state_of(email) == (MailState.SENT, 1)


def test_request_to_confirm_gets_no_more_time_than_its_link() -> None:
    email = request_subscription(
        address="new@example.org",
        query="",
        lead_days=[7],
        language="en",
        time_zone="UTC",
        client="192.0.2.1",
        now=NOW,
    )
    assert email is not None
    ends = email.expires_at
    lift_hold(hold=hold(), sent_until=None, actor=None, now=NOW + HOUR)
    email.refresh_from_db()
    assert (email.purpose, email.expires_at) == (MailPurpose.CONFIRM, ends)


def test_webhooks_are_told_nothing(django_assert_num_queries: Any) -> None:
    hold()
    with django_assert_num_queries(1):
        assert tell_webhooks(clock=lambda: NOW) == 0
    assert webhooks_wait(now=NOW) is False


@pytest.mark.parametrize(
    ("moment", "again"),
    [(-MICROSECOND, True), (0 * MICROSECOND, False), (MICROSECOND, False)],
)
def test_what_was_due_up_to_the_moment_counts_as_sent(moment: timedelta, again: bool) -> None:
    make_due("Old news")
    make_subscription()
    standing = hold(NOW + HOUR)
    tick(NOW + HOUR)
    (row,) = Reminder.objects.planned()
    sent_until = row.send_at + moment
    count = lift_hold(hold=standing, sent_until=sent_until, actor=None, now=NOW + 2 * HOUR)
    assert count == (0 if again else 1)
    tick(NOW + 2 * HOUR)
    tick(NOW + DAY + 2 * HOUR)  # the nightly round must not revive it
    assert len(sent_mails()) == again
    row.refresh_from_db()
    assert row.state == ReminderState.IN_MAIL
    assert row.email is not None
    assert row.email.state == (MailState.SENT if again else MailState.CANCELLED)


def test_all_that_waits_is_sent_once_where_nothing_was_sent_before() -> None:
    make_due("First")
    reader = make_subscriber("one@example.org")
    make_subscription(reader)
    standing = hold(NOW)
    tick(NOW)
    assert lift_hold(hold=standing, sent_until=None, actor=None, now=NOW + HOUR) == 0
    for hours in (1, 2, 26):
        tick(NOW + hours * HOUR)
    (mail,) = sent_mails()
    assert "First" in text_of(mail)


def test_mail_in_the_hands_of_a_worker_of_the_lost_site_counts_as_sent() -> None:
    (email,) = make_queued()
    claim_emails(ids=[email.pk], limit=1, per_minute=9, now=NOW)
    standing = hold(NOW)
    lift_hold(hold=standing, sent_until=NOW, actor=None, now=NOW + HOUR)
    assert state_of(email) == (MailState.CANCELLED, 0)
    assert email.last_text == SENT_BEFORE
    tick(NOW + HOUR)
    assert sent_mails() == []


def test_each_reader_has_one_settled_mail_for_all_that_counts_as_sent() -> None:
    for number in range(3):
        make_due(f"Bridge {number}")
    for _ in range(2):
        make_subscription()
    standing = hold(NOW)
    assert lift_hold(hold=standing, sent_until=NOW, actor=None, now=NOW) == 2
    assert [email.reminders.count() for email in OutboxEmail.objects.all()] == [3, 3]


@pytest.mark.parametrize(("hours", "told"), [(9, 1), (10, 0), (11, 0)])
def test_reader_who_was_to_be_told_later_is_told(hours: int, told: int) -> None:
    """Due at nine, to be told at ten each day; the site was lost around then."""
    make_due()
    reader = make_subscriber(rhythm=Rhythm.DAILY, wall_time=time(10))
    make_subscription(reader)
    standing = hold(NOW)
    tick(NOW)
    Reminder.objects.update(send_at=NOW, expires_at=NOW + DAY)
    later = NOW + 4 * HOUR
    lost = NOW.replace(hour=hours)
    assert lift_hold(hold=standing, sent_until=lost, actor=None, now=later) == 1 - told
    tick(later)
    tick(NOW + DAY + 4 * HOUR)
    assert len(sent_mails()) == told


def test_quiet_hours_of_the_reader_count() -> None:
    make_due()
    make_subscription(make_subscriber(quiet_from=time(8), quiet_until=time(12)))
    standing = hold(NOW)
    tick(NOW)
    Reminder.objects.update(send_at=NOW, expires_at=NOW + DAY)
    assert lift_hold(hold=standing, sent_until=NOW + HOUR, actor=None, now=NOW + HOUR) == 0
    tick(NOW + 4 * HOUR)
    assert len(sent_mails()) == 1


def test_it_is_written_down_who_lifted_it_and_why(caplog: pytest.LogCaptureFixture) -> None:
    desk = make_admin()
    standing = hold(NOW, backup_at=NOW - DAY)
    with caplog.at_level(logging.WARNING):
        lift_hold(hold=standing, sent_until=NOW - HOUR, actor=desk, now=NOW)
    standing.refresh_from_db()
    assert (standing.lifted_by, standing.lifted_at) == (desk, NOW)
    assert standing.sent_until == NOW - HOUR
    assert not is_on_hold()
    assert f"User {desk.pk} lifted the hold on sending" in caplog.text


def test_second_hold_is_the_first() -> None:
    first = hold(NOW)
    assert hold(NOW + HOUR) == first
    lift_hold(hold=first, sent_until=None, actor=None, now=NOW + HOUR)
    assert hold(NOW + 2 * HOUR) != first


@pytest.mark.parametrize(
    ("sent_until", "code"),
    [
        (NOW - DAY - MICROSECOND, "before_backup"),
        (NOW - DAY, ""),
        (NOW, ""),
        (NOW + MICROSECOND, "future"),
    ],
)
def test_moment_lies_between_the_backup_and_now(sent_until: datetime, code: str) -> None:
    standing = hold(NOW, backup_at=NOW - DAY)
    found = ""
    try:
        lift_hold(hold=standing, sent_until=sent_until, actor=None, now=NOW)
    except InvalidInput as error:
        found = error.specific_code
    assert found == code
    assert is_on_hold() is bool(code)


def test_lifted_hold_is_not_lifted_again() -> None:
    standing = hold()
    lift_hold(hold=standing, sent_until=None, actor=None, now=NOW)
    with pytest.raises(InvalidInput) as refused:
        lift_hold(hold=standing, sent_until=NOW, actor=None, now=NOW)
    assert refused.value.specific_code == "lifted"
