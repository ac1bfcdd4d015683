"""Where else a list can be had: the same query string as a calendar, a mail or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from timeline.entries import Entry


@dataclass(frozen=True, slots=True)
class Outlets:
    """Addresses; `calendar` is absolute, for pasting, `webcal` opens a calendar program."""

    calendar: str
    webcal: str
    mail: str
    api: str


def outlets_of_list(params: QueryDict, *, language: str) -> Outlets:
    """The outlets of the list that `params` ask for, in the reader's language."""
    selection = params.copy()
    selection.pop("ordering", None)
    choices = selection.copy()
    if language != settings.LANGUAGE_CODE:
        choices["language"] = language
    calendar = settings.SITE_URL + _address(reverse("feeds:commitments"), choices)
    return Outlets(
        calendar=calendar,
        webcal=urlunsplit(urlsplit(calendar)._replace(scheme="webcal")),
        mail=_address(reverse("timeline:subscribe"), selection),
        api=_address(reverse("api:commitments"), params),
    )


def outlets_of_one(entry: Entry) -> Outlets:
    """The outlets of `entry` alone."""
    return outlets_of_list(QueryDict(f"id={entry.public_id}"), language=entry.language)


def outlets_around(entry: Entry) -> Outlets:
    """The outlets of everything on the topics of `entry`; of the whole list where it has none."""
    params = QueryDict(mutable=True)
    params.setlist("topic", [topic.key for topic in entry.topics])
    return outlets_of_list(params, language=entry.language)


def _address(path: str, params: QueryDict) -> str:
    query = params.urlencode()
    return f"{path}?{query}" if query else path


def api_of_one(public_id: str) -> str:
    """The address of one commitment as JSON."""
    return reverse("api:commitment", args=[public_id])
