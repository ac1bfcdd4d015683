"""Where a checked file waits for its second click, and when it is swept away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing

from commitments.admin.exchange_files import drop, keep, keep_on, kept_file
from commitments.models import User
from tests.builders import NOW, make_user

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def user() -> User:
    return make_user("keeper")


def read(token: str, user: User) -> bytes | None:
    kept = kept_file(token, user)
    return kept["data"] if kept else None


def test_file_is_for_its_person_and_the_program_alone(folder: Path, user: User) -> None:
    token = keep(b"a,b\n", user, publish=True, now=NOW)
    assert read(token, user) == b"a,b\n"
    assert read(token, make_user("other")) is None
    (path,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_imported_file_is_gone(folder: Path, user: User) -> None:
    token = keep(b"x", user, publish=False, now=NOW)
    kept = kept_file(token, user)
    assert kept is not None
    drop(kept)
    assert (list(folder.iterdir()), read(token, user)) == ([], None)
    drop(kept)


@pytest.mark.parametrize(("after", "left"), [(HOUR - SECOND, 2), (HOUR, 2), (HOUR + SECOND, 1)])
def test_next_upload_sweeps_away_what_nobody_may_confirm(
    folder: Path, user: User, after: timedelta, left: int
) -> None:
    keep(b"left behind", user, publish=False, now=NOW)
    keep(b"new", user, publish=False, now=NOW + after)
    assert len(list(folder.iterdir())) == left


def test_file_that_is_shown_again_has_another_hour(folder: Path, user: User) -> None:
    kept = kept_file(keep(b"x", user, publish=True, now=NOW), user)
    assert kept is not None
    token = keep_on(kept, user, now=NOW + HOUR)
    keep(b"y", user, publish=False, now=NOW + 2 * HOUR)
    assert read(token, user) == b"x"
    assert len(list(folder.iterdir())) == 2


def test_nothing_else_is_swept_away(folder: Path, user: User, tmp_path: Path) -> None:
    keep(b"x", user, publish=False, now=NOW)
    (outside := tmp_path / "outside").write_bytes(b"precious")
    (folder / "notes.txt").write_bytes(b"of somebody else")
    (folder / ("a" * 32)).symlink_to(outside)
    (folder / ("b" * 32)).mkdir()
    keep(b"y", user, publish=False, now=NOW + 100_000 * HOUR)
    assert outside.read_bytes() == b"precious"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"notes.txt", "a" * 32, "b" * 32}


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a" * 31, "A" * 32, "a" * 33, ""])
def test_name_that_leads_elsewhere_opens_nothing(name: str, user: User, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"x")
    told = {"name": name, "digest": "", "publish": False, "user": user.pk, "head": 0}
    assert kept_file(signing.dumps(told, salt="commitments.exchange"), user) is None


def test_file_that_was_changed_on_disk_is_not_imported(folder: Path, user: User) -> None:
    token = keep(b"x", user, publish=False, now=NOW)
    (path,) = folder.iterdir()
    path.write_bytes(b"y")
    assert read(token, user) is None
