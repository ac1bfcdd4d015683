"""A subscriber's own programs fetch the feed from the running site and show what is promised."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from commitments.actions.commitments import correct_commitment
from commitments.management.commands.set_up import DEMO_RECORD
from commitments.models import Commitment
from tests.builders import NOW
from tests.conftest import StartProgram
from tests.services import site

VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair commitments]
a = "here"
b = "there"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
[storage there]
type = "http"
url = "{url}/feeds/commitments.ics"
"""
KHAL = """
[calendars]
[[commitments]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


class Subscriber:
    """Somebody with vdirsyncer and khal, and a folder for both."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "calendar").mkdir(parents=True)
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=folder, url=url))
        (folder / "khal.conf").write_text(KHAL.format(folder=folder))
        self._run("vdirsyncer", "-c", "vdirsyncer.conf", "discover")

    def sync(self) -> str:
        """Fetch the feed; returns what vdirsyncer says."""
        return self._run("vdirsyncer", "-c", "vdirsyncer.conf", "sync")

    def day(self, day: str) -> list[str]:
        """The titles that khal shows on `day`."""
        listed = self._run(
            "khal", "-c", "khal.conf", "list", "--format", "{title}", "--day-format", "", day, "1d"
        )
        return sorted(line for line in listed.splitlines() if line.strip())

    def items(self) -> set[bytes]:
        """The items of the calendar, each in a file of its own."""
        return {file.read_bytes() for file in (self.folder / "calendar").iterdir()}

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [Path(sys.executable).parent / program, *arguments],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            input="y\n" * 5,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.mark.django_db(transaction=True)
def test_subscriber_sees_the_games_and_then_only_what_changed(
    live_site: StartProgram, site_environment: site.Environment, tmp_path: Path
) -> None:
    call_command("load_statement", str(DEMO_RECORD))
    live_site()
    subscriber = Subscriber(tmp_path / "subscriber", site_environment["SITE_URL"])
    subscriber.sync()
    assert "2026: 3rd Games of the Future" in subscriber.day("2026-12-31")
    assert "delivered: September 2024: 5th World Nomad Games" in subscriber.day("2024-09-30")
    dated = Commitment.objects.published().dated().count()
    before = subscriber.items()
    assert len(before) == dated

    games = Commitment.objects.get(key="games-of-the-future-2026")
    correct_commitment(
        commitment=games, fields={"title": "Third Games of the Future"}, actor=None, now=NOW
    )
    subscriber.sync()
    assert "2026: Third Games of the Future" in subscriber.day("2026-12-31")
    after = subscriber.items()
    assert (len(after), len(after - before)) == (dated, 1)
