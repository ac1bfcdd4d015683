"""Every text of both apps is there in Russian and Kazakh, with nothing that was forgotten in it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.services.programs import ROOT, run
from tests.services.requirements import require

pytestmark = pytest.mark.once

APPS = ("commitments", "timeline")
LANGUAGES = ("ru", "kk")
CATALOGUES = [(app, language) for app in APPS for language in LANGUAGES]
# %(name)s, %s, {name}, {{ name }}, and the tags and entities of HTML.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z]+\b[^>]*>|&[a-z]+;")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bring the catalogues up to date in a copy, as `make messages` would."""
    require(shutil.which("xgettext"), "no xgettext: install the Debian package gettext")
    copy = tmp_path_factory.mktemp("messages")
    for name in ("config", *APPS):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    for app in APPS:
        (copy / app / "locale").mkdir(exist_ok=True)
    languages = [part for language in LANGUAGES for part in ("-l", language)]
    options = ["--no-obsolete", "--ignore", "config", "--ignore", "var"]
    command = [sys.executable, "manage.py", "makemessages", *languages, *options]
    run(command, env={"DEBUG": "true", "PATH": os.environ["PATH"]}, folder=copy)
    return copy


def _read(root: Path, app: str, language: str) -> Catalog:
    file = root / app / "locale" / language / "LC_MESSAGES" / "django.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as texts:
        return read_po(texts, locale=language)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if isinstance(text, str) or text is None else list(text)


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_catalogue_holds_exactly_the_texts_of_the_app(
    extracted: Path, app: str, language: str
) -> None:
    wanted = {(m.context, _forms(m.id)[0]) for m in _messages(_read(extracted, app, language))}
    held = {(m.context, _forms(m.id)[0]) for m in _messages(_read(ROOT, app, language))}
    assert (sorted(map(str, wanted - held)), sorted(map(str, held - wanted))) == ([], [])


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_every_text_is_translated_and_looked_at(app: str, language: str) -> None:
    unfinished = [
        message.id
        for message in _messages(_read(ROOT, app, language))
        if message.fuzzy or not all(_forms(message.string))
    ]
    assert unfinished == []


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_every_translation_keeps_the_placeholders(app: str, language: str) -> None:
    different = [
        (message.id, form)
        for message in _messages(_read(ROOT, app, language))
        for form in _forms(message.string)
        if form and _placeholders(form) != _placeholders(_forms(message.id)[-1])
    ]
    assert different == []
