"""The figures at /metrics: who sees them, and that they are right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import Error, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from tests.builders import NOW
from tests.config.loading import load_settings, refusal
from tests.timeline.mail.builders import make_queued
from timeline.actions.sending_hold import hold_sending
from timeline.models import TickState

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TOKEN = {"Authorization": "Bearer figures"}


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = "figures"
    settings.METRICS_NETWORKS = []


def figures() -> dict[tuple[str, ...], float]:
    """The figures by name and the values of their labels, in the order of the labels' names."""
    answer = Client().get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            labels = sorted(sample.labels.items())
            found[sample.name, *(value for _name, value in labels)] = sample.value
    return found


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (TOKEN, 200),
        ({"Authorization": "bearer figures"}, 200),
        ({}, 404),
        ({"Authorization": "Bearer"}, 404),
        ({"Authorization": "Bearer figure"}, 404),
        ({"Authorization": "Bearer figuress"}, 404),
        ({"Authorization": "Basic figures"}, 404),
    ],
)
def test_the_token_opens_them(headers: dict[str, str], status: int) -> None:
    assert Client().get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}])
def test_without_a_setting_nobody_sees_them(headers: dict[str, str], settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("10.0.0.0", 200),
        ("10.0.0.255", 200),
        ("10.0.1.0", 404),
        ("9.255.255.255", 404),
        ("::1", 404),
        ("", 404),
    ],
)
def test_the_network_opens_them(address: str, status: int, settings: Any) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/24"]
    assert Client().get("/metrics", REMOTE_ADDR=address).status_code == status


def test_a_header_that_anyone_can_set_opens_nothing(settings: Any) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/24"]
    answer = Client().get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"})
    assert answer.status_code == 404


def test_they_are_read_and_kept_nowhere() -> None:
    assert Client().post("/metrics", headers=TOKEN).status_code == 405
    assert "no-store" in Client().get("/metrics", headers=TOKEN)["Cache-Control"]


def test_mails_are_counted_by_state() -> None:
    make_queued(3)
    found = figures()
    mails = "commitments_outbox_emails"
    states = {name[1]: value for name, value in found.items() if name[0] == mails}
    assert states == {
        "queued": 3,
        "sending": 0,
        "sent": 0,
        "unknown": 0,
        "unresolved": 0,
        "failed": 0,
        "cancelled": 0,
        "expired": 0,
    }
    assert ("commitments_planned_reminders",) in found


def test_a_hold_on_sending_is_a_figure() -> None:
    assert figures()["commitments_sending_on_hold",] == 0
    hold_sending(reason="restored", backup_at=None, now=NOW)
    assert figures()["commitments_sending_on_hold",] == 1


def test_the_last_tick_has_an_age() -> None:
    assert ("commitments_tick_age_seconds",) not in figures()
    TickState.objects.create(last_ok_at=NOW)
    with time_machine.travel(NOW + timedelta(seconds=90), tick=False):
        found = figures()
    assert found["commitments_tick_age_seconds",] == 90
    assert found["commitments_last_tick_timestamp_seconds",] == NOW.timestamp()


@pytest.mark.parametrize(
    ("path", "agent", "labels"),
    [
        ("/feeds/commitments.ics", "Google-Calendar-Importer", ("google", "feed", "200")),
        ("/feeds/changes.atom", "nobody knows", ("other", "feed", "200")),
        ("/c/nothing.ics", "vdirsyncer/0.19", ("vdirsyncer", "feed", "404")),
        ("/dav/all/", "DAVx5/4.3", ("davx5", "caldav", "200")),
    ],
)
def test_polls_of_feeds_are_counted_by_client(
    path: str, agent: str, labels: tuple[str, ...]
) -> None:
    name = ("commitments_feed_polls_total", *labels)
    before = figures().get(name, 0)
    Client().get(path, headers={"User-Agent": agent})
    assert figures()[name] == before + 1


def test_pages_are_no_polls() -> None:
    def polls() -> float:
        return sum(count for name, count in figures().items() if name[0].endswith("polls_total"))

    before = polls()
    Client().get("/")
    Client().get("/c/nothing/")
    assert polls() == before


def test_requests_are_counted_and_made_up_methods_make_no_figure() -> None:
    Client().get("/methodology/")
    Client().generic("MADEUP", "/methodology/")
    found = figures()
    counted = "django_http_requests_latency_seconds_by_view_method_count"
    assert found[counted, "GET", "timeline:methodology"] >= 1
    assert [name for name in found if "MADEUP" in name] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_scrape_asks_four_questions(count: int) -> None:
    make_queued(count)
    with CaptureQueriesContext(connection) as asked:
        figures()
    assert len(asked) == 4


def test_without_a_database_the_rest_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Error

    monkeypatch.setattr("config.metrics._outbox", fail)
    found = figures()
    assert found["commitments_database_up",] == 0
    assert ("commitments_planned_reminders",) not in found
    assert any(name[0].startswith("django_http") for name in found)


def test_networks_are_checked_at_the_start(tmp_path: Path) -> None:
    given = load_settings(tmp_path, METRICS_NETWORKS="10.0.0.0/8, ::1")["METRICS_NETWORKS"]
    assert given == ["10.0.0.0/8", "::1/128"]
    assert refusal(tmp_path, METRICS_NETWORKS="10.0.0.1/8") == (
        "Setting METRICS_NETWORKS: expected networks such as 10.0.0.0/8 or ::1, "
        "with commas between them."
    )
