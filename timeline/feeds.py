"""What a calendar feed is: a filter, the subscriber's choices, and the bytes they come to.

The bytes hang on the record, the filter and the choices alone: two fetches with nothing changed
are the same bytes, so the strong ETag over them is honest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, cast, get_args

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline import record_reader
from timeline.entries import Entry
from timeline.ical.calendar import write_calendar
from timeline.ical.choices import CalendarChoices, Done, Show

TOMBSTONE_DAYS: Final = 90
KEPT_SECONDS: Final = 3600

CHOICE_NAMES: Final = frozenset({"show", "language", "alarms", "done", "todos"})


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as served: `body` in UTF-8, `etag` quoted and strong, `changed_at` in UTC."""

    body: bytes
    etag: str
    changed_at: datetime | None


def read_choices(params: QueryDict) -> tuple[CalendarChoices, QueryDict]:
    """The subscriber's choices among `params`, and the rest, which is the shared filter.

    Raises InvalidInput that names the parameter and what it may be.
    """
    selection = params.copy()
    given = {name: selection.pop(name)[-1] for name in CHOICE_NAMES & set(selection)}
    choices = CalendarChoices(
        show=cast("Show", _one_of(given, "show", get_args(Show))),
        language=_one_of(given, "language", tuple(code for code, _name in settings.LANGUAGES)),
        alarms=_alarms(given.get("alarms", "")),
        done=cast("Done", _one_of(given, "done", get_args(Done))),
        todos=_one_of(given, "todos", ("no", "yes")) == "yes",
    )
    return choices, selection


def render_feed(choices: CalendarChoices, selection: QueryDict, *, now: datetime) -> Feed:
    """The feed of all published commitments that `selection` asks for.

    Kept in the cache for as long as the record stands unchanged. A selection by schedule hangs
    on the hour as well and is made anew each time. Raises InvalidInput for an unknown filter.
    """
    if "schedule" in selection:
        return _render(choices, selection, now)
    head = record_reader.read_head()
    asked = f"{head} {now.astimezone(UTC).date()} {choices} {_canonical(selection)}"
    key = f"feed-{hashlib.sha256(asked.encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, Feed):
        return kept
    feed = _render(choices, selection, now)
    cache.set(key, feed, KEPT_SECONDS)
    return feed


def _render(choices: CalendarChoices, selection: QueryDict, now: datetime) -> Feed:
    entries = record_reader.read_entries(selection, language=choices.language, now=now)
    # From midnight, so that what is served does not change in the course of a day.
    today = datetime.combine(now.astimezone(UTC).date(), time(tzinfo=UTC))
    entries += record_reader.read_tombstones(
        since=today - timedelta(days=TOMBSTONE_DAYS), language=choices.language
    )
    # In the order of recording: a moved date changes the bytes of its own item only.
    entries.sort(key=lambda entry: (entry.created_at, entry.public_id))
    return _feed(entries, choices)


def _feed(entries: list[Entry], choices: CalendarChoices) -> Feed:
    with translation.override(choices.language):
        name, about = _("Public commitments"), _("What was promised in public, and by when.")
    body = b"".join(write_calendar(entries, name=name, choices=choices, description=about))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Feed(body, etag, max((entry.changed_at for entry in entries), default=None))


def _canonical(selection: QueryDict) -> str:
    """The same text for the same selection in whatever order it was written."""
    return repr(sorted((name, sorted(values)) for name, values in selection.lists()))


def _one_of(given: dict[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, allowed[0])
    if value not in allowed:
        sentence = _("“%(value)s” is not possible here; choose one of: %(allowed)s.")
        details = {"value": value[:60], "allowed": ", ".join(allowed)}
        raise InvalidInput(sentence % details, field=name, code="invalid_choice")
    return value


def _alarms(text: str) -> tuple[int, ...]:
    try:
        days = tuple(int(part) for part in text.split(",") if part.strip())
        return CalendarChoices(alarms=days).alarms
    except ValueError as error:
        sentence = _("Give at most ten whole numbers of days from 0 to 366, as 7,1.")
        raise InvalidInput(sentence, field="alarms", code="invalid_choice") from error
