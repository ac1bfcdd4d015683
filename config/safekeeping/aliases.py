"""A second database for as long as a command needs one, beside those of the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

SQLITE = "django.db.backends.sqlite3"


@contextmanager
def second_database(alias: str, given: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Give the connection of a database under `alias`; `given` are Django's settings of it.

    This thread alone knows the alias, and the settings do not.
    """
    settings = connections.configure_settings({"default": {}, alias: dict(given)})[alias]
    connections[alias] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]


def sqlite_file(file: Path) -> dict[str, Any]:
    """Django's settings of a file that nobody else has open: no WAL beside it."""
    return {"ENGINE": SQLITE, "NAME": str(file)}
