"""SQLite by its own backup API: a copy of one moment, while others write."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from config.safekeeping.aliases import second_database, sqlite_file
from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sums import TableSum, table_sums

SECONDS_TO_WAIT: Final = 20.0
COPY: Final = "safekeeping"


def dump_sqlite(connection: BaseDatabaseWrapper, dump: Path) -> dict[str, TableSum]:
    """Copy the database of `connection` to a new file; return the sums of the copy."""
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as copy:
        _copy(connection.connection, copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    with second_database(COPY, sqlite_file(dump)):
        return table_sums(COPY)


def fill_sqlite(connection: BaseDatabaseWrapper, dump: Path) -> None:
    """Replace the database of `connection` by the file `dump`, in one transaction.

    Other processes may have it open: they see the old rows, then the new ones.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(dump)) as source:
        _copy(source, connection.connection)


def check_sqlite(dump: Path) -> None:
    """Raise SafekeepingError where SQLite itself finds the file broken."""
    with closing(sqlite3.connect(dump)) as source:
        found = source.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok" or source.execute("PRAGMA foreign_key_check").fetchone():
            raise SafekeepingError(f"SQLite finds the database in the backup broken: {found}")


def _copy(source: Any, target: Any) -> None:
    """All pages in one step; where another process keeps a lock, give up after a while."""
    end = time.monotonic() + SECONDS_TO_WAIT

    def look_at_the_clock(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > end:
            raise SafekeepingError("Another process keeps the database locked: stop it first.")

    try:
        source.backup(target, pages=-1, progress=look_at_the_clock, sleep=0.1)
    except sqlite3.Error as error:
        sentence = f"SQLite could not copy the database, nothing was changed: {error}"
        raise SafekeepingError(sentence) from error
