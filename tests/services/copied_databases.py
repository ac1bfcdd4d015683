"""The databases of all workers of pytest-xdist from one: migrations take seconds, copies do not."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.creation import BaseDatabaseCreation


@contextmanager
def migrated_once() -> Iterator[None]:
    """While it lasts, the first worker that needs a database makes one for each of the others.

    A worker in place of one that died finds no copy, and makes its own as Django does.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    usual: Any = BaseDatabaseCreation.create_test_db

    def create(creation: Any, *args: Any, **options: Any) -> str:
        folder, name = Path(os.environ["TEST_STATE"]), str(creation._get_test_db_name())
        copies = [_of_worker(name, str(worker), f"gw{number}") for number in range(count)]
        with _locked(folder / "databases"):
            copied = folder / f"copied-{creation.connection.alias}"
            if not copied.exists():
                made = str(usual(creation, *args, **options))
                _copy(creation, made, [copy for copy in copies if copy != made])
                copied.touch()
                return made
        return str(usual(creation, *args, **options | {"keepdb": name in copies}))

    with pytest.MonkeyPatch.context() as patch:
        if worker and count > 1:
            patch.setattr(BaseDatabaseCreation, "create_test_db", create)
        yield


def _of_worker(name: str, worker: str, other: str) -> str:
    """The name of a database, or of its file and the folder of that, as another worker has it."""
    return re.sub(rf"(?<=[/_]){worker}(?=/|$)", other, name)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy(creation: Any, made: str, names: list[str]) -> None:
    # A database that somebody is connected to cannot be copied.
    connection = creation.connection
    connection.close()
    if connection.vendor == "sqlite":
        for name in names:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(made, name)
        return
    connection.close_pool()
    quote = connection.ops.quote_name
    with creation._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
            cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(made)}")
