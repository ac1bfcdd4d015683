"""What is let go of after its time, and what never is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from commitments.models import CommitmentVersion, Revision
from tests.builders import NOW, make_admin
from tests.timeline.mail.builders import DAY, make_queued, tick
from timeline.actions.alarms import acknowledge_emails
from timeline.actions.pruning import prune
from timeline.enums import MailState
from timeline.models import OutboxEmail, Reminder

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
SECOND = timedelta(seconds=1)


def settle(state: str, copies: int) -> None:
    OutboxEmail.objects.update(state=state, maybe_delivered=copies, settled_at=NOW)


@pytest.mark.parametrize(("seconds", "expected"), [(-1, 0), (0, 0), (1, 1)])
def test_settled_mail_goes_after_a_year_with_its_reminders(seconds: int, expected: int) -> None:
    make_queued()
    settle(MailState.SENT, 1)
    assert prune(now=NOW + YEAR + seconds * SECOND) == expected
    assert OutboxEmail.objects.count() == Reminder.objects.count() == 1 - expected


def test_alarm_stays_until_somebody_has_seen_it() -> None:
    (email,) = make_queued()
    settle(MailState.UNRESOLVED, 2)
    assert prune(now=NOW + 2 * YEAR) == 0
    acknowledge_emails(ids=[email.pk], actor=make_admin(), now=NOW)
    assert prune(now=NOW + 2 * YEAR) == 1


def test_open_mail_stays() -> None:
    make_queued()
    assert prune(now=NOW + 2 * YEAR) == 0
    assert OutboxEmail.objects.count() == 1


def test_zero_keeps_all(settings: Any) -> None:
    settings.KEEP_MAILS_DAYS = 0
    make_queued()
    settle(MailState.SENT, 1)
    assert prune(now=NOW + 2 * YEAR) == 0


def test_more_than_a_chunk_goes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.actions.pruning.ROWS_AT_ONCE", 2)
    make_queued(5)
    settle(MailState.SENT, 1)
    assert prune(now=NOW + 2 * YEAR) == 5


def test_tick_prunes_on_a_new_day_only(monkeypatch: pytest.MonkeyPatch) -> None:
    make_queued()
    asked = []
    monkeypatch.setattr("timeline.actions.ticking.prune", lambda *, now: asked.append(now))
    tick(NOW + DAY)
    tick(NOW + DAY + timedelta(hours=1))
    assert asked == [NOW + DAY]


@pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 1), (1, 0)])
def test_sessions_that_are_over_and_old_failed_logins_go(
    seconds: int, left: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.actions.pruning.ROWS_AT_ONCE", 2)
    settings.KEEP_MAILS_DAYS = 0
    days = timedelta(days=30)
    for number in range(3):
        Session.objects.create(session_key=f"over{number}", expire_date=NOW)
        attempt = AccessAttempt.objects.create(username=f"n{number}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - days)
    Session.objects.create(session_key="good", expire_date=NOW + DAY)
    prune(now=NOW + seconds * SECOND)
    assert AccessAttempt.objects.count() == 3 * left
    assert Session.objects.count() == 1 + 3 * left


def test_the_record_is_never_pruned() -> None:
    make_queued()
    before = (Revision.objects.count(), CommitmentVersion.objects.count())
    prune(now=NOW + 100 * YEAR)
    assert min(before) > 0
    assert (Revision.objects.count(), CommitmentVersion.objects.count()) == before
