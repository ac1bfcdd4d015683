"""`manage.py set_up`: what a new installation gets, and what a second call leaves alone."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from babel.support import Translations
from django.core.management import call_command
from pytest_django import Settings

from commitments.management.commands import set_up
from commitments.models import Commitment, User


@pytest.mark.django_db
def test_set_up_makes_everything_once(settings: Settings) -> None:
    first, second = StringIO(), StringIO()
    call_command("set_up", stdout=first)
    before = list(Commitment.objects.order_by("pk").values("public_id", "revision"))
    call_command("set_up", stdout=second)
    assert len(before) == 38
    assert list(Commitment.objects.order_by("pk").values("public_id", "revision")) == before
    assert User.objects.filter(username="admin", is_superuser=True).count() == 1
    assert "First administrator: admin, password " in first.getvalue()
    assert second.getvalue() == set_up.addresses() + "\n"


@pytest.mark.django_db
def test_set_up_loads_no_demo_record_when_told_so() -> None:
    call_command("set_up", "--no-demo", stdout=StringIO())
    assert not Commitment.objects.exists()


@pytest.mark.django_db
def test_first_administrator_gets_the_password_of_the_environment(
    settings: Settings,
) -> None:
    settings.ADMIN_PASSWORD = "chosen by the host"
    assert set_up.make_first_administrator() == ""
    assert User.objects.get().check_password("chosen by the host")


@pytest.mark.django_db
def test_first_administrator_gets_a_password_that_is_told() -> None:
    password = set_up.make_first_administrator()
    assert len(password) == 16
    assert User.objects.get().check_password(password)


@pytest.mark.django_db
def test_first_administrator_is_not_made_beside_another_user() -> None:
    User.objects.create_user("somebody")
    assert set_up.make_first_administrator() == ""
    assert not User.objects.filter(username="admin").exists()


def test_addresses_follow_the_site(settings: Settings) -> None:
    settings.SITE_URL = "https://example.org"
    settings.MAILDIR_PATH = Path("/var/mail/desk")
    assert set_up.addresses().splitlines() == [
        "Page      https://example.org/",
        "Admin     https://example.org/admin/",
        "API       https://example.org/api/v1/commitments/",
        "API docs  https://example.org/api/v1/docs/",
        "Feed      https://example.org/feeds/commitments.ics",
        "Mailbox   /var/mail/desk",
    ]


def test_addresses_name_the_mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 587
    assert set_up.addresses().splitlines()[-1] == "Mailbox   smtp://mail.example.org:587"


RUSSIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "overdue"
msgstr "просрочено"
"""


@pytest.mark.once
def test_translations_are_compiled_when_the_texts_are_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "locale" / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text(RUSSIAN)
    monkeypatch.setattr(set_up, "app_folders", lambda: [tmp_path])
    set_up.compile_translations()
    with compiled.open("rb") as file:
        assert Translations(file).gettext("overdue") == "просрочено"
    compiled.write_bytes(b"newer")
    os.utime(source, (1, 1))
    set_up.compile_translations()
    assert compiled.read_bytes() == b"newer"


@pytest.mark.once
def test_static_files_are_collected_again_only_when_one_has_changed(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path
    calls: list[str] = []
    monkeypatch.setattr(set_up, "call_command", lambda name, **_: calls.append(name))
    fingerprint = iter(["one", "one", "two"])
    monkeypatch.setattr(set_up, "fingerprint_of_static_files", lambda: next(fingerprint))
    for _ in range(3):
        set_up.collect_static_files()
    assert calls == ["collectstatic", "collectstatic"]


@pytest.mark.once
def test_fingerprint_of_static_files_is_the_same_until_one_changes(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "page.css").write_text("a {}")
    before = set_up.fingerprint_of_static_files()
    assert set_up.fingerprint_of_static_files() == before
    (tmp_path / "page.css").write_text("a { }")
    assert set_up.fingerprint_of_static_files() != before
