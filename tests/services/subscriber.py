"""Somebody with vdirsyncer and khal, who follows a calendar of a running site."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

VDIRSYNCER: Final = """
[general]
status_path = "{folder}/status"
[pair commitments]
a = "here"
b = "there"
collections = {collections}
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/calendars"
fileext = ".ics"
[storage there]
{there}
"""
KHAL: Final = """
[calendars]
[[commitments]]
path = {calendar}
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
    """Both programs in a folder of their own; `there` is where vdirsyncer takes the calendar."""

    def __init__(self, folder: Path, there: dict[str, str], *, collection: str = "") -> None:
        self.folder = folder
        self.calendar = folder / "calendars" / collection
        (folder / "calendars").mkdir(parents=True)
        storage = "\n".join(f"{name} = {value}" for name, value in there.items())
        collections = '["from b"]' if collection else "null"
        (folder / "vdirsyncer.conf").write_text(
            VDIRSYNCER.format(folder=folder, there=storage, collections=collections)
        )
        (folder / "khal.conf").write_text(KHAL.format(folder=folder, calendar=self.calendar))
        self._run("vdirsyncer", "-c", "vdirsyncer.conf", "discover")

    def sync(self) -> str:
        """What vdirsyncer says of copying and deleting."""
        said = self._run("vdirsyncer", "-c", "vdirsyncer.conf", "sync")
        return "\n".join(line for line in said.splitlines() if "item" in line)

    def day(self, day: str) -> list[str]:
        """The titles that khal shows on `day`."""
        listed = self._run(
            "khal", "-c", "khal.conf", "list", "--format", "{title}", "--day-format", "", day, "1d"
        )
        return sorted(line for line in listed.splitlines() if line.strip())

    def items(self) -> set[bytes]:
        """The items of the calendar, each in a file of its own."""
        return {file.read_bytes() for file in self.calendar.iterdir()}

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


def by_address(folder: Path, url: str) -> Subscriber:
    """One who takes the calendar at `url` as a whole."""
    return Subscriber(folder, {"type": '"http"', "url": f'"{url}"'})


def by_caldav(folder: Path, home: str, *, collection: str, password: str) -> Subscriber:
    """One who knows the address of a CalDAV home, and the id of a feed with its secret."""
    there = {
        "type": '"caldav"',
        "url": f'"{home}"',
        "username": f'"{collection}"',
        "password": f'"{password}"',
        "read_only": "true",
    }
    return Subscriber(folder, there, collection=collection)
