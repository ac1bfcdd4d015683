"""`manage.py load_statement FILE`: put what was said on one occasion on record."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.actions.statements import load_statement
from commitments.exceptions import StatementInvalid
from commitments.statement_file import read_statement_file


class Command(BaseCommand):
    """Thin: read the file, call the action, say what was done."""

    help = "Load a statement file (docs/statement-files.md): all of its rows, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a JSON file, UTF-8")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        try:
            loaded = load_statement(
                file=read_statement_file(content),
                actor=None,
                now=timezone.now(),
                time_zone=settings.DEFAULT_PLACE_TIME_ZONE,
            )
        except StatementInvalid as error:
            raise CommandError(f"{path}: {error}") from error
        for section, recorded in loaded.recorded.items():
            present = loaded.present[section]
            self.stdout.write(f"{section}: {recorded} recorded, {present} already on record")
