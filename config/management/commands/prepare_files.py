"""`manage.py prepare_files`: what a release needs once, before any database; an image has it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from commitments.management.commands.set_up import collect_static_files, compile_translations


class Command(BaseCommand):
    """The steps of `set_up` that write files beside the code."""

    help = "Compiles the translations and collects the static files; asks no database."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        compile_translations()
        collect_static_files()
