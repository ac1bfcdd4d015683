"""`manage.py set_up`: make a new installation usable, and leave one that is already so as it is."""

from __future__ import annotations

import hashlib
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from commitments.actions.roles import create_roles
from commitments.models import Commitment, User

DEMO_RECORD = Path(__file__).parents[2] / "data" / "statement-2024-11-27.json"
# Written out, not looked up: they are promised to the world, and only one of them is the record's.
PUBLIC_PATHS = {
    "Page": "/",
    "Admin": "/admin/",
    "API": "/api/v1/commitments/",
    "API docs": "/api/v1/docs/",
    "Feed": "/feeds/commitments.ics",
}


class Command(BaseCommand):
    """Prepares database, translations, static files, roles, first administrator, demo record."""

    help = "Makes a new installation usable: database, roles, first administrator, demo record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to leave the demo record out, and what was made when the release was built."""
        parser.add_argument("--no-demo", action="store_true", help="load no demo record")
        parser.add_argument(
            "--no-files",
            action="store_true",
            help="leave translations and static files as prepare_files has made them",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Do every step; each looks first whether it has been done before."""
        call_command("migrate", verbosity=0, interactive=False)
        if not options["no_files"]:
            compile_translations()
            collect_static_files()
        create_roles()
        password = make_first_administrator()
        if not options["no_demo"] and not Commitment.objects.exists():
            call_command("load_statement", str(DEMO_RECORD), verbosity=0)
        self.stdout.write(addresses())
        if password:
            self.stdout.write(f"\nFirst administrator: admin, password {password} (shown once)\n")


def app_folders() -> list[Path]:
    """Return the folders of the project's own apps."""
    return [Path(apps.get_app_config(app).path) for app in ("commitments", "timeline")]


def compile_translations() -> None:
    """Compile the texts of both apps in Python, so that no gettext has to be installed."""
    for folder in app_folders():
        for source in folder.glob("locale/*/LC_MESSAGES/django.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as texts:
                catalogue = read_po(texts, locale=source.parents[1].name)
            unfinished = compiled.with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, catalogue)
            unfinished.replace(compiled)


def collect_static_files() -> None:
    """Collect and compress the static files, unless none has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(fingerprint)


def fingerprint_of_static_files() -> str:
    """Return a digest of name, size and time of every static file."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def make_first_administrator() -> str:
    """Make `admin` when there is nobody yet; return the password if it was made up here."""
    if User.objects.exists():
        return ""
    password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
    User.objects.create_superuser("admin", password=password)
    return "" if settings.ADMIN_PASSWORD else password


def addresses() -> str:
    """Return the addresses of everything that people and programs use, one a line."""
    smtp = f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mailbox = smtp if settings.EMAIL_HOST else str(settings.MAILDIR_PATH)
    found = {name: f"{settings.SITE_URL}{path}" for name, path in PUBLIC_PATHS.items()}
    lines = [f"{name:<10}{address}" for name, address in (found | {"Mailbox": mailbox}).items()]
    return "\n".join(lines)
