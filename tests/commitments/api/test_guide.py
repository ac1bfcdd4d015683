"""Every example of docs/api.md works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from commitments.filters import known_parameters
from tests.builders import make_commitment

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
COMMANDS = re.findall(r"^curl .+$", GUIDE, flags=re.MULTILINE)


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_the_guide_works(client: Client, command: str) -> None:
    made = make_commitment(title="The 20th forum", window="2026")
    tag = client.get("/api/v1/commitments/")["ETag"]
    known = {
        "$SITE": settings.SITE_URL,
        "$ID": made.public_id,
        '\\"$TAG\\"': tag.replace('"', '\\"'),
    }
    for name, value in known.items():
        command = command.replace(name, value)
    _curl, *options, address = shlex.split(command)
    sent = dict(option.split(": ") for option in options if ": " in option)
    answer = client.get(address.removeprefix(settings.SITE_URL), headers=sent)
    assert answer.status_code == (304 if "If-None-Match" in sent else 200)


def test_the_guide_names_every_filter() -> None:
    table = GUIDE.partition("| filter | finds |")[2].partition("\n\n")[0]
    named = {word for row in table.splitlines() for word in re.findall(r"`(\w+)`", row)}
    assert set(known_parameters()) <= named
