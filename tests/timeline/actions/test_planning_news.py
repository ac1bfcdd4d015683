"""What changes of the record make news, when it goes out, and what it says then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.dates import move_date
from commitments.actions.publication import publish_commitment, retract_commitment
from commitments.actions.status import change_status
from commitments.enums import PartyRole, Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_commitment,
    make_editor,
    make_party,
)
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.planning import plan_reminders
from timeline.actions.ticking import run_tick
from timeline.enums import MailState, ReminderKind, ReminderState
from timeline.models import Mute, OutboxEmail, Reminder, Subscription

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
EARLIER = NOW - DAY


def follow(*kinds: str, query: str = "", **fields: Any) -> Subscription:
    """A subscription to news since yesterday; the ledger is up to date."""
    reader = fields.pop("reader", None) or make_subscriber(now=EARLIER, **fields)
    subscription = make_subscription(reader, query=query, now=EARLIER)
    subscription.moments = [[kind, 0] for kind in kinds or (ReminderKind.DATE_MOVED.value,)]
    subscription.save()
    plan_reminders(now=EARLIER)
    return subscription


def move(commitment: Commitment, window: str, minutes: float = 0) -> None:
    move_date(
        commitment=commitment,
        window=Window.parse(window),
        actor=make_editor(),
        now=NOW + minutes * MINUTE,
        citations=(make_citation(commitment),),
    )


def begin(commitment: Commitment, to: Status = Status.IN_PROGRESS, minutes: float = 0) -> None:
    change_status(
        commitment=commitment,
        move=complete_move(commitment, to),
        actor=make_editor(),
        approver=make_approver(),
        now=NOW + minutes * MINUTE,
    )


def mails_after(minutes: float) -> list[str]:
    tick(NOW + minutes * MINUTE)
    return [text_of(message) for message in sent_mails()]


def test_moved_date_is_told_with_the_old_and_the_new_words() -> None:
    commitment = make_commitment(window="2025-21", title="The alley")
    follow()
    move(commitment, "2026-23")
    (text,) = mails_after(10)
    assert "Date moved: spring 2025 → autumn 2026" in text
    assert sent_mails()[0]["Subject"] == "The alley: Date moved: spring 2025 → autumn 2026"


@pytest.mark.parametrize(("minutes", "expected"), [(9.99, 0), (10, 1), (10.01, 1)])
def test_moved_date_is_held_for_ten_minutes(minutes: float, expected: int) -> None:
    commitment = make_commitment(window="2025-21")
    follow()
    move(commitment, "2026-23")
    assert len(mails_after(minutes)) == expected


def test_edits_within_ten_minutes_are_one_mail_ten_minutes_after_the_last() -> None:
    commitment = make_commitment(window="2025-21")
    follow()
    move(commitment, "2026-24")
    tick(NOW + MINUTE)
    move(commitment, "2026-23", minutes=6)
    assert mails_after(15.9) == []
    (text,) = mails_after(16)
    assert text.count("Date moved:") == 1
    assert "spring 2025 → autumn 2026" in text
    assert mails_after(60) == [text]


def test_date_moved_there_and_back_within_ten_minutes_tells_nothing_rem32() -> None:
    commitment = make_commitment(window="2027-03")
    subscription = follow()
    subscription.moments = [["date_moved", 0], ["last_day", -7]]
    subscription.save()
    plan_reminders(now=EARLIER)
    move(commitment, "2027-05", minutes=1)
    tick(NOW + MINUTE)
    move(commitment, "2027-03", minutes=4)
    assert mails_after(30) == []
    assert OutboxEmail.objects.get().state == MailState.CANCELLED
    (day,) = Reminder.objects.planned()
    assert (day.kind, day.due_date.isoformat()) == ("last_day", "2027-03-31")


def test_next_move_after_the_mail_is_told_from_where_the_last_mail_left_off() -> None:
    commitment = make_commitment(window="2025-21")
    follow()
    move(commitment, "2026-23")
    mails_after(10)
    move(commitment, "2027", minutes=20)
    assert "Date moved: autumn 2026 → 2027" in mails_after(30)[1]


def test_move_while_the_mail_waits_in_the_outbox_is_told_by_that_mail() -> None:
    commitment = make_commitment(window="2025-21")
    follow()
    move(commitment, "2026-23")
    run_tick(now=NOW + 10 * MINUTE, most_emails=0)
    assert OutboxEmail.objects.get().state == MailState.QUEUED
    move(commitment, "2027", minutes=12)
    (text,) = mails_after(22)
    assert "Date moved: spring 2025 → 2027" in text
    assert mails_after(60) == [text]


def test_status_is_told_from_what_to_what() -> None:
    commitment = make_commitment(window="2025", title="The alley")
    follow("status_changed")
    begin(commitment)
    (text,) = mails_after(10)
    assert "Status changed: announced → in progress" in text


def test_verdict_is_told_once_though_a_day_was_due_too_rem29() -> None:
    commitment = make_due("The launch", in_days=-1)
    subscription = follow("status_changed")
    subscription.moments = [["status_changed", 0], ["last_day", 1]]
    subscription.save()
    plan_reminders(now=NOW - MINUTE)
    begin(commitment, Status.DELIVERED)
    (text,) = mails_after(3 * 24 * 60)
    assert text.count("The launch") == 1
    assert "Status changed: announced → delivered" in text
    assert "Last possible day" not in text


def test_date_and_status_of_one_commitment_are_one_item() -> None:
    commitment = make_commitment(window="2025-21", title="The alley")
    follow("status_changed", "date_moved")
    begin(commitment)
    move(commitment, "2026-23")
    (text,) = mails_after(10)
    assert text.count("The alley") == 1
    assert "Status changed:" in text
    assert "Date moved:" in text


def test_news_are_not_told_to_who_has_not_asked_and_not_from_before() -> None:
    commitment = make_commitment(window="2025-21")
    follow("status_changed")
    move(commitment, "2026-23", minutes=-5 * 24 * 60)
    follow("date_moved")
    assert mails_after(60) == []


def test_news_of_what_has_left_the_list_is_told_once_more() -> None:
    stays = make_commitment(window="2025-21", title="Stays")
    leaves = make_commitment(window="2025-21", title="Leaves")
    follow("date_moved", query="to=2025-12-31")
    follow("status_changed", query="status=announced")
    move(leaves, "2027")
    begin(stays)
    texts = mails_after(10)
    assert sorted(text.splitlines()[2] for text in texts) == ["* Leaves", "* Stays"]


def test_news_follow_the_selection_and_mutes() -> None:
    party = make_party("kazakhstan")
    chosen = make_commitment(
        window="2025-21", title="Chosen", parties=[(party, PartyRole.PROMISED_BY)]
    )
    other = make_commitment(window="2025-21", title="Other")
    muted = make_commitment(
        window="2025-21", title="Muted", parties=[(party, PartyRole.PROMISED_BY)]
    )
    subscription = follow(query="party=kazakhstan")
    Mute.objects.create(subscriber=subscription.subscriber, commitment=muted, created_at=EARLIER)
    for one in (chosen, other, muted):
        move(one, "2027")
    (text,) = mails_after(10)
    assert ("Chosen" in text, "Other" in text, "Muted" in text) == (True, False, False)


def test_news_of_a_draft_and_of_what_was_taken_back_are_never_told() -> None:
    draft = make_commitment(window="2025-21", published=False)
    public = make_commitment(window="2025-21")
    follow("date_moved")
    move(draft, "2027")
    move(public, "2027")
    publish_commitment(commitment=draft, actor=None, now=NOW + MINUTE)
    retract_commitment(
        commitment=public, actor=make_approver(), now=NOW + 2 * MINUTE, reason="Not ours."
    )
    assert mails_after(60) == []


def test_week_is_told_on_its_day_and_only_where_something_changed() -> None:
    moved = make_commitment(window="2025-21", title="Moved")
    make_commitment(window="2025-21", title="Still")
    follow("weekly", weekly_day=5)  # NOW is a Tuesday
    make_commitment(window="2028", title="Fresh", now=NOW)
    move(moved, "2026-23")
    move(moved, "2027", minutes=60)
    assert mails_after(2 * 24 * 60) == []
    (text,) = mails_after(3 * 24 * 60)
    assert "The week in your list" in text
    assert "Date moved: spring 2025 → 2027" in text
    assert "New in this list" in text
    assert "Still" not in text
    assert len(mails_after(10 * 24 * 60)) == 1


def test_nightly_round_leaves_waiting_news_alone() -> None:
    commitment = make_commitment(window="2025-21")
    subscription = follow("weekly", weekly_day=1)
    move(commitment, "2026-23")
    for days in range(1, 6):
        plan_reminders(now=NOW + days * DAY)
    subscription.needs_planning = True
    subscription.save()
    plan_reminders(now=NOW + 5 * DAY)
    assert [row.state for row in Reminder.objects.filter(kind="weekly")] == [ReminderState.PLANNED]


def test_news_that_are_no_longer_asked_for_are_not_sent() -> None:
    commitment = make_commitment(window="2025-21")
    subscription = follow("date_moved")
    move(commitment, "2026-23")
    tick(NOW)
    subscription.moments = [["last_day", 0]]
    subscription.save()
    assert mails_after(10) == []


@pytest.mark.parametrize("what", ["commitments", "subscriptions"])
def test_planning_news_makes_as_many_queries_for_three_as_for_one(what: str) -> None:
    counts = []
    for number in (1, 3):
        follow(reader=None)
        for _ in range(number - 1 if what == "subscriptions" else 0):
            follow()
        rows = [
            make_commitment(window="2025-21") for _ in range(number if what == "commitments" else 1)
        ]
        plan_reminders(now=EARLIER)
        for row in rows:
            move(row, "2027")
        with CaptureQueriesContext(connection) as captured:
            plan_reminders(now=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]
