"""PostgreSQL by its own programs: pg_dump, pg_restore and psql, of the server's version or newer.

No password stands in a command line: it goes by the environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, Final, cast

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from config.safekeeping.refusals import SafekeepingError
from config.safekeeping.sums import TableSum, table_sums

WHERE: Final = frozenset({"dbname", "host", "hostaddr", "port", "user"})
PLAIN: Final = ("--no-owner", "--no-privileges")
# Tables and functions of ours, but nothing that an extension brought: that may belong to others.
CLEARED: Final = """
SET lock_timeout = '20s';
DO $$ DECLARE one text; BEGIN
FOR one IN SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', 'public', c.relname)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
LOOP EXECUTE one; END LOOP;
FOR one IN SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
LOOP EXECUTE one; END LOOP;
END $$;
"""


def dump_postgresql(connection: BaseDatabaseWrapper, dump: Path) -> dict[str, TableSum]:
    """Write a dump in the custom format; return the sums of the very same moment."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = f"--snapshot={cursor.fetchone()[0]}"
        options = ["--format=custom", f"--file={dump}", snapshot, *PLAIN]
        run([*with_address("pg_dump", connection), *options], connection)
        return table_sums(connection.alias)


def fill_postgresql(
    connection: BaseDatabaseWrapper, dump: Path, *, is_cleared: bool, last: str
) -> None:
    """Restore `dump` in one transaction that begins with an empty schema and ends with `last`.

    `is_cleared`: drop first what is there. Whatever goes wrong, the database is as it was.
    """
    psql = [*with_address("psql", connection), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    with subprocess.Popen(  # noqa: S603 - fixed programs with addresses of the settings
        [*psql, f"--output={os.devnull}"],
        env=_environment(connection),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as session:
        stdin = cast("IO[bytes]", session.stdin)
        try:
            _say(stdin, f"BEGIN;{CLEARED if is_cleared else ''}")
            unpacked = subprocess.run(  # noqa: S603
                [_program("pg_restore"), "--file=-", *PLAIN, "--no-comments", str(dump)],
                stdout=stdin,
                stderr=subprocess.PIPE,
                check=False,
            )
            _say(stdin, f"{last};COMMIT;" if not unpacked.returncode else "ROLLBACK;")
        except BrokenPipeError:
            pass  # psql has stopped at an error, and says which
        _out, said = session.communicate()
    if session.returncode or unpacked.returncode:
        words = (said or unpacked.stderr).decode(errors="replace").strip()
        raise SafekeepingError(f"PostgreSQL could not restore it, nothing was changed: {words}")


def _say(stdin: IO[bytes], text: str) -> None:
    stdin.write(text.encode() + b"\n")
    stdin.flush()


def run(command: list[str], connection: BaseDatabaseWrapper) -> None:
    """Run a program of PostgreSQL; raise SafekeepingError with its own words where it fails."""
    environment = _environment(connection)
    done = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SafekeepingError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def with_address(program: str, connection: BaseDatabaseWrapper) -> list[str]:
    """Where the database is, in words that an older libpq than the driver's own knows as well."""
    connection.ensure_connection()
    known = WHERE | set(connection.settings_dict["OPTIONS"])
    parameters = cast("Connection", connection.connection).info.get_parameters()
    address = {name: value for name, value in parameters.items() if name in known}
    return [_program(program), f"--dbname={make_conninfo(**address)}"]


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    connection.ensure_connection()
    password = cast("Connection", connection.connection).info.password
    return {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sentence = f"{name} is missing: install the clients of PostgreSQL (postgresql-client)."
        raise SafekeepingError(sentence)
    return found
