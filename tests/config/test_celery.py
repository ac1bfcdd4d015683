"""A real worker with its beat: it ticks on each broker, at any time; publishing never hangs."""

from __future__ import annotations

import re
import socket
import sys
import time

import pytest

from tests.conftest import StartProgram
from tests.services.ports import LOOPBACK
from tests.services.programs import run
from tests.services.site import Environment

TICKED = re.compile(r"^(\S+) .*Task timeline\.tick\[\S+\] succeeded", re.MULTILINE)


def test_worker_ticks_on_the_broker_of_files(celery_worker_process: StartProgram) -> None:
    worker = celery_worker_process()
    worker.wait_for_output("succeeded")
    assert TICKED.search(worker.output)


def test_worker_ticks_on_redis(celery_worker_process: StartProgram, redis_url: str) -> None:
    worker = celery_worker_process(REDIS_URL=redis_url)
    worker.wait_for_output("succeeded")
    assert TICKED.search(worker.output)


def test_worker_with_a_moved_clock_lives_on_that_day(celery_worker_process: StartProgram) -> None:
    worker = celery_worker_process(clock="2031-02-03T04:05:06+00:00")
    worker.wait_for_output("succeeded")
    tick = TICKED.search(worker.output)
    assert tick is not None
    assert tick[1] == "2031-02-03"


PUBLISH = "from config import celery_app; celery_app.send_task('timeline.tick')"


def test_publishing_gives_up_soon_when_redis_does_not_answer(
    site_environment: Environment,
) -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        url = f"redis://{LOOPBACK}:{silent.getsockname()[1]}/0"
        begin = time.monotonic()
        with pytest.raises(RuntimeError, match="OperationalError"):
            run([sys.executable, "-c", PUBLISH], env=site_environment | {"REDIS_URL": url})
        assert time.monotonic() - begin < 8
