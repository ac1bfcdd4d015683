"""Python runs this at its start where the folder is in PYTHONPATH: it notes SQLite's settings.

At the first query of a connection, when it is closed, and at the end of the process for those still
open, a line goes to the file WATCHED_SQLITE: WATCHED_AS, synchronous, journal_mode, foreign_keys,
and the database's name. A web server may end without closing what its threads have open.
"""

import atexit
import contextlib
import os
import sqlite3
import weakref
from pathlib import Path
from sqlite3 import dbapi2
from typing import Any

_connect = dbapi2.connect
_open: "weakref.WeakSet[Watched]" = weakref.WeakSet()


class Watched(sqlite3.Connection):
    """A connection that tells how it was set up."""

    is_noted = False

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """Django sets it up by `execute`, and asks for a cursor when that is done."""
        if options and not self.is_noted:
            self.is_noted = True
            _note(self)
        return super().cursor(*arguments, **options)

    def close(self) -> None:
        """Note it first."""
        with contextlib.suppress(sqlite3.ProgrammingError):
            _note(self)
        super().close()


def _note(one: Watched) -> None:
    asked = ("synchronous", "journal_mode", "foreign_keys")
    found = [str(one.execute(f"PRAGMA {name}").fetchone()[0]) for name in asked]
    name = Path(one.execute("PRAGMA database_list").fetchone()[2]).name
    with Path(os.environ["WATCHED_SQLITE"]).open("a") as notes:
        notes.write(" ".join([os.environ["WATCHED_AS"], *found, name]) + "\n")


def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """In the place of sqlite3's own."""
    made: Watched = _connect(*arguments, **{"factory": Watched, **options})
    _open.add(made)
    return made


@atexit.register
def _note_the_rest() -> None:
    for one in list(_open):
        one.close()


if "WATCHED_SQLITE" in os.environ:
    dbapi2.connect = connect  # type: ignore[assignment]
