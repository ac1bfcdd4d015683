"""A Redis and a mail host that take connections and never say a word: nobody waits for them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from commitments.actions.roles import create_roles
from commitments.roles import EDITORS
from tests.builders import make_user
from tests.commitments.admin.pages import as_shown, commitment_url
from tests.conftest import StartProgram
from tests.services.ports import LOOPBACK
from tests.timeline.mail.builders import make_due, make_subscription, sent_mails
from tests.timeline.mail.visiting import (
    MOST_SECONDS,
    WISHES,
    sent_in_seconds,
    subscribed_in_seconds,
)
from timeline.models import OutboxEmail, Reminder

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def silent_ports() -> Iterator[tuple[int, int]]:
    """Give the ports of two hosts that take connections and never answer."""
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(socket.create_server((LOOPBACK, 0))).getsockname()[1]
            for _ in range(2)
        )
        yield one, two


def test_web_app_waits_neither_for_a_frozen_redis_nor_for_a_frozen_mail_host_rem20(
    live_site: StartProgram,
    site_environment: dict[str, str],
    silent_ports: tuple[int, int],
    client: Client,
) -> None:
    redis_port, smtp_port = silent_ports
    commitment = make_due(in_days=30, now=timezone.now())
    make_subscription(now=timezone.now())
    editor = make_user("ainur", is_staff=True)
    editor.groups.add(create_roles()[EDITORS])
    client.force_login(editor)
    live_site(
        REDIS_URL=f"redis://{LOOPBACK}:{redis_port}/0",
        EMAIL_URL=f"smtp://{LOOPBACK}:{smtp_port}?timeout=5",
    )
    site_url = site_environment["SITE_URL"]

    subscribed_in_seconds(site_url, WISHES | {"address": "first@example.org"})  # it is cold yet
    assert subscribed_in_seconds(site_url) < MOST_SECONDS
    seconds = sent_in_seconds(
        f"{site_url}{commitment_url(commitment)}",
        as_shown(commitment) | {"title": "A bridge with a new name"},
        session=client.cookies["sessionid"].value,
    )
    assert seconds < MOST_SECONDS

    commitment.refresh_from_db()
    assert commitment.title == "A bridge with a new name"
    assert list(OutboxEmail.objects.values_list("state", flat=True)) == ["queued", "queued"]
    call_command("tick", stdout=StringIO())
    assert Reminder.objects.get().commitment == commitment
    assert [mail["To"] for mail in sent_mails()] == ["first@example.org", "ann@example.org"]
