"""What to do when a machine lacks what a test needs: say so; but in CI nothing may be left out."""

import os

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def require(available: object, reason: str) -> None:
    """Skip the test when something is missing (`tests/conftest.py` refuses that in CI)."""
    if not available:
        pytest.skip(reason)
