"""A power cut after a commit: SQLite has to have written it through, in every process of ours."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import StartProgram
from tests.services import site

WATCHED = Path(site.__file__).parent / "watched_sqlite"
SYNCHRONOUS_FULL = "2"

pytestmark = pytest.mark.once


def test_every_process_commits_with_synchronous_full_dat06(
    site_environment: site.Environment,
    live_site: StartProgram,
    celery_worker_process: StartProgram,
    tmp_path: Path,
) -> None:
    notes = tmp_path / "notes"
    watched = {"PYTHONPATH": str(WATCHED), "WATCHED_SQLITE": str(notes)}
    programs = [
        live_site(**watched, WATCHED_AS="web"),
        celery_worker_process(**watched, WATCHED_AS="worker"),
    ]
    for path in ("/", "/healthz/ready", "/admin/login/"):
        with urllib.request.urlopen(f"{site_environment['SITE_URL']}{path}") as answer:
            assert answer.status == 200
    site.manage(site_environment | watched | {"WATCHED_AS": "command"}, "tick")
    programs[1].wait_for_output("timeline.tick")
    for program in programs:
        program.stop()
    name = Path(connection.settings_dict["NAME"]).name
    assert set(notes.read_text().splitlines()) == {
        f"{process} {SYNCHRONOUS_FULL} wal 1 {name}" for process in ("web", "worker", "command")
    }
