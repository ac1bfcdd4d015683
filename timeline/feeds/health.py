"""Whether a feed arrives: "Google Calendar last fetched 7 hours ago and has version 41"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.models import FeedFetch, PersonalFeed

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What programs of one family have: `number` is the record's when they last came.

    `sentence` says it in the active language; `is_current` whether nothing changed since.
    """

    family: str
    last_at: datetime
    number: int
    is_current: bool
    sentence: str


def health_of(feed: PersonalFeed | None, *, head: int, now: datetime) -> list[FeedHealth]:
    """Who fetches `feed` (None: the public feeds together), whoever came last first."""
    rows = FeedFetch.objects.filter(feed=feed)
    return [_health(row, head, now) for row in rows]


def health_by_feed(
    feeds: Iterable[PersonalFeed], *, head: int, now: datetime
) -> dict[int, list[FeedHealth]]:
    """The same for several feeds in one query, by the integer key of the feed."""
    found: dict[int, list[FeedHealth]] = {feed.pk: [] for feed in feeds}
    for row in FeedFetch.objects.filter(feed__in=list(found)):
        if row.feed_id is not None:
            found[row.feed_id].append(_health(row, head, now))
    return found


def _health(row: FeedFetch, head: int, now: datetime) -> FeedHealth:
    said = {
        "program": row.get_family_display(),
        "ago": ago_in_words(now - row.last_at),
        "number": row.change_number,
        "head": head,
    }
    is_current = row.change_number >= head
    sentence = (
        _("%(program)s last fetched %(ago)s and has version %(number)d, the newest.")
        if is_current
        else _(
            "%(program)s last fetched %(ago)s and has version %(number)d; the newest is %(head)d."
        )
    )
    words = sentence % said
    # "another program" stands at the beginning here.
    return FeedHealth(
        row.family, row.last_at, row.change_number, is_current, words[:1].upper() + words[1:]
    )


def ago_in_words(age: timedelta) -> str:
    """How long ago, in one unit, never more than it was: "59 minutes ago", "7 hours ago"."""
    seconds = int(age.total_seconds())
    if seconds < _MINUTE:
        return _("less than a minute ago")
    if seconds < _HOUR:
        count = seconds // _MINUTE
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    if seconds < _DAY:
        count = seconds // _HOUR
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    count = seconds // _DAY
    return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}
