"""Readers that a machine may lack: without one a test says why it skips; under CI=true it fails."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.timeline.ical import readers
from tests.timeline.ical.readers import Reader


def _need(reason: str) -> None:
    if not reason:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def node_clients() -> dict[str, Reader]:
    """The readers of JavaScript by name, each in a process of its own."""
    _need(readers.node_missing())
    return {"ical.js": readers.read_with_ical_js, "node-ical": readers.read_with_node_ical}


@pytest.fixture
def read_with_vobject() -> Reader:
    _need(readers.vobject_missing())
    return readers.read_with_vobject


@pytest.fixture
def ask_libical() -> Callable[[bytes], tuple[int, bool, list[str]]]:
    _need(readers.libical_missing())
    return readers.ask_libical
