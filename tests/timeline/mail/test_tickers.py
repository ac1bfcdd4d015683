"""Celery's tasks and the command: two tickers that need each other for nothing."""

from __future__ import annotations

import signal
import sys
import time
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from kombu.exceptions import OperationalError

from tests.builders import NOW
from tests.conftest import StartProgram
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import Program, run
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import make_due, make_queued, make_subscription, sent_mails
from tests.timeline.mail.visiting import MOST_SECONDS, subscribed_in_seconds
from timeline.models import OutboxEmail, TickState
from timeline.tasks import deliver, deliver_soon, emails_in_a_tick, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what is published instead of publishing it."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(deliver, "apply_async", lambda **options: messages.append(options))
    return messages


def test_tick_hands_batches_of_keys_to_the_workers(handed: list[dict[str, Any]]) -> None:
    emails = make_queued(3)
    with time_machine.travel(NOW):
        tick()
    assert handed == [{"args": ([email.pk for email in emails],), "expires": 60}]
    assert TickState.objects.get().last_ok_at is not None


def test_batches_are_of_a_hundred(handed: list[dict[str, Any]]) -> None:
    deliver_soon(list(range(220)))
    assert [len(message["args"][0]) for message in handed] == [100, 100, 20]


def test_nothing_due_hands_nothing_over(handed: list[dict[str, Any]]) -> None:
    tick()
    deliver_soon([])
    assert handed == []


def test_broker_that_is_away_loses_nothing_rem19(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: Any) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(deliver, "apply_async", refuse)
    make_queued()
    with time_machine.travel(NOW):
        tick()
    assert "The broker is away" in caplog.text
    assert OutboxEmail.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("per_minute", "seconds", "expected"),
    [(200, 60, 200), (200, 1, 200), (200, 90, 300), (1, 61, 2)],
)
def test_tick_takes_what_may_go_out_until_the_next(
    per_minute: int, seconds: int, expected: int, settings: Any
) -> None:
    settings.MAILS_PER_MINUTE, settings.TICK_SECONDS = per_minute, seconds
    assert emails_in_a_tick() == expected


def test_deliver_sends_its_batch() -> None:
    ids = [email.pk for email in make_queued(2)]
    with time_machine.travel(NOW):
        assert deliver(ids) == 2
        assert deliver(ids) == 0
    assert len(sent_mails()) == 2


def test_command_ticks_once_and_says_what_it_did() -> None:
    make_due()
    make_subscription()
    output = StringIO()
    with time_machine.travel(NOW):
        call_command("tick", stdout=output)
        call_command("tick", stdout=output)
    first, second = output.getvalue().splitlines()
    assert first == "1 of 1 mails were taken in hand."
    assert second == "0 of 0 mails were taken in hand."
    assert len(sent_mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_redis_that_is_away_keeps_no_reader_waiting(
    live_site: StartProgram, site_environment: dict[str, str]
) -> None:
    live_site(REDIS_URL=f"redis://{LOOPBACK}:{free_port()}/0")
    assert subscribed_in_seconds(site_environment["SITE_URL"]) < MOST_SECONDS
    assert OutboxEmail.objects.get().state == "queued"
    call_command("tick", stdout=StringIO())
    assert len(sent_mails()) == 1


PUBLISH_AND_TELL = """
import sys
waits = []
sys.addaudithook(
    lambda event, _: waits.append(event) if event in {"socket.connect", "time.sleep"} else None
)
from kombu.exceptions import OperationalError
from config import celery_app
try:
    celery_app.send_task("timeline.tick")
except OperationalError:
    print(waits)
"""


@pytest.mark.once
def test_publishing_asks_a_redis_that_is_away_once_and_never_sleeps(
    site_environment: dict[str, str],
) -> None:
    dead = {"REDIS_URL": f"redis://{LOOPBACK}:{free_port()}/0"}
    told = run([sys.executable, "-c", PUBLISH_AND_TELL], env=site_environment | dead)
    assert told.splitlines()[-1] == "['socket.connect']"


@pytest.mark.django_db(transaction=True)
def test_loop_goes_on_without_redis_and_ends_at_a_signal_rem22(
    site_environment: dict[str, str], smtp_server: SmtpServer, tmp_path: Path
) -> None:
    make_due()
    make_subscription()
    dead = {"REDIS_URL": f"redis://{LOOPBACK}:{free_port()}/0", "EMAIL_URL": smtp_server.url}
    clock = ["tests.services.moved_clock", NOW.isoformat()]
    command = [sys.executable, "-m", *clock, "django", "tick", "--loop"]
    program = Program(command, env=site_environment | dead, log=tmp_path / "loop.log")
    try:
        ticks: set[datetime | None] = set()
        end = time.monotonic() + 40
        while len(ticks) < 3 and time.monotonic() < end:
            ticks.add(TickState.objects.values_list("last_ok_at", flat=True).first())
            time.sleep(0.2)
        assert len(ticks) >= 3, program.output
        assert len(smtp_server.messages) == 1
        program.process.send_signal(signal.SIGTERM)
        assert program.wait(seconds=10) == 0, program.output
    finally:
        program.stop()
