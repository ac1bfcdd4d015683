"""`manage.py move_record --to ADDRESS`: from this database to an empty PostgreSQL."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.safekeeping.moving import move_record
from config.safekeeping.refusals import SafekeepingError


class Command(BaseCommand):
    """Thin: move, and print what stands in each table."""

    help = (
        "Copies everything to an empty, migrated PostgreSQL and compares both. Stop web, worker "
        "and ticker first. The password can stand in PGPASSWORD or ~/.pgpass."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, help="postgres://user@host:5432/name")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            sums = move_record(to=options["to"])
        except SafekeepingError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 1:
            for name, table in sums.items():
                self.stdout.write(f"{table.sha256}  {table.rows:>9}  {name}")
        rows = sum(table.rows for table in sums.values())
        self.stdout.write(f"{rows} rows in {len(sums)} tables are the same in both databases.")
        self.stdout.write(
            "Set DATABASE_URL to the new one and keep SECRET_KEY and RECORD_KEY as they are; "
            "then check it: manage.py verify_record"
        )
