"""The alerts that are handed out: they read as YAML, and ask for figures that there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.builders import NOW
from tests.services.programs import ROOT
from timeline.models import TickState

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 8
    for rule in RULES:
        assert sorted(rule["annotations"]) == ["action", "summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_alert_asks_for_a_figure_that_there_is(settings: Any) -> None:
    settings.METRICS_TOKEN = "figures"
    TickState.objects.create(last_ok_at=NOW)
    Client().get("/feeds/commitments.ics")
    told = Client().get("/metrics", headers={"Authorization": "Bearer figures"}).content.decode()
    there = set(re.findall(r"^(\w+)", told, re.MULTILINE))
    asked = {
        name for rule in RULES for name in re.findall(r"\b(?:commitments|django)_\w+", rule["expr"])
    }
    assert asked - there == set()
