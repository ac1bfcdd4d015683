"""`manage.py lift_hold`: let mail leave again after a restore."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.exceptions import InvalidInput
from timeline.actions.sending_hold import lift_hold
from timeline.models import SendingHold


class Command(BaseCommand):
    """Thin: read the moment, call the action."""

    help = "Lets mail leave again. Say what was sent between the backup and its restore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = parser.add_mutually_exclusive_group(required=True)
        known.add_argument(
            "--sent-until",
            type=datetime.fromisoformat,
            help="the lost site sent mail until then (2026-11-24T10:00Z): not sent again",
        )
        known.add_argument(
            "--nothing-was-sent",
            action="store_true",
            help="after the backup nobody sent mail: all that waits is sent, once",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        hold = SendingHold.objects.open().first()
        if hold is None:
            raise CommandError("Mail is not on hold.")
        sent_until = options["sent_until"]
        if sent_until is not None and sent_until.tzinfo is None:
            raise CommandError("--sent-until: give it with its zone, as in 2026-11-24T10:00Z.")
        try:
            count = lift_hold(hold=hold, sent_until=sent_until, actor=None, now=timezone.now())
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Mail leaves again; {count} mails count as sent before.")
