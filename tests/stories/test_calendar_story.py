"""A subscriber's own programs fetch the feed from the running site and show what is promised."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from commitments.actions.commitments import correct_commitment
from commitments.management.commands.set_up import DEMO_RECORD
from commitments.models import Commitment
from tests.builders import NOW
from tests.conftest import StartProgram
from tests.services import site
from tests.services.subscriber import by_address


@pytest.mark.django_db(transaction=True)
def test_subscriber_sees_the_games_and_then_only_what_changed(
    live_site: StartProgram, site_environment: site.Environment, tmp_path: Path
) -> None:
    call_command("load_statement", str(DEMO_RECORD))
    live_site()
    feed = f"{site_environment['SITE_URL']}/feeds/commitments.ics"
    subscriber = by_address(tmp_path / "subscriber", feed)
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
