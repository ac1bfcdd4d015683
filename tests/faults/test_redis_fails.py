"""Redis flushed, frozen and restarted under a worker that waits, while two beats tick."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.conftest import StartProgram
from tests.faults.waiting import Readers
from tests.services.ports import LOOPBACK, free_port
from tests.services.programs import Program
from tests.services.redis import start_redis
from tests.services.smtp import SmtpServer

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]

FROZEN_SECONDS = 3


@contextmanager
def second_beat(env: dict[str, str], folder: Path) -> Iterator[Program]:
    """Run the scheduler of another host, with a schedule file of its own."""
    options = ["--schedule", str(folder / "second-schedule")]
    command = [sys.executable, "-m", "celery", "--app", "config", "beat", *options]
    program = Program(command, env=env, log=folder / "second-beat.log")
    try:
        yield program
    finally:
        program.stop()


def test_worker_outlasts_a_redis_that_is_flushed_frozen_and_restarted_rem22(
    site_environment: dict[str, str],
    celery_worker_process: StartProgram,
    smtp_server: SmtpServer,
    tmp_path: Path,
) -> None:
    port = free_port()
    server = start_redis(tmp_path, port)
    url = f"redis://{LOOPBACK}:{port}/0"
    variables = {"REDIS_URL": url, "EMAIL_URL": smtp_server.url}
    readers = Readers(smtp_server)
    try:
        with second_beat(site_environment | variables, tmp_path) as beat:
            worker = celery_worker_process(**variables)
            readers.owe_one()
            readers.wait(worker, beat)

            with redis.Redis.from_url(url) as client:
                client.flushall()
            readers.owe_one()
            readers.wait(worker, beat)

            os.kill(server.process.pid, signal.SIGSTOP)
            readers.owe_one()
            time.sleep(FROZEN_SECONDS)
            assert len(smtp_server.messages) == 2, "nobody is woken up meanwhile"
            os.kill(server.process.pid, signal.SIGCONT)
            readers.wait(worker, beat)

            server.stop()
            readers.owe_one()
            time.sleep(1)
            server = start_redis(tmp_path, port)
            readers.wait(worker, beat)
            assert "Sending due task" in beat.output
    finally:
        server.stop()
    readers.assert_each_was_told_once()
