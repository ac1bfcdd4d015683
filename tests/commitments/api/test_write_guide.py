"""Every example of docs/api-writing.md works, in the order in which it stands there."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from commitments.api.writing.urls import writing_patterns
from tests.builders import make_approver, make_editor
from tests.commitments.api.keys import make_key

pytestmark = pytest.mark.once

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api-writing.md").read_text()
COMMANDS = re.findall(r"^(curl .+?)  # (\d+)$", GUIDE, flags=re.MULTILINE)


def read(command: str, known: dict[str, str]) -> argparse.Namespace:
    """The options of curl that the guide uses; any other ends the test."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--request")
    parser.add_argument("--json")
    parser.add_argument("address")
    return parser.parse_args(shlex.split(command)[1:])


def learn(known: dict[str, str], answer: Any) -> None:
    """Keep what a reader takes from an answer for the next example."""
    told = answer.json()
    if told.get("publication") == "draft" and not told["citations"]:
        known |= {"NEW": told["id"]}
    is_new = "ID" in known and told.get("id") == known.get("NEW")
    if (found := re.match(r'"(\d+)-', answer.get("ETag", ""))) and not is_new:
        known |= {"REVISION": found[1]}
    if told.get("citations"):
        known |= {"ID": told["id"]}
        seen = known["CITATIONS"].split()
        added = [one["id"] for one in told["citations"] if one["id"] not in seen]
        known |= {"CITATIONS": " ".join([*seen, *added])}
        known |= {"CITATION": added[0]} if added else {}
    if found := re.search(r"/proposals/(\d+)/$", answer.get("Location", "")):
        known |= {"PROPOSAL": found[1]}


@pytest.mark.django_db
def test_the_examples_of_the_guide_work_in_their_order(client: Client) -> None:
    known = {
        "SITE": settings.SITE_URL,
        "KEY": make_key(make_editor()),
        "APPROVER": make_key(make_approver()),
        "CITATIONS": "",
    }
    for command, status in COMMANDS:
        asked = read(command, known)
        answer: Any = client.generic(
            asked.request or ("POST" if asked.json else "GET"),
            asked.address.removeprefix(settings.SITE_URL),
            asked.json or "",
            content_type="application/json",
            headers=dict(header.split(": ", 1) for header in asked.header),
        )
        assert (command, answer.status_code) == (command, int(status)), answer.content
        learn(known, answer)


def test_every_example_says_what_it_answers() -> None:
    assert len(COMMANDS) == len(re.findall(r"^curl ", GUIDE, flags=re.MULTILINE)) == 34


def test_every_address_that_writes_has_its_example_or_is_told() -> None:
    for pattern in writing_patterns:
        last = str(pattern.pattern).rstrip("/").rpartition("/")[2]
        assert f"{last}/" in GUIDE or last.startswith("<")
