"""What a calendar feed is: a filter and the subscriber's choices, read from an address.

Its bytes (`timeline.feeds.bytes`) hang on the record, the filter and the choices alone: two fetches
with nothing changed are the same bytes, so the strong ETag over them is honest.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final, cast, get_args

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.feeds.bytes import Wanted
from timeline.ical.choices import CalendarChoices, Done, Show
from timeline.models import PersonalFeed

CHOICE_NAMES: Final = frozenset({"show", "language", "alarms", "done", "todos", "links"})


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
        links=_one_of(given, "links", ("no", "yes")) == "yes",
    )
    return choices, selection


def public_feed(params: QueryDict) -> Wanted:
    """The public feed of what `params` ask for. Raises InvalidInput as `read_choices` does."""
    choices, selection = read_choices(params)
    name, description = _about(choices.language)
    return Wanted(choices=choices, selection=selection, name=name, description=description)


@lru_cache(maxsize=1024)
def public_feed_at(query: bytes) -> Wanted:
    """The same for a query string, of which a public feed gets the same few again and again."""
    return public_feed(QueryDict(query))


@lru_cache(maxsize=16)
def _about(language: str) -> tuple[str, str]:
    """The name of the public calendar, and what is in it."""
    with translation.override(language):
        return _("Public commitments"), _("What was promised in public, and by when.")


def personal_feed(feed: PersonalFeed) -> Wanted:
    """What its owner chose, under the name that they gave it."""
    wanted = public_feed(params_of(feed))
    return replace(wanted, name=feed.name, owner=feed.public_id)


def feed_of_one(public_id: str, params: QueryDict) -> Wanted:
    """The commitment `public_id` alone; `params` may have choices and nothing else."""
    _choices, rest = read_choices(params)
    if rest:
        sentence = _("This address takes %(names)s only.")
        names = ", ".join(sorted(CHOICE_NAMES))
        raise InvalidInput(sentence % {"names": names}, field=next(iter(rest)), code="unknown")
    only = params.copy()
    only["id"] = public_id
    return public_feed(only)


def params_of(feed: PersonalFeed) -> QueryDict:
    """What the owner of `feed` chose, as the parameters of a public feed."""
    params = QueryDict(feed.query, mutable=True)
    params.update(QueryDict(feed.choices))
    return params


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
