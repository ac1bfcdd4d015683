"""A clock that is set forth and back over the change of summer time: one mail for each reminder."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.timeline.mail.builders import make_due, make_subscriber, make_subscription, tick
from timeline.enums import MailState
from timeline.models import OutboxEmail, Reminder

pytestmark = pytest.mark.django_db

# Each goes to and fro over the hour that is missing or comes twice, and over midnight.
HOURS = (-30, -2, 0.5, -1, 0, 1, -0.5, 1.5, 3, -26, 2, 12, -3, 26, 1, 40)

CHANGES = [
    pytest.param("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC), time(2, 30), id="berlin"),
    pytest.param(
        "Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC), time(2, 30), id="berlin-autumn"
    ),
    pytest.param(
        "America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC), time(2, 30), id="new-york"
    ),
    pytest.param(
        "America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC), time(1, 30), id="new-york-autumn"
    ),
    pytest.param("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC), time(0, 0), id="cairo"),
    pytest.param(
        "Africa/Cairo", datetime(2026, 10, 29, 21, tzinfo=UTC), time(23, 30), id="cairo-autumn"
    ),
]


@pytest.mark.parametrize(("zone", "change", "wall_time"), CHANGES)
def test_each_reminder_goes_out_once(zone: str, change: datetime, wall_time: time) -> None:
    offsets = {
        (change + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).utcoffset()
        for minutes in (-1, 1)
    }
    assert len(offsets) == 2, "the clocks change there and then"
    start = change - timedelta(days=5)
    day = change.astimezone(ZoneInfo(zone)).date()
    make_due(in_days=(day - start.date()).days + 7, now=start)
    reader = make_subscriber(time_zone=zone, wall_time=wall_time, now=start)
    make_subscription(reader, lead_days=(7,), now=start)
    tick(start)
    for hours in HOURS:
        tick(change + timedelta(hours=hours))
    assert list(OutboxEmail.objects.values_list("state", "maybe_delivered")) == [
        (MailState.SENT, 1)
    ]
    assert Reminder.objects.count() == 1
