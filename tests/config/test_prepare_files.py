"""An image is built without a database, and set up with one but without writing a file."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from commitments.management.commands import set_up

pytestmark = pytest.mark.once


def test_files_are_prepared_without_a_database(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # and the tests let nobody ask a database unasked
    call_command("prepare_files")
    assert (tmp_path / "timeline" / "pages.css").exists()
    assert (tmp_path / ".collected").read_text() == set_up.fingerprint_of_static_files()


@pytest.mark.django_db
@pytest.mark.parametrize(("option", "expected"), [([], 2), (["--no-files"], 0)])
def test_set_up_leaves_files_alone_when_told_so(
    option: list[str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    for name in ("compile_translations", "collect_static_files"):
        monkeypatch.setattr(set_up, name, lambda: made.append(1))
    call_command("set_up", "--no-demo", *option, stdout=StringIO())
    assert len(made) == expected
