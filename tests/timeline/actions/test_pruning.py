"""What is let go of after its time, and what never is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

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
