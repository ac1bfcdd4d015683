"""`.env.example` lists every variable that is read, each with its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from config import environment
from tests.config.loading import load_settings
from tests.services.programs import ROOT

pytestmark = pytest.mark.once

EXAMPLE = dotenv_values(ROOT / ".env.example")


def test_env_example_lists_exactly_what_is_read(tmp_path: Path) -> None:
    environment.names_read.clear()
    load_settings(tmp_path)
    assert set(EXAMPLE) == environment.names_read


def test_env_example_states_the_defaults(tmp_path: Path) -> None:
    variables = {name: value or "" for name, value in EXAMPLE.items() if name != "SECRET_KEY"}
    folder = ROOT / "var"
    assert _comparable(load_settings(tmp_path, **variables)) == _comparable(
        load_settings(folder, ALLOWED_HOSTS=variables["ALLOWED_HOSTS"])
    )


def test_guide_to_running_it_names_every_variable_once() -> None:
    guide = (ROOT / "docs" / "running.md").read_text()
    section = guide.partition("### The environment\n")[2].partition("\n###")[0]
    table = "".join(line for line in section.splitlines() if line.startswith("| "))
    named = re.findall(r"`([A-Z_]+)`", table)
    assert sorted(named) == sorted(EXAMPLE)


def _comparable(settings: dict[str, object]) -> dict[str, object]:
    database: dict[str, dict[str, object]] = settings["DATABASES"]  # type: ignore[assignment]
    parts = ("ENGINE", "NAME", "OPTIONS", "TEST")
    plain = {name: value for name, value in settings.items() if name.isupper()}
    return plain | {"DATABASES": {part: database["default"][part] for part in parts}}
