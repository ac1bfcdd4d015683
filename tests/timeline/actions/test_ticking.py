"""A tick does all that is due; with nothing due it costs next to nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import NOW, make_commitment, make_party
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_queued,
    make_subscription,
    sent_mails,
    tick,
)
from timeline.actions.claims import LEASE, claim_emails
from timeline.actions.planning import plan_reminders
from timeline.actions.ticking import run_tick
from timeline.models import OutboxEmail, Reminder, TickState

pytestmark = pytest.mark.django_db


def last_ok() -> object:
    return TickState.objects.get().last_ok_at


def test_second_tick_sends_nothing_twice() -> None:
    make_due()
    make_subscription()
    for seconds in (0, 1, 60):
        tick(NOW + timedelta(seconds=seconds))
    assert len(sent_mails()) == 1
    assert OutboxEmail.objects.count() == 1


@pytest.mark.parametrize("reminders", [0, 1, 3])
def test_tick_with_nothing_due_is_one_statement(reminders: int) -> None:
    for _ in range(reminders):
        make_due(in_days=30)
    make_subscription()
    tick(NOW)
    later = NOW + timedelta(minutes=1)
    with CaptureQueriesContext(connection) as captured:
        assert run_tick(now=later, most_emails=10) == []
    assert len(captured) == 1
    assert last_ok() == later


def test_tick_returns_no_more_mails_than_it_is_asked_for() -> None:
    make_due()
    for _ in range(3):
        make_subscription()
    assert len(run_tick(now=NOW, most_emails=2)) == 2


def test_tick_notices_whatever_there_is_to_do() -> None:
    """Each of these alone has to end the two-statement path."""
    make_subscription(lead_days=[7])
    tick(NOW)
    make_commitment(window="2026-12")
    tick(NOW)
    assert Reminder.objects.count() == 1, "a changed commitment"
    make_party()
    make_subscription()
    tick(NOW)
    assert Reminder.objects.count() == 2, "a new subscription"
    due = Reminder.objects.earliest("send_at").send_at
    tick(due)
    assert len(sent_mails()) == 2, "a due reminder"


def test_tick_calls_in_a_lease_and_delivers_again() -> None:
    (email,) = make_queued()
    claim_emails(ids=[email.pk], limit=1, per_minute=9, now=NOW)
    tick(NOW + LEASE - timedelta(seconds=1))
    assert len(sent_mails()) == 0
    tick(NOW + LEASE)
    assert len(sent_mails()) == 1


def test_tick_gives_up_what_is_too_old() -> None:
    (email,) = make_queued()
    tick(NOW + 3 * DAY)
    email.refresh_from_db()
    assert email.state == "expired"


def test_new_day_is_noticed() -> None:
    make_subscription()
    tick(NOW)
    tick(NOW + DAY)
    assert TickState.objects.get().reconciled_on == (NOW + DAY).date()


def test_good_tick_is_not_noted_when_planning_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscription()
    tick(NOW)
    monkeypatch.setattr("timeline.actions.ticking.plan_reminders", lambda *, now: False)
    make_due()
    run_tick(now=NOW + DAY, most_emails=1)
    assert last_ok() == NOW


def test_clock_that_runs_back_and_forth_sends_nothing_twice_rem44() -> None:
    make_due()
    make_subscription()
    for hours in (0, -1, 1, -2, 2, 0):
        tick(NOW + timedelta(hours=hours))
    assert len(sent_mails()) == 1


def test_everybody_gets_one_catch_up_mail_after_three_days_rem28(settings: Any) -> None:
    """A fifth of the readers at a fifth of the pace: 200 with five items each, 40 a minute."""
    settings.MAILS_PER_MINUTE = 40
    for number in range(5):
        make_due(f"Item {number}", in_days=5 - number % 2)
    for _ in range(200):
        make_subscription(lead_days=[7], now=NOW - 30 * DAY)
    plan_reminders(now=NOW - 3 * DAY)
    TickState.objects.update(last_ok_at=NOW - 3 * DAY)
    minutes = 0
    while len(mail.outbox) < 200:
        before = len(mail.outbox)
        tick(NOW + timedelta(minutes=minutes))
        assert len(mail.outbox) - before <= 40
        minutes += 1
    assert minutes <= 10
    tick(NOW + timedelta(minutes=minutes))
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 200
    for message in mail.outbox:
        fresh, missed = message.body.split("You should have heard of these before")
        assert (fresh.count("Item"), missed.count("Item")) == (0, 5)
