"""PostgreSQL restarted under a worker and a second ticker that wait."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import StartProgram
from tests.faults.waiting import Readers
from tests.services.door import new_door, url_through
from tests.services.programs import Program
from tests.services.smtp import SmtpServer

# SQLite has no server that could be restarted.
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

AWAY_SECONDS = 2.5


@contextmanager
def second_ticker(env: dict[str, str], folder: Path) -> Iterator[Program]:
    """Run `manage.py tick --loop`."""
    command = [sys.executable, "manage.py", "tick", "--loop"]
    program = Program(command, env=env, log=folder / "ticker.log")
    try:
        yield program
    finally:
        program.process.send_signal(signal.SIGCONT)
        program.stop()


@contextmanager
def stopped(program: Program) -> Iterator[None]:
    """Keep a program, with all its threads, from doing anything."""
    os.kill(program.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(program.process.pid, signal.SIGCONT)


def test_worker_and_ticker_outlast_a_restart_of_the_database(
    site_environment: dict[str, str],
    celery_worker_process: StartProgram,
    smtp_server: SmtpServer,
    tmp_path: Path,
) -> None:
    door = new_door()
    door.open()
    variables = {"DATABASE_URL": url_through(door.address), "EMAIL_URL": smtp_server.url}
    readers = Readers(smtp_server)
    with second_ticker(site_environment | variables, tmp_path) as ticker:
        worker = celery_worker_process(**variables)
        readers.owe_one()
        readers.wait(worker, ticker)

        door.shut()
        readers.owe_one()
        time.sleep(AWAY_SECONDS)
        assert len(smtp_server.messages) == 1
        door.open()
        readers.wait(worker, ticker)

        # Each of the two goes on alone.
        for one in (worker, ticker):
            with stopped(one):
                readers.owe_one()
                readers.wait(worker, ticker)
    worker.stop()
    door.shut()
    readers.assert_each_was_told_once()
