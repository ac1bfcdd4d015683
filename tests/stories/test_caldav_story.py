"""A subscriber's own programs synchronise with the running site over CalDAV, and cannot write."""

from __future__ import annotations

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
from tests.services.subscriber import by_caldav
from timeline.actions.personal_feeds import create_feed


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
    subscriber = by_caldav(tmp_path / "one", home, collection=feed.public_id, password=secret)
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
