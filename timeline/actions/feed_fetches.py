"""Write down which programs fetch a feed, so that its owner sees whether it arrives."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, transaction

from timeline.feed_clients import ClientFamily
from timeline.keeping import keep_first
from timeline.models import FeedFetch, PersonalFeed

PAUSE: Final = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def fetch_key(feed: PersonalFeed | None, family: ClientFamily) -> str:
    """What is kept in the cache for a minute after a fetch was noted."""
    return f"feed-fetch-{feed.pk if feed else 0}-{family}"


def note_fetch(
    *, feed: PersonalFeed | None, family: ClientFamily, number: int, now: datetime
) -> None:
    """That `family` has `feed` (None: a public one) up to change `number` of the record.

    One write a minute at most for each feed and family, and none ever stands in the way of the
    answer: what the database refuses is logged and forgotten. The cache holds back most calls; the
    row itself holds back the rest.
    """
    if not keep_first(fetch_key(feed, family), 1, seconds=int(PAUSE.total_seconds())):
        return
    try:
        with transaction.atomic():
            _write(feed, family, number, now)
    except DatabaseError:
        logger.warning("The fetch of a feed could not be noted.", exc_info=True)


def _write(feed: PersonalFeed | None, family: ClientFamily, number: int, now: datetime) -> None:
    rows = FeedFetch.objects.filter(feed=feed, family=family)
    if rows.filter(last_at__lte=now - PAUSE).update(last_at=now, change_number=number):
        return
    if not rows.exists():
        FeedFetch.objects.create(
            feed=feed, family=family, change_number=number, first_at=now, last_at=now
        )
