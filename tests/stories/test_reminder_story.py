"""A reader is reminded once, on the right day, by a real worker through a real mail host.

The program has no switch for tests: the clock of every process is moved from outside, by
`tests/services/moved_clock.py` around the worker and by `time_machine` around the page. So all of
it runs as it is, beat and broker included, and "seven days before" is a day of the calendar. Each
pass has one of the two ways to run: SQLite with a broker of files, PostgreSQL with Redis.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.builders import make_commitment
from tests.conftest import StartProgram
from tests.services.programs import Program
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import text_of, use_sink
from timeline.models import OutboxEmail, TickState

pytestmark = pytest.mark.django_db(transaction=True)

SUBSCRIBED = datetime(2026, 12, 20, 10, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 24, 4, 0, tzinfo=UTC)
"""09:00 in Almaty, seven days before 31 December."""

WISHES = {
    "address": "ann@example.org",
    "lead_days": "7",
    "language": "en",
    "time_zone": "Asia/Almaty",
}


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give the variables for the way to run that goes with this pass: files, or Redis."""
    if connection.vendor == "postgresql":
        return {"REDIS_URL": request.getfixturevalue("redis_url")}
    return {}


@pytest.fixture
def second_ticker(
    site_environment: dict[str, str], smtp_server: SmtpServer, tmp_path: Path
) -> Iterator[StartProgram]:
    """Give a function that starts `manage.py tick --loop` beside the worker."""
    programs: list[Program] = []

    def start(*, clock: str = "", **variables: str) -> Program:
        command = [sys.executable, "-m", "tests.services.moved_clock", clock, "django"]
        log = tmp_path / f"ticker-{len(programs)}.log"
        environment = site_environment | variables
        programs.append(Program([*command, "tick", "--loop"], env=environment, log=log))
        return programs[-1]

    yield start
    for program in programs:
        program.stop()


def wait_for_mails(server: SmtpServer, count: int, *, worker: Program) -> None:
    """Return when so many mails have come; raise with the worker's output when they do not."""
    end = time.monotonic() + 40
    while len(server.messages) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{len(server.messages)} of {count} mails:\n{worker.output}")
        time.sleep(0.1)


def wait_for_ticks(*, after: datetime, worker: Program, count: int = 2) -> None:
    """Return when so many good ticks were written down after a moment of the moved clock."""
    seen: set[datetime] = set()
    end = time.monotonic() + 40
    while len(seen) < count:
        last_ok_at = TickState.objects.values_list("last_ok_at", flat=True).first()
        if last_ok_at is not None and last_ok_at > after:
            seen.add(last_ok_at)
        if time.monotonic() > end:
            raise TimeoutError(f"{len(seen)} of {count} ticks:\n{worker.output}")
        time.sleep(0.1)


def test_reader_gets_exactly_one_mail_on_the_right_day(
    client: Client,
    settings: Any,
    broker: dict[str, str],
    smtp_server: SmtpServer,
    celery_worker_process: StartProgram,
    second_ticker: StartProgram,
) -> None:
    variables = {**broker, "EMAIL_URL": smtp_server.url}
    make_commitment(title="The Games", window="2026-12-31")

    # She subscribes on the page, and the worker sends the link.
    with time_machine.travel(SUBSCRIBED):
        assert client.post("/subscribe/mail/", WISHES).status_code == 200
    worker = celery_worker_process(clock=SUBSCRIBED.isoformat(), **variables)
    wait_for_mails(smtp_server, 1, worker=worker)
    link = re.search(
        r"http://\S+?(/subscriptions/confirm/\S+/)", text_of(smtp_server.messages[0].message)
    )
    assert link is not None
    with time_machine.travel(SUBSCRIBED + timedelta(minutes=2)):
        assert client.get(link[1]).status_code == 200
        assert client.post(link[1]).status_code == 200

    # Nothing comes until nine o'clock of the day.
    wait_for_ticks(after=SUBSCRIBED, worker=worker)
    worker.stop()
    assert len(smtp_server.messages) == 1

    # At nine it comes, although two tickers run at once.
    shortly_before = (DUE - timedelta(seconds=8)).isoformat()
    worker = celery_worker_process(clock=shortly_before, **variables)
    ticker = second_ticker(clock=shortly_before, **variables)
    wait_for_mails(smtp_server, 2, worker=worker)
    received = smtp_server.messages[1]
    assert received.recipients == ["ann@example.org"]
    assert received.message["Subject"] == (
        "The Games: Last possible day: 31 December 2026 (in 7 days)"
    )
    sent_at = parsedate_to_datetime(received.message["Date"])
    assert DUE <= sent_at < DUE + timedelta(minutes=1)
    wait_for_ticks(after=sent_at, worker=worker)
    worker.stop()
    ticker.stop()

    # And that was all: not the day after, and not on the day itself.
    use_sink(settings, smtp_server)
    for moment in (DUE + timedelta(days=1), DUE + timedelta(days=7)):
        with time_machine.travel(moment):
            call_command("tick", stdout=StringIO())
    assert len(smtp_server.messages) == 2
    states = OutboxEmail.objects.order_by("pk").values_list("purpose", "state", "maybe_delivered")
    assert list(states) == [("confirm", "sent", 1), ("reminders", "sent", 1)]
