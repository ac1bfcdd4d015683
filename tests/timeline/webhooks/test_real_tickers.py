"""Webhooks through real processes: one that is killed at the worst moment, and a whole worker."""

from __future__ import annotations

import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commitments.actions.commitments import correct_commitment
from tests.builders import NOW, make_admin, make_commitment
from tests.conftest import StartProgram
from tests.services.programs import Program
from tests.timeline.webhooks.conftest import MakeWebhook, tell
from tests.timeline.webhooks.sink import Sink
from timeline.actions.webhook_delivery import LEASE
from timeline.enums import WebhookState
from timeline.models import WebhookDelivery

pytestmark = pytest.mark.django_db(transaction=True)


def owe(make_webhook: MakeWebhook) -> None:
    made = make_commitment()
    make_webhook()
    correct_commitment(commitment=made, fields={"place": "Aktau"}, actor=make_admin(), now=NOW)


def test_a_killed_worker_makes_a_second_copy_of_the_same_id(
    make_webhook: MakeWebhook,
    sink: Sink,
    site_environment: dict[str, str],
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.SITE_URL = site_environment["SITE_URL"]
    owe(make_webhook)
    command = [sys.executable, "-m", "tests.timeline.webhooks.interrupted_teller"]
    environment = site_environment | {"WEBHOOKS_ALLOW_PRIVATE": "true"}
    ticker = Program(command, env=environment, log=tmp_path / "ticker.log")
    try:
        assert ticker.wait() == -signal.SIGKILL, ticker.output
    finally:
        ticker.stop()
    assert "sent, not recorded" in ticker.output
    delivery = WebhookDelivery.objects.select_related("endpoint").get()
    assert delivery.state == WebhookState.SENDING
    assert len(sink.received) == 1
    now = datetime.now(UTC)
    assert tell(now) == 0, "nobody else may have it while the lease runs"
    assert tell(now + LEASE + timedelta(minutes=1)) == 1
    assert sink.ids == [delivery.webhook_id] * 2
    assert sink.received[0].body == sink.received[1].body
    assert WebhookDelivery.objects.get().state == WebhookState.DELIVERED


def test_a_celery_worker_tells_of_a_change_by_itself(
    make_webhook: MakeWebhook, sink: Sink, celery_worker_process: StartProgram
) -> None:
    owe(make_webhook)
    worker = celery_worker_process(WEBHOOKS_ALLOW_PRIVATE="true")
    end = time.monotonic() + 40
    while WebhookDelivery.objects.filter(state=WebhookState.DELIVERED).count() < 1:
        assert time.monotonic() < end, worker.output
        time.sleep(0.2)
    assert len(sink.received) == 1
