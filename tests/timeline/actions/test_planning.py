"""What the ledger holds after changes of the record, of subscriptions, and of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.dates import move_date
from commitments.actions.publication import retract_commitment
from commitments.enums import PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    make_approver,
    make_citation,
    make_commitment,
    make_commitment_in,
    make_editor,
    make_party,
)
from tests.timeline.mail.builders import (
    DAY,
    day_off,
    make_due,
    make_subscriber,
    make_subscription,
    tick,
)
from timeline.actions import planning
from timeline.actions.planning import Progress, plan_chunk, plan_reminders
from timeline.actions.subscribing import change_settings, end_subscription, leave
from timeline.enums import DropReason, ReminderState
from timeline.models import Mute, OutboxEmail, Reminder, TickState
from timeline.moments import Habits

pytestmark = pytest.mark.django_db

Row = tuple[date, int, str]


def ledger() -> list[Row]:
    """Day, offset and state of every row."""
    rows = Reminder.objects.order_by("due_date", "offset_days", "pk")
    return list(rows.values_list("due_date", "offset_days", "state"))


def move(commitment: Commitment, window: str, now: datetime = NOW) -> None:
    move_date(
        commitment=commitment,
        window=Window.parse(window),
        actor=make_editor(),
        now=now,
        citations=(make_citation(commitment),),
    )


def test_plan_makes_a_row_for_each_lead_day_of_each_match() -> None:
    make_commitment(window="2026-12")
    make_commitment(window="2027-21")
    make_subscription(lead_days=[7, 0])
    assert plan_reminders(now=NOW)
    assert ledger() == [
        (date(2026, 12, 31), -7, ReminderState.PLANNED),
        (date(2026, 12, 31), 0, ReminderState.PLANNED),
        (date(2027, 5, 31), -7, ReminderState.PLANNED),
        (date(2027, 5, 31), 0, ReminderState.PLANNED),
    ]


def test_plan_takes_nine_o_clock_on_the_reader_s_wall() -> None:
    make_commitment(window="2026-12-31")
    make_subscription(make_subscriber(time_zone="Asia/Almaty"), lead_days=[7])
    plan_reminders(now=NOW)
    row = Reminder.objects.get()
    assert row.send_at == datetime(2026, 12, 24, 4, 0, tzinfo=UTC)
    assert row.expires_at == row.send_at + timedelta(hours=24)


def test_plan_leaves_out_drafts_the_undated_and_the_finished() -> None:
    make_commitment(window="2026-12", published=False)
    make_commitment(window="")
    make_commitment(window="2026-12/..")
    make_commitment_in(Status.DELIVERED, window="2026-12")
    make_subscription()
    plan_reminders(now=NOW)
    assert ledger() == []


def test_plan_follows_the_selection_of_the_subscription() -> None:
    party = make_party("kazakhstan")
    chosen = make_commitment(window="2026-12", parties=[(party, PartyRole.PROMISED_BY)])
    make_commitment(window="2026-12")
    make_subscription(query="party=kazakhstan")
    plan_reminders(now=NOW)
    assert list(Reminder.objects.values_list("commitment", flat=True)) == [chosen.pk]


def test_plan_leaves_the_place_in_time_out_of_the_selection() -> None:
    make_due(in_days=8)
    make_subscription(query="schedule=upcoming")
    plan_reminders(now=NOW)
    assert ledger() == [(day_off(8), -7, ReminderState.PLANNED)]


def test_plan_outlasts_a_selection_that_is_no_longer_valid() -> None:
    make_due()
    make_subscription(query="party=nobody")
    make_subscription()
    plan_reminders(now=NOW)
    assert len(ledger()) == 1


def test_plan_twice_changes_nothing() -> None:
    make_due(in_days=30)
    make_subscription()
    plan_reminders(now=NOW)
    before = list(Reminder.objects.values())
    plan_reminders(now=NOW)
    assert list(Reminder.objects.values()) == before


@pytest.mark.parametrize(("hours", "expected"), [(23, 1), (24, 1), (25, 0)])
def test_plan_tells_of_a_moment_that_is_at_most_a_day_past(hours: int, expected: int) -> None:
    now = NOW + timedelta(hours=hours)
    make_commitment(window=day_off(7).isoformat(), now=now)
    make_subscription(now=now)
    plan_reminders(now=now)
    assert len(ledger()) == expected


def test_plan_after_days_without_a_tick_makes_up_for_all_of_them() -> None:
    make_subscription(now=NOW - 9 * DAY)
    plan_reminders(now=NOW - 5 * DAY)
    TickState.objects.update(last_ok_at=NOW - 3 * DAY)
    for days in (4, 3, 2):  # their reminders were due three, four and five days ago
        make_due(in_days=days)
    plan_reminders(now=NOW)
    assert ledger() == [
        (day_off(3), -7, ReminderState.PLANNED),
        (day_off(4), -7, ReminderState.PLANNED),
    ]


def test_plan_tells_a_new_subscriber_nothing_of_the_time_before() -> None:
    make_due(in_days=4)
    TickState.objects.create(last_ok_at=NOW - 10 * DAY)
    make_subscription(now=NOW)
    plan_reminders(now=NOW)
    assert ledger() == []


def test_moved_date_moves_what_is_planned() -> None:
    commitment = make_commitment(window="2026-12")
    make_subscription()
    plan_reminders(now=NOW)
    move(commitment, "2027-03")
    plan_reminders(now=NOW)
    assert ledger() == [
        (date(2026, 12, 31), -7, ReminderState.DROPPED),
        (date(2027, 3, 31), -7, ReminderState.PLANNED),
    ]


def test_date_moved_there_and_back_revives_the_row_rem32() -> None:
    commitment = make_commitment(window="2026-12")
    make_subscription()
    plan_reminders(now=NOW)
    first = Reminder.objects.get()
    for window, minutes in (("2027-03", 2), ("2026-12", 4)):
        now = NOW + timedelta(minutes=minutes)
        move(commitment, window, now)
        plan_reminders(now=now)
    assert ledger() == [
        (date(2026, 12, 31), -7, ReminderState.PLANNED),
        (date(2027, 3, 31), -7, ReminderState.DROPPED),
    ]
    assert Reminder.objects.planned().get().pk == first.pk


def test_date_moved_there_and_back_after_the_mail_tells_nothing_again() -> None:
    commitment = make_due()
    make_subscription()
    tick(NOW)
    now = NOW + timedelta(minutes=5)
    move(commitment, "2027-03", now)
    tick(now)
    move(commitment, day_off(7).isoformat(), now)
    tick(now)
    assert OutboxEmail.objects.count() == 1


def test_verdict_drops_what_is_planned() -> None:
    commitment = make_commitment_in(Status.STALLED, window="2026-12")
    make_subscription()
    plan_reminders(now=NOW)
    Commitment.objects.filter(pk=commitment.pk).update(status=Status.WITHDRAWN)
    make_citation(commitment)  # any change of it makes the plan look at it again
    plan_reminders(now=NOW)
    assert ledger() == [(date(2026, 12, 31), -7, ReminderState.DROPPED)]


def test_retraction_drops_what_is_planned() -> None:
    commitment = make_commitment(window="2026-12")
    make_subscription()
    plan_reminders(now=NOW)
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Not ours.")
    plan_reminders(now=NOW)
    row = Reminder.objects.get()
    assert (row.state, row.drop_reason) == (ReminderState.DROPPED, DropReason.NOT_WANTED)


def test_ended_subscription_and_reader_who_left_are_dropped() -> None:
    make_commitment(window="2026-12")
    ended, left = make_subscription(), make_subscription()
    plan_reminders(now=NOW)
    end_subscription(subscription=ended, now=NOW)
    leave(subscriber=left.subscriber, now=NOW)
    plan_reminders(now=NOW)
    assert [row[2] for row in ledger()] == [ReminderState.DROPPED] * 2


def test_muted_commitment_is_dropped_and_others_stay() -> None:
    muted, other = make_commitment(window="2026-12"), make_commitment(window="2026-12")
    subscription = make_subscription()
    plan_reminders(now=NOW)
    Mute.objects.create(subscriber=subscription.subscriber, commitment=muted, created_at=NOW)
    subscription.needs_planning = True
    subscription.save()
    plan_reminders(now=NOW)
    assert list(Reminder.objects.planned().values_list("commitment", flat=True)) == [other.pk]


def test_new_lead_days_are_planned_and_old_ones_dropped() -> None:
    make_commitment(window="2026-12")
    subscription = make_subscription(lead_days=[7])
    plan_reminders(now=NOW)
    change_settings(
        subscriber=subscription.subscriber,
        language="en",
        habits=Habits("UTC", time(9, 0)),
        moments={subscription.pk: [["last_day", -3]]},
    )
    plan_reminders(now=NOW)
    assert ledger() == [
        (date(2026, 12, 31), -7, ReminderState.DROPPED),
        (date(2026, 12, 31), -3, ReminderState.PLANNED),
    ]


def test_new_offset_of_a_time_zone_reaches_planned_rows_rem43(monkeypatch: Any) -> None:
    make_commitment(window="2026-12-31")
    make_subscription(make_subscriber(time_zone="Asia/Almaty"))
    plan_reminders(now=NOW)
    before = Reminder.objects.get()

    def instant_by_new_tables(day: date, offset: int, wall: time, _zone: str) -> datetime:
        return datetime.combine(day + timedelta(days=offset), wall, UTC) - timedelta(hours=6)

    monkeypatch.setattr("timeline.actions.ledger._instant_of", instant_by_new_tables)
    plan_reminders(now=NOW + DAY)
    after = Reminder.objects.get()
    assert (after.pk, after.state) == (before.pk, ReminderState.PLANNED)
    assert after.send_at == datetime(2026, 12, 24, 3, 0, tzinfo=UTC) != before.send_at


def test_everything_is_planned_anew_once_a_day(monkeypatch: Any) -> None:
    monkeypatch.setattr(planning, "SUBSCRIPTIONS_AT_ONCE", 2)
    make_commitment(window="2026-12")
    for _ in range(5):
        make_subscription()
    plan_reminders(now=NOW)
    Reminder.objects.all().delete()
    plan_reminders(now=NOW + timedelta(hours=1))
    assert len(ledger()) == 0
    plan_reminders(now=NOW + DAY)
    assert len(ledger()) == 5
    assert TickState.objects.get().reconciled_on == day_off(1)


def test_changes_are_planned_in_chunks_and_none_is_skipped(monkeypatch: Any) -> None:
    monkeypatch.setattr(planning, "CHANGES_AT_ONCE", 3)
    make_subscription(needs_planning=False)
    TickState.objects.create(reconciled_on=NOW.date())
    for _ in range(5):
        make_commitment(window="2026-12")
    make_party()  # a change that is of no commitment
    chunks = 0
    while plan_chunk(now=NOW) is Progress.MORE:
        chunks += 1
    assert chunks > 1
    assert len(ledger()) == 5


def test_crash_in_a_chunk_repeats_it(monkeypatch: Any) -> None:
    make_commitment(window="2026-12")
    make_subscription()

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Reminder.objects, "bulk_create", crash)
        with pytest.raises(RuntimeError):
            plan_reminders(now=NOW)
    plan_reminders(now=NOW)
    assert len(ledger()) == 1


def test_overdue_row_of_a_paused_reader_outlasts_the_nightly_round() -> None:
    make_due()
    subscription = make_subscription(make_subscriber(paused_until=NOW + 10 * DAY))
    plan_reminders(now=NOW)
    plan_reminders(now=NOW + 5 * DAY)
    assert ledger() == [(day_off(7), -7, ReminderState.PLANNED)]
    subscription.moments = [["last_day", -2]]
    subscription.needs_planning = True
    subscription.save()
    plan_reminders(now=NOW + 5 * DAY)
    assert ledger() == [
        (day_off(7), -7, ReminderState.DROPPED),
        (day_off(7), -2, ReminderState.PLANNED),
    ]


@pytest.mark.parametrize("what", ["commitments", "subscriptions"])
def test_plan_makes_as_many_queries_for_three_as_for_one(what: str) -> None:
    counts = []
    for number in (1, 3):
        TickState.objects.all().delete()
        Reminder.objects.all().delete()
        for _ in range(number if what == "commitments" else 1):
            make_commitment(window="2026-12")
        for _ in range(number if what == "subscriptions" else 1):
            make_subscription()
        with CaptureQueriesContext(connection) as captured:
            plan_reminders(now=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]
