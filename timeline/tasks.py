"""What wakes the house up: Celery's tasks. They carry keys of rows, never a mail.

The database is the queue, so a task that is lost, doubled or late loses and doubles nothing: the
next tick finds the same rows.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from itertools import islice
from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from timeline.actions.delivery import BATCH, deliver_emails
from timeline.actions.ticking import run_tick

logger = logging.getLogger(__name__)

BROKER_ERRORS: Final = (KombuError, OperationalError, OSError)


@shared_task(name="timeline.tick", ignore_result=True)
def tick() -> None:
    """Celery beat's one entry: make due what is due, and hand batches to the workers."""
    deliver_soon(run_tick(now=timezone.now(), most_emails=emails_in_a_tick()))


@shared_task(name="timeline.deliver", ignore_result=True)
def deliver(ids: list[int]) -> int:
    """Deliver one batch; what another worker holds or has done is passed over."""
    return deliver_emails(ids=ids, clock=timezone.now, patience_seconds=settings.TICK_SECONDS)


def deliver_soon(ids: Sequence[int]) -> None:
    """Hand batches to the workers; without a broker the next tick does it.

    A message that nobody took by the next tick is worth nothing: that one finds the same rows.
    """
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        try:
            deliver.apply_async(args=(batch,), expires=settings.TICK_SECONDS)
        except BROKER_ERRORS:
            logger.exception("The broker is away; %s mails wait for the next tick", len(ids))
            return


def emails_in_a_tick() -> int:
    """How many mails may go out until the next tick, by the pace of the settings."""
    return math.ceil(settings.MAILS_PER_MINUTE * max(settings.TICK_SECONDS, 60) / 60)
