"""A subscriber's own programs synchronise with the running site over CalDAV, and cannot write."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import caldav
import pytest
from caldav.elements.dav import DisplayName
from caldav.lib.error import DAVError
from django.core.management import call_command
from django.http import QueryDict

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import retract_commitment
from commitments.management.commands.set_up import DEMO_RECORD
from commitments.models import Commitment
from tests.builders import NOW, make_approver, make_user
from tests.conftest import StartProgram
from tests.services import site
from timeline.actions.personal_feeds import create_feed

VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair commitments]
a = "here"
b = "there"
collections = ["from b"]
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/calendars"
fileext = ".ics"
[storage there]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
read_only = true
"""
KHAL = """
[calendars]
[[commitments]]
path = {folder}/calendars/{collection}
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
    """Somebody with vdirsyncer and khal, who knows the address of a home, a user and a password."""

    def __init__(self, folder: Path, url: str, collection: str, user: str, password: str) -> None:
        self.folder = folder
        self.calendar = folder / "calendars" / collection
        folder.mkdir(parents=True)
        (folder / "vdirsyncer.conf").write_text(
            VDIRSYNCER.format(folder=folder, url=url, user=user, password=password)
        )
        (folder / "khal.conf").write_text(KHAL.format(folder=folder, collection=collection))
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


@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_and_khal_take_only_what_changed(
    live_site: StartProgram, site_environment: site.Environment, tmp_path: Path
) -> None:
    call_command("load_statement", str(DEMO_RECORD))
    feed, secret = create_feed(
        name="Games and the rest", params=QueryDict(""), user=make_user(), now=NOW
    )
    server = live_site()
    home = f"{site_environment['SITE_URL']}/dav/calendars/"
    subscriber = Subscriber(tmp_path / "one", home, feed.public_id, feed.public_id, secret)
    subscriber.sync()
    first = subscriber.items()
    assert len(first) == Commitment.objects.published().dated().count()
    assert "2026: 3rd Games of the Future" in subscriber.day("2026-12-31")
    assert subscriber.sync() == ""

    games = Commitment.objects.get(key="games-of-the-future-2026")
    correct_commitment(
        commitment=games, fields={"title": "Third Games of the Future"}, actor=None, now=NOW
    )
    assert subscriber.sync().count("Copying (updating) item") == 1
    second = subscriber.items()
    assert (len(second), len(second - first)) == (len(first), 1)
    assert "2026: Third Games of the Future" in subscriber.day("2026-12-31")

    retract_commitment(commitment=games, actor=make_approver(), now=NOW, reason="Entered twice.")
    assert subscriber.sync().count("Deleting item") == 1
    assert second - subscriber.items() == second - first
    assert subscriber.sync() == ""
    assert secret not in server.output


@pytest.mark.django_db(transaction=True)
def test_python_caldav_finds_its_way_synchronises_and_cannot_write(
    live_site: StartProgram, site_environment: site.Environment
) -> None:
    call_command("load_statement", str(DEMO_RECORD))
    live_site()
    site_url = site_environment["SITE_URL"]
    with caldav.DAVClient(f"{site_url}/dav/") as client:
        [calendar] = client.principal().calendars()  # type: ignore[no-untyped-call]
        assert urlsplit(str(calendar.url)).path == "/dav/all/"
        assert calendar.get_properties([DisplayName()]) == {
            "{DAV:}displayname": "Public commitments"
        }
        known = calendar.objects(load_objects=True)
        assert len(known) == Commitment.objects.published().dated().count()
        assert known.sync() == ([], [])

        games = Commitment.objects.get(key="games-of-the-future-2026")
        correct_commitment(commitment=games, fields={"title": "Third Games"}, actor=None, now=NOW)
        updated, deleted = known.sync()
        assert [one.icalendar_component["SUMMARY"] for one in updated] == ["2026: Third Games"]
        assert deleted == []
        [found] = calendar.search(summary="Third Games", event=True)
        assert found.url == updated[0].url
        last_day = calendar.search(start=date(2026, 12, 31), end=date(2027, 1, 1), event=True)
        assert found.url in [one.url for one in last_day]
        assert calendar.search(start=date(2027, 1, 1), end=date(2027, 1, 2), event=True) == []

        found.icalendar_component["SUMMARY"] = "Mine"
        with pytest.raises(DAVError):
            found.save()
        with pytest.raises(DAVError):
            found.delete()

        retract_commitment(
            commitment=games, actor=make_approver(), now=NOW, reason="Entered twice."
        )
        updated, deleted = known.sync()
        assert (updated, [str(one.url) for one in deleted]) == ([], [str(found.url)])
        assert known.sync() == ([], [])
