"""Django's own check of a deployment, in a process with production's settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.config.production import ENVIRONMENT
from tests.services.site import manage

pytestmark = pytest.mark.once


def test_deployment_has_nothing_to_warn_of(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **ENVIRONMENT}
    said = manage(env, "check", "--deploy", "--fail-level", "WARNING")
    assert said.strip() == "System check identified no issues (0 silenced)."
