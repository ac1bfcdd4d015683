"""Every example of docs/api.md works."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from commitments.filters import known_parameters
from tests.builders import make_commitment, make_editor
from tests.commitments.api.keys import make_key
from tests.timeline.mail.builders import make_subscriber, make_subscription

pytestmark = pytest.mark.once

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
# Words about the program, not to be run.
NOT_RUN = ("curl 7.82 or newer",)
COMMANDS = re.findall(r"^curl .+$", GUIDE, flags=re.MULTILINE)


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_the_guide_works(client: Client, command: str) -> None:
    made = make_commitment(title="The 20th forum", window="2026")
    tag = client.get("/api/v1/commitments/")["ETag"]
    reader = make_editor()
    reader.email = "reader@example.org"
    reader.save()
    known = {
        "$SITE": settings.SITE_URL,
        "$SOURCE": made.citations.get().source.public_id,
        "$NUMBER": str(make_subscription(make_subscriber(reader.email)).pk),
        "$KEY": make_key(reader),
        '\\"$REVISION\\"': f'\\"{made.revision}\\"',
        "$ID": made.public_id,
        '\\"$TAG\\"': tag.replace('"', '\\"'),
    }
    for name, value in known.items():
        command = command.replace(name, value)
    command, _sign, status = command.partition("  # ")
    asked = _as_curl_reads(command)
    sent = dict(header.split(": ") for header in asked.header)
    method = asked.request or ("POST" if asked.json else "GET")
    answer = client.generic(
        method,
        asked.address.removeprefix(settings.SITE_URL),
        asked.json or "",
        content_type="application/json",
        headers=sent,
    )
    usual = {"GET": 304 if "If-None-Match" in sent else 200, "POST": 201, "PATCH": 200}
    assert answer.status_code == (int(status) if status else usual[method]), answer.content


def _as_curl_reads(command: str) -> argparse.Namespace:
    """The options that the guide uses; any other ends the test."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--request")
    parser.add_argument("--json")
    parser.add_argument("--include", action="store_true")
    parser.add_argument("address")
    return parser.parse_args(shlex.split(command)[1:])


def test_every_curl_of_the_guide_is_one_of_these() -> None:
    assert len(COMMANDS) == GUIDE.count("curl ") - len(NOT_RUN)


def test_the_contents_lead_to_every_part() -> None:
    heads = re.findall(r"^##+ (.+)$", GUIDE, flags=re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}
    listed = set(re.findall(r"\]\(#([\w-]+)\)", GUIDE.partition("\n## ")[0]))
    assert anchors - listed == {"keys-limits-repeats", "from-a-web-page"}
    assert listed <= anchors


def test_the_guide_names_every_filter() -> None:
    table = GUIDE.partition("| filter | finds |")[2].partition("\n\n")[0]
    named = {word for row in table.splitlines() for word in re.findall(r"`(\w+)`", row)}
    assert set(known_parameters()) <= named
