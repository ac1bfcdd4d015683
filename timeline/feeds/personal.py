"""Who may read a personal feed."""

from __future__ import annotations

import re
from typing import Final

from commitments.public_ids import PATTERN
from timeline.feeds.secret import NO_HASH, is_secret_of
from timeline.models import PersonalFeed
from timeline.record_reader import NO_PUBLIC_ID

_PUBLIC_ID: Final = re.compile(PATTERN)


def feed_for(public_id: str, secret: str) -> PersonalFeed | None:
    """The feed of this address, or None: unknown, revoked and wrong look alike.

    One query and one comparison in every case, so that the time tells nothing either. An id that no
    feed can have is looked up as one that no feed has: a database would choke on some of them.
    """
    known = public_id if _PUBLIC_ID.fullmatch(public_id) else NO_PUBLIC_ID
    feed = PersonalFeed.objects.filter(public_id=known).first()
    fits = is_secret_of(secret, NO_HASH if feed is None else feed.secret_hash)
    return feed if feed is not None and fits and feed.revoked_at is None else None
