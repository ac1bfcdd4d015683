"""Mails on their way out: what is looked at again, and what every answer of the other side does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.dates import move_date
from commitments.actions.publication import retract_commitment
from commitments.actions.status import change_status
from commitments.enums import Status
from commitments.models import Commitment
from commitments.window import Window
from tests.builders import (
    NOW,
    complete_move,
    make_approver,
    make_citation,
    make_editor,
)
from tests.services.smtp import HANG_UP, SmtpServer
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
    use_sink,
)
from timeline.actions.claims import claim_emails
from timeline.actions.delivery import deliver_emails
from timeline.actions.letters import look_again
from timeline.actions.planning import plan_reminders
from timeline.actions.subscribing import leave
from timeline.actions.ticking import run_tick
from timeline.enums import DropReason, MailState, ReminderState
from timeline.mail.transports import ConnectionBroken, Envelope, Refused, Reply
from timeline.models import Mute, OutboxEmail, Reminder, Subscriber, TickState

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


class PlannedTransport:
    """Answers as it was told to, the last answer again and again; keeps what arrived."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.arrived: list[Envelope] = []
        self.opened = 0

    def open(self) -> None:
        self.opened += 1
        if self.answers and self.answers[0] == "away":
            raise ConnectionBroken("nobody answers")

    def deliver(self, envelope: Envelope, *, before_final_dot: Any) -> Reply:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception) and not getattr(answer, "after_dot", False):
            raise answer
        before_final_dot()
        if answer != "lost":
            self.arrived.append(envelope)
        if isinstance(answer, Exception):
            raise answer
        return Reply(250, "ok")

    def close(self) -> None:
        pass


def move_to(commitment: Commitment, window: str) -> None:
    move_date(
        commitment=commitment,
        window=Window.parse(window),
        actor=make_editor(),
        now=NOW,
        citations=(make_citation(commitment),),
    )


def finish(commitment: Commitment) -> None:
    change_status(
        commitment=commitment,
        move=complete_move(commitment, Status.DELIVERED),
        actor=make_editor(),
        approver=make_approver(),
        now=NOW,
    )


# What is looked at again


def test_moved_date_drops_the_old_item_from_the_mail_rem31() -> None:
    moved, other = make_due("The launch"), make_due("The Games")
    make_subscription()
    ids = run_tick(now=NOW, most_emails=9)
    move_to(moved, "2027-03")
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0)
    (message,) = sent_mails()
    assert "The Games" in text_of(message)
    assert "The launch" not in text_of(message)
    row = Reminder.objects.get(commitment=moved)
    assert (row.state, row.drop_reason, row.email) == (
        ReminderState.DROPPED,
        DropReason.DATE_MOVED,
        None,
    )
    assert Reminder.objects.get(commitment=other).state == ReminderState.IN_MAIL


def test_mail_with_nothing_left_to_say_is_cancelled() -> None:
    commitment = make_due()
    make_subscription()
    ids = run_tick(now=NOW, most_emails=9)
    retract_commitment(commitment=commitment, actor=make_approver(), now=NOW, reason="Not ours.")
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0)
    email = OutboxEmail.objects.get()
    assert (email.state, email.last_text) == (MailState.CANCELLED, "nothing was left to say")
    assert Reminder.objects.get().drop_reason == DropReason.NOT_PUBLIC
    assert sent_mails() == []


def test_muted_commitment_is_dropped_from_the_mail() -> None:
    commitment = make_due()
    subscription = make_subscription()
    ids = run_tick(now=NOW, most_emails=9)
    Mute.objects.create(subscriber=subscription.subscriber, commitment=commitment, created_at=NOW)
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0)
    assert Reminder.objects.get().drop_reason == DropReason.MUTED
    assert sent_mails() == []


def test_reader_who_leaves_before_the_claim_gets_nothing_rem34() -> None:
    (email,) = make_queued()
    assert email.subscriber is not None
    leave(subscriber=email.subscriber, now=NOW)
    tick(NOW)
    assert state_of(email) == (MailState.CANCELLED, 0)
    assert sent_mails() == []


def test_reader_who_leaves_during_the_hand_over_gets_nothing_later_rem35() -> None:
    (email,) = make_queued()
    assert email.subscriber is not None
    reader: Subscriber = email.subscriber

    class LeavingTransport(PlannedTransport):
        def deliver(self, envelope: Envelope, *, before_final_dot: Any) -> Reply:
            leave(subscriber=reader, now=NOW)
            return super().deliver(envelope, before_final_dot=before_final_dot)

    transport = LeavingTransport("ok")
    tick(NOW, transport=transport)
    make_due(in_days=8)
    tick(NOW + DAY, transport=transport)
    assert len(transport.arrived) == 1
    assert state_of(email) == (MailState.SENT, 1)


@pytest.mark.parametrize("when", ["before the tick", "after the tick"])
def test_verdict_is_told_instead_of_the_reminder_rem29(when: str) -> None:
    commitment = make_due("The launch", in_days=1)
    make_subscription(lead_days=[3, 1], now=NOW - 30 * DAY)
    plan_reminders(now=NOW - 3 * DAY)
    TickState.objects.update(last_ok_at=NOW - 3 * DAY)
    if when == "before the tick":
        finish(commitment)
    ids = run_tick(now=NOW, most_emails=9)
    if when == "after the tick":
        finish(commitment)
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0)
    (message,) = sent_mails()
    assert message["Subject"] == "The launch: delivered"
    text = text_of(message)
    assert text.count("The launch") == 1
    assert "Status: delivered" in text
    assert "tomorrow" not in text
    assert "Settled since you asked to be reminded" in text


def test_late_item_is_told_as_missed_rem28() -> None:
    make_due("Long due", in_days=5)
    make_due("Just due", in_days=7)
    make_subscription(now=NOW - 30 * DAY)
    plan_reminders(now=NOW - 3 * DAY)
    TickState.objects.update(last_ok_at=NOW - 3 * DAY)
    tick(NOW)
    (message,) = sent_mails()
    fresh, late = text_of(message).split("You should have heard of these before")
    assert "Just due" in fresh
    assert "Long due" in late
    assert "(in 5 days)" in late


def test_looking_again_makes_as_many_queries_for_three_as_for_one() -> None:
    first, *others = make_queued(4)
    counts = []
    for chosen in ([first], others):
        ids = [email.pk for email in chosen]
        claimed = claim_emails(ids=ids, limit=9, per_minute=99, now=NOW).emails
        with CaptureQueriesContext(connection) as captured:
            letters = look_again(claimed, now=NOW)
        assert len(letters) == len(chosen)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_writing_a_mail_makes_no_query_whatever_is_in_it() -> None:
    for _ in range(3):
        make_due()
    make_subscription()
    ids = run_tick(now=NOW, most_emails=9)
    claimed = claim_emails(ids=ids, limit=9, per_minute=99, now=NOW).emails
    (letter,) = look_again(claimed, now=NOW)
    with CaptureQueriesContext(connection) as captured:
        letter.written(now=NOW)
    assert len(captured) == 0


# What the other side says


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_refusal_for_now_is_tried_again_rem13_rem14(
    command: str, settings: Any, smtp_server: SmtpServer
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies[command].append("452 4.3.1 Insufficient system storage")
    tick(NOW)
    assert state_of(email) == (MailState.QUEUED, 0)
    assert (email.last_code, email.attempts, email.next_try_at) == (452, 1, NOW + MINUTE)
    assert len(smtp_server.messages) == 0
    tick(NOW + MINUTE)
    assert state_of(email) == (MailState.SENT, 1)
    assert len(smtp_server.messages) == 1


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_refusal_for_good_fails_and_says_why_rem16(
    command: str, settings: Any, smtp_server: SmtpServer
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies[command].append("554 5.7.1 Not wanted here")
    tick(NOW)
    tick(NOW + 2 * DAY)
    assert state_of(email) == (MailState.FAILED, 0)
    assert (email.last_code, email.last_text) == (554, "5.7.1 Not wanted here")
    assert email.attempts == 1
    assert list(OutboxEmail.objects.alarming()) == [email]


def test_refusal_of_our_sender_fails_no_mail(settings: Any, smtp_server: SmtpServer) -> None:
    use_sink(settings, smtp_server)
    emails = make_queued(2)
    smtp_server.replies["MAIL"] += ["550 5.7.1 Sender unknown"] * 2
    tick(NOW)
    assert [state_of(email) for email in emails] == [(MailState.QUEUED, 0)] * 2
    tick(NOW + MINUTE)
    assert len(smtp_server.messages) == 2


def test_refusal_for_days_expires_rem17(settings: Any, smtp_server: SmtpServer) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies["RCPT"] += ["451 4.7.1 Greylisted"] * 99
    now = NOW
    while state_of(email)[0] == MailState.QUEUED:
        tick(now)
        now += timedelta(hours=2)
    assert state_of(email) == (MailState.EXPIRED, 0)
    assert now >= NOW + timedelta(hours=72)
    assert email.last_code == 451
    assert len(smtp_server.messages) == 0


def test_hang_up_after_the_dot_is_repeated_once_with_the_same_bytes(
    settings: Any, smtp_server: SmtpServer
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies["DATA"].append(HANG_UP)
    tick(NOW)
    assert state_of(email) == (MailState.UNKNOWN, 1)
    make_due("Something new")  # changes nothing in the copy
    tick(NOW + MINUTE)
    assert state_of(email) == (MailState.SENT, 2)
    (lost,), (arrived, *_) = smtp_server.refused, smtp_server.messages
    assert lost.content == arrived.content


def test_hang_up_on_both_copies_is_left_to_a_person(settings: Any, smtp_server: SmtpServer) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies["DATA"] += [HANG_UP, HANG_UP]
    for minutes in range(5):
        tick(NOW + minutes * MINUTE)
    assert state_of(email) == (MailState.UNRESOLVED, 2)
    assert email.rendered is None
    assert len(smtp_server.refused) == 2
    assert list(OutboxEmail.objects.alarming()) == [email]


def test_unknown_mail_of_a_reader_who_left_is_not_repeated(
    settings: Any, smtp_server: SmtpServer
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    smtp_server.replies["DATA"].append(HANG_UP)
    tick(NOW)
    assert email.subscriber is not None
    leave(subscriber=email.subscriber, now=NOW)
    tick(NOW + MINUTE)
    assert state_of(email) == (MailState.CANCELLED, 1)


def test_host_that_is_away_costs_one_attempt_to_reach_it() -> None:
    emails = make_queued(3)
    transport = PlannedTransport("away")
    tick(NOW, transport=transport)
    assert transport.opened == 1
    for email in emails:
        assert state_of(email) == (MailState.QUEUED, 0)
        assert (email.attempts, email.next_try_at) == (0, NOW + MINUTE)
        assert email.last_text == "nobody answers"


def test_refusal_of_one_does_not_touch_the_others() -> None:
    emails = make_queued(3)
    transport = PlannedTransport("ok", Refused(550, "no such user", is_final=True), "ok")
    tick(NOW, transport=transport)
    assert [state_of(email) for email in emails] == [
        (MailState.SENT, 1),
        (MailState.FAILED, 0),
        (MailState.SENT, 1),
    ]


# What goes wrong on our side


def test_template_that_raises_for_one_fails_that_one_rem46(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    emails = make_queued(5)
    poison = emails[2]
    original = look_again.__globals__["write_reminders"]

    def write(email: OutboxEmail, *args: Any, **kwargs: Any) -> Any:
        if email.pk == poison.pk:
            raise RuntimeError("broken template")
        return original(email, *args, **kwargs)

    monkeypatch.setattr("timeline.actions.letters.write_reminders", write)
    for minutes in (0, 1, 10, 60, 600):
        tick(NOW + minutes * MINUTE)
    assert len(sent_mails()) == 4
    assert state_of(poison) == (MailState.FAILED, 0)
    assert (poison.attempts, poison.own_failures) == (3, 3)
    assert poison.last_text == "RuntimeError: broken template"
    assert any("cannot be written" in record.message for record in caplog.records)


def test_record_that_does_not_read_fails_its_own_mail_only() -> None:
    good, bad = make_due("Good"), make_due("Bad")
    everything = make_subscription()
    make_subscription(query="q=Good")
    plan_reminders(now=NOW)
    ids = run_tick(now=NOW, most_emails=9)
    Commitment.objects.filter(pk=bad.pk).update(window="nonsense")
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0)
    (message,) = sent_mails()
    assert "Good" in text_of(message)
    failed = OutboxEmail.objects.get(subscriber=everything.subscriber)
    assert (failed.state, failed.own_failures) == (MailState.QUEUED, 1)
    assert good.pk != bad.pk


def test_pace_is_waited_for_as_long_as_patience_lasts(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILS_PER_MINUTE = 2
    ids = [email.pk for email in make_queued(3)]
    waited: list[float] = []
    now = NOW

    def sleep(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += timedelta(seconds=seconds)

    monkeypatch.setattr("timeline.actions.delivery.time.sleep", sleep)
    assert deliver_emails(ids=ids, clock=lambda: now, patience_seconds=59) == 2
    assert waited == []
    assert deliver_emails(ids=ids, clock=lambda: now, patience_seconds=60) == 1
    assert waited == [60.0]
    assert len(sent_mails()) == 3


# What may not have arrived is said again


def test_unresolved_item_is_repeated_in_the_next_mail_rem49(
    settings: Any, smtp_server: SmtpServer
) -> None:
    use_sink(settings, smtp_server)
    make_due("The launch", in_days=7)
    make_due("The Games", in_days=8)
    make_subscription(make_subscriber())
    smtp_server.replies["DATA"] += [HANG_UP, HANG_UP]
    tick(NOW)
    tick(NOW + MINUTE)
    lost = OutboxEmail.objects.get()
    assert state_of(lost) == (MailState.UNRESOLVED, 2)
    tick(NOW + DAY)
    (received,) = smtp_server.messages
    coming, repeated = text_of(received.message).split("We may not have reached you with these")
    assert ("The Games" in coming, "The launch" in coming) == (True, False)
    assert "The launch" in repeated
    lost.refresh_from_db()
    assert lost.repeated_in == OutboxEmail.objects.latest("pk")
    make_due("The alley", in_days=9)
    tick(NOW + 2 * DAY)
    assert "The launch" not in text_of(smtp_server.messages[-1].message)
