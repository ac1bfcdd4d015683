"""Workers killed with -9 at any moment, on a mail host that fails in every way that it can.

Nothing may be lost in silence and nothing may come three times: each mail has arrived, or the desk
is told of it; where two copies have come, the row says that it may be so. The dice are seeded; what
the processes do between two throws is not, and must not matter. `make soak` has ten times as many.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from django.utils import timezone

from tests.faults.keeper import running_hive, wait_until
from tests.services.smtp import HANG_UP, TAKE_AND_HANG_UP, SmtpServer, copies_of, later
from tests.timeline.mail.builders import make_queued
from timeline.enums import ALARMING_STATES, SETTLED_STATES, MailState
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = int(os.environ.get("SOAK_MAILS", "200"))
KILLS = int(os.environ.get("SOAK_KILLS", "20"))
SEED = 20260302
WORKERS = 3

# What goes wrong at each step, and how often in a thousand.
FAULTS: dict[str, list[tuple[int, str]]] = {
    "MAIL": [(10, "421 4.3.2 Closing"), (10, HANG_UP)],
    "RCPT": [(40, "451 4.3.0 Try later"), (10, "550 5.1.1 Nobody"), (5, later(5, "250 OK"))],
    "BODY": [(30, HANG_UP), (10, "451 4.3.0 Not now")],
    "DATA": [
        (40, "452 4.3.1 Full"),
        (10, "554 5.7.1 Not wanted"),
        (40, HANG_UP),
        (40, TAKE_AND_HANG_UP),
        (10, later(5, "250 OK")),
    ],
}


def loaded_dice(dice: random.Random, command: str) -> str:
    """A fault by its chance, and otherwise "": the usual, for a message after a short while."""
    throw = dice.randrange(1000)
    for chance, reply in FAULTS[command]:
        throw -= chance
        if throw < 0:
            return reply
    return later(dice.random() / 10, "250 OK") if command == "DATA" else ""


def test_no_mail_is_lost_or_comes_three_times(
    site_environment: dict[str, str], smtp_server: SmtpServer, tmp_path: Path
) -> None:
    dice, faults = random.Random(SEED), random.Random(SEED + 1)
    smtp_server.dice = lambda command: loaded_dice(faults, command)
    make_queued(MAILS, now=timezone.now())
    env = site_environment | {
        "EMAIL_URL": smtp_server.url.replace("timeout=5", "timeout=3"),
        "MAILS_PER_MINUTE": "100000",
    }
    with running_hive(env, tmp_path) as hive:
        hive.start_workers(WORKERS)
        wait_until(lambda: len(smtp_server.messages) > 0, seconds=30, why=hive.log.read_text)
        for _kill in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.5))
            hive.kill_one(dice)
        open_mails = OutboxEmail.objects.exclude(state__in=SETTLED_STATES)
        wait_until(
            lambda: not open_mails.exists(),
            seconds=60 + MAILS / 5,
            why=lambda: list(open_mails.values_list("state", "last_text")[:5]),
        )
    assert OutboxEmail.objects.count() == MAILS
    copies = copies_of(smtp_server)
    for email in OutboxEmail.objects.all():
        told = (email.state, email.maybe_delivered, email.last_text, copies[email.message_id])
        arrived = copies[email.message_id]
        assert arrived <= 2, f"three copies: {told}"
        assert arrived <= email.maybe_delivered, f"a copy that the row knows nothing of: {told}"
        assert arrived or email.state in ALARMING_STATES, f"lost in silence: {told}"
    bodies = {(one.message["Message-ID"], one.content) for one in smtp_server.messages}
    assert len(bodies) == len(copies), "both copies of a mail are the same bytes"
    assert OutboxEmail.objects.filter(state=MailState.CANCELLED).count() == 0
