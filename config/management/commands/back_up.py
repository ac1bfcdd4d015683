"""`manage.py back_up FILE`: a whole backup of one moment, while the site works."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.safekeeping.backups import back_up
from config.safekeeping.refusals import SafekeepingError


class Command(BaseCommand):
    """Thin: make it, and print what a restore will be held against."""

    help = "Writes a backup of the database with checksums to a new file; the site may go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that is not there yet")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            made = back_up(file=options["file"], now=timezone.now())
        except SafekeepingError as error:
            raise CommandError(str(error)) from error
        size = options["file"].stat().st_size
        self.stdout.write(
            f"{options['file']}: {made.rows} rows in {len(made.tables)} tables, {size} bytes"
        )
        if made.head:
            self.stdout.write(f"head {made.head}")
