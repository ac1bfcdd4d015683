"""`manage.py check_links`: ask the sources' addresses whether they still answer."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from commitments.actions.link_checks import check_links
from commitments.enums import LinkState

AT_A_TIME: Final = 100


class Command(BaseCommand):
    """Thin: call the action, say what was found."""

    help = (
        "Ask the addresses of the sources that are due whether they still answer; the tick does "
        "so too, a few at a time. Dead ones go to the queue of the desk. Private addresses are "
        "never asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=1000, help="ask at most so many (default: 1000)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        most = max(options["limit"], 0)
        while done := check_links(now=timezone.now(), limit=min(most - counts.total(), AT_A_TIME)):
            counts += done
        words = [f"{counts[state]} {state.value}" for state in LinkState]
        self.stdout.write(f"{counts.total()} checked: {', '.join(words)}")
