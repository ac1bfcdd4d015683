"""What the database itself refuses, whoever writes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.builders import NOW
from tests.timeline.mail.builders import make_due, make_queued, make_subscriber, make_subscription
from timeline.actions.planning import plan_reminders
from timeline.enums import MailState, ReminderState
from timeline.models import OutboxEmail, Reminder, SendingPace, Subscriber, Subscription, TickState

pytestmark = pytest.mark.django_db

LEASE = {"lease_token": uuid.uuid4(), "lease_until": NOW}


def refused(write: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(("copies", "is_refused"), [(-1, True), (0, False), (2, False), (3, True)])
def test_maybe_delivered_lies_between_0_and_2(copies: int, is_refused: bool) -> None:
    (email,) = make_queued()
    rows = OutboxEmail.objects.filter(pk=email.pk)
    values = {"state": MailState.SENDING, "maybe_delivered": copies, **LEASE}
    assert refused(lambda: rows.update(**values)) is is_refused


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"purpose": "spam"},
        {"state": MailState.SENDING},
        {"state": MailState.SENDING, "lease_until": NOW},
        {"state": MailState.QUEUED, **LEASE},
        {"state": MailState.QUEUED, "begun_at": NOW},
        {"state": MailState.QUEUED, "maybe_delivered": 1},
        {"state": MailState.UNKNOWN, "maybe_delivered": 0},
        {"state": MailState.UNKNOWN, "maybe_delivered": 2},
        {"state": MailState.SENT, "maybe_delivered": 0, "settled_at": NOW},
        {"state": MailState.SENT, "maybe_delivered": 1},
        {"state": MailState.UNRESOLVED, "maybe_delivered": 0, "settled_at": NOW},
        {"state": MailState.QUEUED, "settled_at": NOW},
        {"state": MailState.CANCELLED, "settled_at": NOW, "acknowledged_at": NOW},
        {"expires_at": NOW - timedelta(days=1)},
        {"subscriber": None},
    ],
)
def test_outbox_refuses_what_contradicts_itself(values: dict[str, Any]) -> None:
    (email,) = make_queued()
    rows = OutboxEmail.objects.filter(pk=email.pk)
    assert refused(lambda: rows.update(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"kind": "someday"},
        {"state": ReminderState.IN_MAIL},
        {"state": ReminderState.DROPPED},
        {"state": ReminderState.DROPPED, "drop_reason": "whim"},
        {"drop_reason": "muted"},
        {"event_rev": 1},
        {"kind": "status_changed"},
        {"expires_at": NOW - timedelta(days=400)},
    ],
)
def test_ledger_refuses_what_contradicts_itself(values: dict[str, Any]) -> None:
    make_due(in_days=30)
    make_subscription()
    plan_reminders(now=NOW)
    assert refused(lambda: Reminder.objects.update(**values))


def test_ledger_tells_a_thing_once() -> None:
    make_due(in_days=30)
    make_subscription()
    plan_reminders(now=NOW)
    twin = Reminder.objects.get()
    twin.pk = None
    twin.send_at += timedelta(hours=1)  # no clock value makes it another thing
    assert refused(lambda: twin.save(force_insert=True))


@pytest.mark.parametrize(
    "values",
    [
        {"address": ""},
        {"state": "asleep"},
        {"state": "suppressed"},
        {"suppression": "bounced"},
        {"rhythm": "hourly"},
        {"weekly_day": 0},
        {"weekly_day": 8},
        {"quiet_days": 127},
        {"quiet_from": "22:00"},
    ],
)
def test_subscriber_refuses_what_contradicts_itself(values: dict[str, Any]) -> None:
    make_subscriber()
    assert refused(lambda: Subscriber.objects.update(**values))


def test_address_and_subscription_are_unique() -> None:
    subscription = make_subscription(make_subscriber("ann@example.org"))
    assert refused(lambda: make_subscriber("ann@example.org"))
    assert refused(lambda: make_subscription(subscription.subscriber))
    assert Subscription.objects.count() == 1


def test_shared_rows_are_one_of_a_kind() -> None:
    assert refused(lambda: TickState.objects.create(pk=2))
    assert refused(lambda: SendingPace.objects.create(pk=2))


def test_deleting_a_subscriber_takes_all_of_theirs_along() -> None:
    (email,) = make_queued()
    assert email.subscriber is not None
    email.subscriber.delete()
    assert (OutboxEmail.objects.count(), Reminder.objects.count()) == (0, 0)
