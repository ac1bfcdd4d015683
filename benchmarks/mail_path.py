"""The whole path of a mail against ready bytes, over the same sink.

Measured as one thread of a worker goes it, and as a worker does: with its threads, and the batches
that a tick hands to them. The baseline is one connection in both.
"""

from __future__ import annotations

import os
import smtplib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.frame import report
from tests.services.ports import LOOPBACK, free_port, wait_until_listening
from tests.services.programs import Program
from timeline.actions.delivery import BATCH, deliver_emails
from timeline.enums import MailState
from timeline.mail.smtp import SmtpTransport
from timeline.mail.transports import SMTP_BACKEND, Envelope, Reply
from timeline.models import OutboxEmail

ROUNDS = 5
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NO_PACE = 10_000_000
WORKER_THREADS = 4
"""As Procfile and deploy/ start a worker."""


def whole_path(make: Callable[[], list[int]], forget: Callable[[], None], *, threads: int) -> bool:
    """Mails looked at again, rendered, signed, sent and written down, against ready bytes.

    `make` puts mails into the outbox and returns their keys, `forget` takes them away again.
    """
    content: list[bytes] = []
    wholes, readies = [], []
    for _round in range(ROUNDS):
        ids = make()
        start = time.perf_counter()
        _deliver(ids, threads, content)
        wholes.append(len(ids) / (time.perf_counter() - start))
        assert OutboxEmail.objects.filter(state=MailState.SENT).count() == len(ids)
        forget()
        readies.append(_ready_bytes(content))
        content.clear()
    return report(
        f"whole path, threads: {threads}, against ready bytes",
        value=statistics.median(wholes),
        unit="mails/s",
        baseline=statistics.median(readies),
        target=0.5,
    )


def _deliver(ids: list[int], threads: int, content: list[bytes]) -> None:
    """As `timeline.tasks.deliver_soon` hands it out: batches, each with a connection of its own."""
    if threads == 1:
        _deliver_batch(ids, content)
        return
    batches = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    with ThreadPoolExecutor(threads) as workers:
        for delivered in [workers.submit(_deliver_alone, batch, content) for batch in batches]:
            delivered.result()


def _deliver_alone(ids: list[int], content: list[bytes]) -> None:
    try:
        _deliver_batch(ids, content)
    finally:
        connection.close()


def _deliver_batch(ids: list[int], content: list[bytes]) -> None:
    transport = _Keeping(content)
    deliver_emails(ids=ids, clock=lambda: NOW, patience_seconds=0, transport=transport)


class _Keeping(SmtpTransport):
    def __init__(self, content: list[bytes]) -> None:
        super().__init__()
        self._content = content

    def deliver(self, envelope: Envelope, *, before_final_dot: Callable[[], None]) -> Reply:
        self._content.append(envelope.content)
        return super().deliver(envelope, before_final_dot=before_final_dot)


def _ready_bytes(content: list[bytes]) -> float:
    """Mails a second by `smtplib` over one connection."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname="x") as smtp:
        smtp.ehlo()
        start = time.perf_counter()
        for one in content:
            smtp.sendmail("sender@example.org", ["reader@example.org"], one)
        return len(content) / (time.perf_counter() - start)


@contextmanager
def a_sink(folder: Path) -> Iterator[None]:
    """A process that takes every mail; the settings name it."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink"]
    program = Program([*command, "-l", f"{LOOPBACK}:{port}"], env=os.environ, log=folder / "sink")
    try:
        wait_until_listening(port)
        settings.EMAIL_BACKEND = SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = LOOPBACK, port, 30
        settings.MAILS_PER_MINUTE = NO_PACE
        yield
    finally:
        program.stop()
