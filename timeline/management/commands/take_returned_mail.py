"""Mail that came back, from the local mail host: one mail on standard input."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from timeline.actions.bounces import take_returned_mail
from timeline.mail.returned import MOST_BYTES

# sysexits.h: the mail host keeps the mail and tries again.
TRY_AGAIN_LATER: Final = 75


class Command(BaseCommand):
    """Read one mail that came to RETURN_PATH, and switch its address off where it says so."""

    help = (
        "Read a returned mail from standard input (a report of a failure, or a complaint) and "
        "switch the address off that it is about. Give --recipient, or ORIGINAL_RECIPIENT as "
        "Postfix sets it, with the address that the mail came to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", default=os.environ.get("ORIGINAL_RECIPIENT", ""))

    def handle(self, *_: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(MOST_BYTES)
        try:
            verdict = take_returned_mail(
                content=content, recipient=options["recipient"], now=timezone.now()
            )
        except DatabaseError as error:
            raise CommandError(
                f"The database is away: {error}", returncode=TRY_AGAIN_LATER
            ) from error
        self.stdout.write(f"{verdict.name.lower()}: {verdict.value}")
