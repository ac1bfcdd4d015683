"""`manage.py hold_sending`: no mail leaves from now on; for a restore by other means than ours."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from timeline.actions.sending_hold import hold_sending


class Command(BaseCommand):
    """Thin: call the action."""

    help = (
        "Puts all mail and all webhooks on hold, as restore does. Run it before anything else "
        "where a database came back by other means: a snapshot, pg_restore, a replica."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="by hand", help="shown at the desk")

    def handle(self, *_: Any, **options: Any) -> None:
        hold = hold_sending(reason=options["reason"][:200], backup_at=None, now=timezone.now())
        self.stdout.write(f"Mail is on hold since {hold.since:%Y-%m-%d %H:%M} UTC: {hold.reason}.")
