"""Celery's tasks and the command: two tickers that need each other for nothing."""

from __future__ import annotations

import re
import signal
import socket
import sys
import time
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
import time_machine
from django.core.management import call_command
from kombu.exceptions import OperationalError

from tests.builders import NOW
from tests.conftest import StartProgram
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import Program
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import make_due, make_queued, make_subscription, sent_mails
from timeline.models import OutboxEmail, TickState
from timeline.tasks import deliver, deliver_soon, emails_in_a_tick, tick

pytestmark = pytest.mark.django_db

WISHES = {
    "address": "ann@example.org",
    "lead_days": "7",
    "language": "en",
    "time_zone": "Asia/Almaty",
}


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


def test_batches_are_of_fifty(handed: list[dict[str, Any]]) -> None:
    deliver_soon(list(range(120)))
    assert [len(message["args"][0]) for message in handed] == [50, 50, 20]


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


def subscribed_in_seconds(site_url: str) -> float:
    """Fill in the form of a running site as a browser does; return how long the answer took."""
    page_url = f"{site_url}/subscribe/mail/"
    opener = build_opener(HTTPCookieProcessor())
    with opener.open(page_url, timeout=30) as page:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token is not None
    form = urlencode({**WISHES, "csrfmiddlewaretoken": token[1]}).encode()
    start = time.monotonic()
    with opener.open(page_url, form, timeout=30) as answer:
        assert answer.status == 200
    return time.monotonic() - start


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("is_frozen", "most_seconds"),
    [pytest.param(False, 1, id="refuses"), pytest.param(True, 3, id="frozen")],
)
def test_redis_that_is_away_keeps_no_reader_waiting(
    is_frozen: bool,
    most_seconds: int,
    live_site: StartProgram,
    site_environment: dict[str, str],
) -> None:
    # Who accepts connections and never says a word; closed, it refuses them.
    with socket.create_server((LOOPBACK, 0)) as silent:
        if not is_frozen:
            silent.close()
            port = free_port()
        else:
            port = silent.getsockname()[1]
        live_site(REDIS_URL=f"redis://{LOOPBACK}:{port}/0")
        assert subscribed_in_seconds(site_environment["SITE_URL"]) < most_seconds
    assert OutboxEmail.objects.get().state == "queued"
    call_command("tick", stdout=StringIO())
    assert len(sent_mails()) == 1


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
