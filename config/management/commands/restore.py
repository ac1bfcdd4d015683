"""`manage.py restore FILE`: come back to a backup; all mail is on hold then."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.safekeeping.backups import pending_migrations, restore
from config.safekeeping.refusals import SafekeepingError


class Command(BaseCommand):
    """Thin: restore, and say what is to be done next."""

    help = (
        "Restores the database from a backup. Stop web, worker and ticker first. Afterwards no "
        "mail leaves until a postmaster lifts the hold (at the desk, or by lift_hold)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what back_up has written")
        parser.add_argument(
            "--overwrite", action="store_true", help="replace all that is in the database"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            kept = restore(file=options["file"], overwrite=options["overwrite"], now=timezone.now())
        except SafekeepingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{kept.rows} rows in {len(kept.tables)} tables, as of {kept.made_at}.")
        if pending_migrations("default"):
            self.stdout.write("It was made by an earlier release: run migrate.")
        check = f"verify_record --head {kept.head}" if kept.head else "verify_record"
        self.stdout.write(f"Now check it: manage.py {check}")
        self.stdout.write("Mail is on hold: lift that at the desk, or by manage.py lift_hold.")
