"""`manage.py reset_second_factor NAME`: let somebody set up another device at the next login."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.actions.second_factors import reset_second_factor
from commitments.models import User


class Command(BaseCommand):
    """Thin: find the person, call the action, say what was done."""

    help = (
        "Take away the second factor of an account: its sessions end, and the next login sets up "
        "another device. For the administrator who has lost device and recovery codes; all others "
        "are helped at the desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        done = reset_second_factor(user=user, actor=None)
        self.stdout.write(f"{name}: {'was reset' if done else 'had no second factor'}")
