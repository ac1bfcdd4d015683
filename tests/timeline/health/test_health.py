"""Whoever watches the house is told the truth, and quickly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client

from tests.builders import NOW
from tests.timeline.mail.builders import make_queued, make_subscriber, make_subscription, tick
from timeline.actions.sending_hold import hold_sending
from timeline.actions.subscribing import leave
from timeline.health import ticker_status
from timeline.models import OutboxEmail, TickState

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def ask(client: Client, at: Any = NOW) -> tuple[int, dict[str, str]]:
    with time_machine.travel(at):
        response = client.get("/healthz/ready")
    return response.status_code, response.json()


def test_live_answers_without_asking_anybody(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_new_house_is_ready_without_a_tick(client: Client) -> None:
    assert ask(client) == (200, {"status": "ok", "database": "ok", "ticker": "not needed"})


def test_subscriber_needs_a_tick(client: Client) -> None:
    reader = make_subscriber()
    assert ask(client) == (
        503,
        {"status": "unavailable", "database": "ok", "ticker": "never ticked"},
    )
    leave(subscriber=reader, now=NOW)
    assert ask(client)[0] == 200


def test_mail_in_the_outbox_needs_a_tick(client: Client) -> None:
    (email,) = make_queued()
    TickState.objects.all().delete()
    assert email.subscriber is not None
    leave(subscriber=email.subscriber, now=NOW)
    assert ask(client)[0] == 503
    OutboxEmail.objects.update(state="cancelled", settled_at=NOW)
    assert ask(client)[0] == 200


@pytest.mark.parametrize(("seconds", "status"), [(119, 200), (120, 503), (121, 503)])
def test_good_tick_counts_for_two_minutes_rem22(seconds: int, status: int, client: Client) -> None:
    make_subscription()
    tick(NOW)
    code, body = ask(client, NOW + seconds * SECOND)
    assert code == status
    stale = f"no good tick since {NOW.isoformat()}"
    assert body["ticker"] == ("ok" if status == 200 else stale)


@pytest.mark.parametrize(("seconds", "expected"), [(599, True), (600, False)])
def test_slow_ticker_is_given_two_of_its_own_intervals(
    seconds: int, expected: bool, settings: Any
) -> None:
    settings.TICK_SECONDS = 300
    make_subscription()
    tick(NOW)
    assert (ticker_status(now=NOW + seconds * SECOND) == "ok") is expected


def test_tick_with_nothing_to_do_counts_as_well(client: Client) -> None:
    make_subscription()
    for seconds in (0, 60, 120, 180):
        tick(NOW + seconds * SECOND)
    assert ask(client, NOW + 200 * SECOND)[0] == 200


def test_database_that_does_not_answer_is_unavailable(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> str:
        raise DatabaseError("gone")

    monkeypatch.setattr("timeline.health.ticker_status", fail)
    assert ask(client) == (
        503,
        {"status": "unavailable", "database": "does not answer", "ticker": "unknown"},
    )


def test_hold_on_sending_is_told_and_does_not_stop_the_site(client: Client) -> None:
    hold_sending(reason="restored", backup_at=None, now=NOW)
    assert ask(client) == (
        200,
        {
            "status": "ok",
            "database": "ok",
            "ticker": "not needed",
            "sending": f"on hold since {NOW.isoformat()}",
        },
    )


def test_health_is_only_read(client: Client) -> None:
    assert [client.post(f"/healthz/{name}").status_code for name in ("live", "ready")] == [405, 405]
