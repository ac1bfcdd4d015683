"""Several workers at the same rows: each mail goes out once, whoever gets it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import OperationalError, connection, connections

from tests.builders import NOW
from tests.services.programs import Program
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import (
    make_due,
    make_queued,
    make_subscription,
    state_of,
    use_sink,
)
from timeline.actions import outbox
from timeline.actions.delivery import deliver_emails
from timeline.enums import MailState, ReminderState
from timeline.mail.smtp import SmtpTransport
from timeline.mail.transports import Envelope, Reply
from timeline.models import OutboxEmail, Reminder
from timeline.tasks import deliver, tick

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[[int], list[Program]]


@pytest.fixture
def tick_together(
    site_environment: dict[str, str], smtp_server: SmtpServer, tmp_path: Path
) -> Iterator[Together]:
    """Give a function that starts so many tickers at once, all with the same clock."""
    started: list[Program] = []

    def start(count: int) -> list[Program]:
        environment = site_environment | {
            "EMAIL_URL": smtp_server.url,
            "MAILS_PER_MINUTE": "100000",
        }
        clock = ["tests.services.moved_clock", NOW.isoformat()]
        command = [sys.executable, "-m", *clock, "django", "tick"]
        for number in range(count):
            log = tmp_path / f"tick-{number}.log"
            started.append(Program(command, env=environment, log=log))
        return started

    yield start
    for program in started:
        program.stop()


def test_two_tickers_in_the_same_second_send_one_mail_rem01(
    tick_together: Together, smtp_server: SmtpServer
) -> None:
    make_due()
    make_subscription()
    for program in tick_together(2):
        assert program.wait() == 0, program.output
    email = OutboxEmail.objects.get()
    assert (email.state, email.attempts) == (MailState.SENT, 1)
    assert len(smtp_server.messages) == 1


def test_four_workers_share_400_mails_rem02(
    tick_together: Together, smtp_server: SmtpServer
) -> None:
    make_queued(400)
    for program in tick_together(4):
        assert program.wait(seconds=120) == 0, program.output
    assert OutboxEmail.objects.filter(state=MailState.SENT, attempts=1).count() == 400
    assert len(smtp_server.messages) == 400
    ids = {received.message["Message-ID"] for received in smtp_server.messages}
    assert ids == set(OutboxEmail.objects.values_list("message_id", flat=True))


def in_threads(count: int, work: Callable[[], Any]) -> None:
    """Run the same work in so many threads that start together."""
    barrier = threading.Barrier(count)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait(20)
            work()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_task_that_the_broker_delivers_five_times_sends_one_mail_rem23(
    settings: Any, smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    with (
        time_machine.travel(NOW),
        caplog.at_level(logging.INFO, "timeline.actions.delivery"),
    ):
        in_threads(5, lambda: deliver([email.pk]))
    assert len(smtp_server.messages) == 1
    assert sum("Not claimable" in record.message for record in caplog.records) == 4
    assert state_of(email) == (MailState.SENT, 1)


def test_ticks_in_threads_plan_and_group_once(
    settings: Any, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_sink(settings, smtp_server)
    monkeypatch.setattr("timeline.tasks.deliver_soon", deliver)
    make_due()
    for _ in range(3):
        make_subscription()
    with time_machine.travel(NOW):
        in_threads(4, tick)
    assert Reminder.objects.count() == 3
    assert Reminder.objects.filter(state=ReminderState.IN_MAIL).count() == 3
    assert OutboxEmail.objects.filter(state=MailState.SENT, attempts=1).count() == 3
    assert len(smtp_server.messages) == 3


def test_sent_mail_is_written_down_although_the_database_was_away_rem25(
    settings: Any, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()
    original, failures = outbox.record_sent, [OperationalError("gone")] * 2

    def record_sent(**values: Any) -> bool:
        if failures:
            raise failures.pop()
        return original(**values)

    monkeypatch.setattr(outbox, "record_sent", record_sent)
    monkeypatch.setattr("timeline.actions.delivery.time.sleep", lambda _: None)
    deliver_emails(ids=[email.pk], clock=lambda: NOW, patience_seconds=0)
    assert failures == []
    assert state_of(email) == (MailState.SENT, 1)


def test_database_that_stays_away_leaves_the_mail_to_its_lease_rem25(
    settings: Any, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_sink(settings, smtp_server)
    (email,) = make_queued()

    def record_sent(**_: Any) -> bool:
        raise OperationalError("gone")

    monkeypatch.setattr(outbox, "record_sent", record_sent)
    monkeypatch.setattr("timeline.actions.delivery.SECONDS_TO_INSIST", 0)
    monkeypatch.setattr("timeline.actions.delivery.time.sleep", lambda _: None)
    with pytest.raises(OperationalError):
        deliver_emails(ids=[email.pk], clock=lambda: NOW, patience_seconds=0)
    assert state_of(email) == (MailState.SENDING, 1)


class TerminatingTransport(SmtpTransport):
    """Hands a mail over and then has the server end our connection to the database."""

    def deliver(self, envelope: Envelope, *, before_final_dot: Callable[[], None]) -> Reply:
        reply = super().deliver(envelope, before_final_dot=before_final_dot)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (number,) = cursor.fetchone()
        parameters = {
            name: value
            for name, value in connection.get_connection_params().items()
            if name in {"dbname", "user", "password", "host", "port"} and value
        }
        with psycopg.connect(**parameters) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [number])
        return reply


@pytest.mark.postgresql  # SQLite has no server that could end a connection
def test_connection_that_the_server_ends_after_the_250_is_replaced_rem25(
    settings: Any, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_sink(settings, smtp_server)
    emails = make_queued(2)
    monkeypatch.setattr("timeline.actions.delivery.time.sleep", lambda _: None)
    deliver_emails(
        ids=[email.pk for email in emails],
        clock=lambda: NOW,
        patience_seconds=0,
        transport=TerminatingTransport(),
    )
    assert [state_of(email) for email in emails] == [(MailState.SENT, 1)] * 2
    assert len(smtp_server.messages) == 2
