"""`manage.py verify_record`: is the history whole? Exit 1 and the first bad row where it is not."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commitments.models import RecordHead
from commitments.record_audit import find_faults


class Command(BaseCommand):
    """Thin: check, print, and say what the head is, so that it can be published."""

    help = (
        "Check that no row of the history was edited, deleted or reordered, and print the head. "
        "Keep the head elsewhere and hand it in later with --head: then a cut tail shows too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", default="", help="a head printed earlier, as 140:9f2c…")

    def handle(self, *_args: Any, **options: Any) -> None:
        faults = list(
            find_faults(key=settings.RECORD_KEY, published_head=_read_head(options["head"]))
        )
        for fault in faults[1:20]:
            self.stderr.write(f"change {fault.number}: {fault.sentence}")
        if faults:
            first = faults[0]
            raise CommandError(f"change {first.number}: {first.sentence} ({len(faults)} in all)")
        head = RecordHead.objects.first()
        self.stdout.write(
            f"whole: {head.number} changes, head {head.number}:{head.digest}"
            if head
            else "whole: no changes yet"
        )


def _read_head(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if match is None:
        raise CommandError("--head: write it as it was printed: number, colon, 64 characters.")
    return int(match[1]), match[2]
