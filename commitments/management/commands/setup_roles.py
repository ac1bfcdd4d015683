"""`manage.py setup_roles`: make the groups of the desk, with what each may do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commitments.actions.roles import create_roles


class Command(BaseCommand):
    """Thin: call the action, say what each role may do."""

    help = (
        "Make the groups Viewers, Editors, Approvers and Postmasters with their permissions. A "
        "group that holds some already is left as it is. An administrator is made with "
        "`createsuperuser`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="give every group exactly the permissions of the matrix again",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        for name, group in create_roles(reset=options["reset"]).items():
            self.stdout.write(f"{name}: {group.permissions.count()} permissions")
