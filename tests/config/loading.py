"""Load the settings afresh on a given environment, as a new process would."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

from tests.services.programs import ROOT

# What a production host has to say itself.
NEEDED = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "example.org"}


def load_settings(folder: Path, **variables: str) -> dict[str, Any]:
    """Return every name of `config/settings.py`; SystemExit when it refuses a variable."""
    env = NEEDED | {"VAR_DIR": str(folder), "PATH": os.environ["PATH"]} | variables
    with mock.patch.dict(os.environ, env, clear=True):
        return runpy.run_path(str(ROOT / "config" / "settings.py"))


def refusal(folder: Path, **variables: str) -> str:
    """Return the sentence with which the settings refuse an environment."""
    try:
        load_settings(folder, **variables)
    except SystemExit as stopped:
        return str(stopped)
    raise AssertionError(f"The settings took {variables}.")
