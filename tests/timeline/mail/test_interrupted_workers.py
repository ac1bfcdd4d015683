"""Real workers that are killed with -9 or stopped at the worst moments, on a real mail host.

The clock of the second worker is moved past the lease, so that no test has to wait for it.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import NOW
from tests.services.programs import Program
from tests.services.smtp import SmtpServer
from tests.timeline.mail.builders import make_queued, state_of, tick, use_sink
from timeline.actions.delivery import LEASE_FOR_THE_FINAL_REPLY
from timeline.enums import MailState
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + LEASE_FOR_THE_FINAL_REPLY + timedelta(minutes=1)

Start = Callable[[str, str], Program]


@pytest.fixture
def start_worker(
    site_environment: dict[str, str], smtp_server: SmtpServer, tmp_path: Path, settings: Any
) -> Iterator[Start]:
    """Give a function that starts a ticker with a point and a signal."""
    use_sink(settings, smtp_server)
    started: list[Program] = []

    def start(point: str, name: str) -> Program:
        clock = ["tests.services.moved_clock", NOW.isoformat()]
        module = ["tests.timeline.mail.interrupted_worker", point, name]
        environment = site_environment | {"EMAIL_URL": smtp_server.url}
        log = tmp_path / f"worker-{len(started)}.log"
        command = [sys.executable, "-m", *clock, *module]
        started.append(Program(command, env=environment, log=log))
        return started[-1]

    yield start
    for program in started:
        program.process.send_signal(signal.SIGCONT)
        program.stop()


def killed_at(point: str, start_worker: Start) -> OutboxEmail:
    """A mail whose worker was killed at the point."""
    (email,) = make_queued()
    worker = start_worker(point, "SIGKILL")
    assert worker.wait() == -signal.SIGKILL, worker.output
    assert f"reached {point}" in worker.output
    return email


@pytest.mark.parametrize(
    ("point", "failures"),
    [
        pytest.param("claimed", 0, id="before-any-command"),
        pytest.param("composing", 1, id="composing"),
        pytest.param("announced", 1, id="after-the-recipient"),
    ],
)
def test_worker_killed_before_the_hand_over_costs_nothing_rem04_rem05(
    point: str, failures: int, start_worker: Start, smtp_server: SmtpServer
) -> None:
    email = killed_at(point, start_worker)
    assert state_of(email) == (MailState.SENDING, 0)
    tick(NOW + timedelta(minutes=1))
    assert len(smtp_server.messages) == 0, "nobody else may have it while the lease runs"
    tick(LATER)
    assert state_of(email) == (MailState.SENT, 1)
    assert email.own_failures == failures
    assert len(smtp_server.messages) == 1


def test_worker_killed_before_the_dot_leaves_one_copy_rem07(
    start_worker: Start, smtp_server: SmtpServer
) -> None:
    email = killed_at("raised", start_worker)
    assert state_of(email) == (MailState.SENDING, 1)
    tick(LATER)
    assert state_of(email) == (MailState.SENT, 2)
    assert len(smtp_server.messages) == 1
    tick(LATER + timedelta(days=1))
    assert len(smtp_server.messages) == 1


def test_worker_killed_after_the_250_leaves_two_equal_copies_rem08(
    start_worker: Start, smtp_server: SmtpServer
) -> None:
    email = killed_at("accepted", start_worker)
    assert state_of(email) == (MailState.SENDING, 1)
    for days in range(4):
        tick(LATER + timedelta(days=days))
    assert state_of(email) == (MailState.SENT, 2)
    first, second = smtp_server.messages
    assert first.content == second.content
    assert first.message["Message-ID"] == email.message_id


def test_mail_that_kills_its_worker_every_time_is_failed_rem47(
    start_worker: Start, smtp_server: SmtpServer
) -> None:
    email = killed_at("composing", start_worker)
    for _ in range(2):
        OutboxEmail.objects.filter(state=MailState.SENDING).update(lease_until=NOW)
        tick(NOW, transport=Nowhere())
        OutboxEmail.objects.update(next_try_at=NOW)
        worker = start_worker("composing", "SIGKILL")
        assert worker.wait() == -signal.SIGKILL, worker.output
    OutboxEmail.objects.filter(state=MailState.SENDING).update(lease_until=NOW)
    tick(NOW)
    assert state_of(email) == (MailState.FAILED, 0)
    assert (email.last_text, email.own_failures) == ("worker lost", 3)
    assert len(smtp_server.messages) == 0


class Nowhere:
    """A way out that is never open: the tick only calls leases in."""

    def open(self) -> None:
        from timeline.mail.transports import ConnectionBroken

        raise ConnectionBroken("not now")

    def deliver(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("never opened")

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("point", "copies"),
    [
        pytest.param("announced", 1, id="before-the-commit"),
        pytest.param("raised", 2, id="after-the-commit"),
    ],
)
def test_stopped_worker_that_wakes_after_another_has_sent(
    point: str, copies: int, start_worker: Start, smtp_server: SmtpServer
) -> None:
    (email,) = make_queued()
    worker = start_worker(point, "SIGSTOP")
    worker.wait_for_output(f"reached {point}")
    wait_until_stopped(worker)
    tick(LATER)
    assert state_of(email) == (MailState.SENT, copies)
    worker.process.send_signal(signal.SIGCONT)
    assert worker.wait() == 0, worker.output
    assert len(smtp_server.messages) == copies
    assert "the lease was lost" in worker.output
    assert state_of(email) == (MailState.SENT, copies)


def wait_until_stopped(program: Program) -> None:
    """Return when the kernel says that the process is stopped."""
    status = Path(f"/proc/{program.process.pid}/stat")
    for _ in range(200):
        if status.read_text().rpartition(")")[2].split()[0] == "T":
            return
        time.sleep(0.05)
    raise TimeoutError("It was not stopped.")
