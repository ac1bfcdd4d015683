"""`manage.py migrate`: Django's own, which waits for no lock longer than two seconds.

A migration that waits for a lock keeps all who come after it waiting too. On PostgreSQL it gives
up, lets them pass, and tries again; what was applied before stays applied.
"""

from __future__ import annotations

import time
from typing import Any, Final

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangosCommand
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

LOCK_TIMEOUT: Final = "2s"
TRIES: Final = 5
PAUSE_SECONDS: Final = 3.0


class Command(DjangosCommand):
    """The same options and the same words."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            self._try(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def _try(self, *args: Any, **options: Any) -> None:
        for number in range(1, TRIES + 1):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if number == TRIES:
                    sentence = "Somebody keeps a lock on the table: this migration changed nothing."
                    raise CommandError(f"{sentence} Try again at a quieter time.") from error
                self.stdout.write(f"Somebody keeps a lock; try {number + 1} of {TRIES} follows.")
                time.sleep(PAUSE_SECONDS)
            else:
                return
