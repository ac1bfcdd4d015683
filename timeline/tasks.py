"""What wakes the house up: Celery's tasks. They carry keys of rows, never a mail.

The database is the queue, so a task that is lost, doubled or late loses and doubles nothing: the
next tick finds the same rows.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from timeline.actions.chores import check_some_links, links_wait
from timeline.actions.delivery import BATCH, deliver_emails
from timeline.actions.ticking import run_tick
from timeline.actions.webhook_delivery import tell_webhooks
from timeline.actions.webhook_planning import webhooks_wait

logger = logging.getLogger(__name__)

BROKER_ERRORS: Final = (KombuError, OperationalError, OSError)


@shared_task(name="timeline.tick", ignore_result=True)
def tick() -> None:
    """Celery beat's one entry: make due what is due, and hand batches to the workers."""
    deliver_soon(run_tick(now=timezone.now(), most_emails=emails_in_a_tick()))
    tell_webhooks_soon(now=timezone.now())
    check_links_soon(now=timezone.now())


@shared_task(name="timeline.deliver", ignore_result=True)
def deliver(ids: list[int]) -> int:
    """Deliver one batch; what another worker holds or has done is passed over."""
    return deliver_emails(ids=ids, clock=timezone.now, patience_seconds=settings.TICK_SECONDS)


@shared_task(name="timeline.webhooks", ignore_result=True)
def webhooks() -> int:
    """Plan and deliver what webhooks are to be told; several at once share the work."""
    return tell_webhooks(clock=timezone.now)


def tell_webhooks_soon(*, now: datetime) -> None:
    """Hand it to a worker, where there is anything to tell."""
    if not webhooks_wait(now=now):
        return
    try:
        webhooks.apply_async(expires=settings.TICK_SECONDS)
    except BROKER_ERRORS:
        logger.exception("The broker is away; the webhooks wait for the next tick")


@shared_task(name="timeline.check_links", ignore_result=True)
def check_links() -> int:
    """Check a few links; what another worker is at is passed over."""
    return check_some_links(now=timezone.now())


def check_links_soon(*, now: datetime) -> None:
    """Hand the links that are due to a worker, once the mails are on their way."""
    if not links_wait(now=now):
        return
    try:
        check_links.apply_async(expires=settings.TICK_SECONDS)
    except BROKER_ERRORS:
        logger.exception("The broker is away; the links wait for the next tick")


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
