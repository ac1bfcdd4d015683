"""Where else a list can be had: the same query string as a calendar, a mail or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from timeline.dates_in_words import day_in_words
from timeline.entries import Entry


@dataclass(frozen=True, slots=True)
class Outlets:
    """Addresses; `calendar` is absolute, for pasting, `webcal` opens a calendar program.

    `subscribe` is the page with all ways, `changes` and `changes_json` are the feeds of what
    changes and `changed` the page of it: "" where the list is narrowed by its place in time, of
    which no change tells.
    """

    subscribe: str
    calendar: str
    webcal: str
    mail: str
    api: str
    csv: str
    changes: str
    changes_json: str
    changed: str


def outlets_of_list(params: QueryDict, *, language: str) -> Outlets:
    """The outlets of the list that `params` ask for, in the reader's language."""
    selection = params.copy()
    selection.pop("ordering", None)
    has_changes = not selection.getlist("schedule")
    choices = selection.copy()
    if language != settings.LANGUAGE_CODE:
        choices["language"] = language
    calendar = settings.SITE_URL + _address(reverse("feeds:commitments"), choices)
    return Outlets(
        subscribe=_address(reverse("timeline:subscribe_page"), selection),
        calendar=calendar,
        webcal=urlunsplit(urlsplit(calendar)._replace(scheme="webcal")),
        mail=_address(reverse("timeline:subscribe"), selection),
        api=_address(reverse("api:commitments"), params),
        csv=csv_of_list(params),
        changes=_of_changes("feeds:changes-atom", choices) if has_changes else "",
        changes_json=_of_changes("feeds:changes-json", choices) if has_changes else "",
        changed=_of_changes("timeline:changes", selection) if has_changes else "",
    )


def csv_of_list(params: QueryDict) -> str:
    """The address of the rows of a list as CSV."""
    return _address(reverse("api:commitments"), _with(params, "format", "csv"))


def _of_changes(route: str, params: QueryDict) -> str:
    return _address(reverse(route), _of_today(params))


def _with(params: QueryDict, name: str, value: str) -> QueryDict:
    more = params.copy()
    more[name] = value
    return more


def _of_today(params: QueryDict) -> QueryDict:
    """`params` without an earlier day: what changes is not of any."""
    rest = params.copy()
    for name in ("as_of", "as_of_time"):
        rest.pop(name, None)
    return rest


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


@dataclass(frozen=True, slots=True)
class Sharing:
    """Addresses to show a commitment elsewhere, absolute: frame, badge, picture, and code."""

    embed: str
    badge: str
    card: str
    frame_code: str
    badge_code: str


def sharing_of_one(entry: Entry) -> Sharing:
    """How other sites can show `entry`, in its language."""
    names = ("embed", "badge", "card")
    embed, badge, card = (
        settings.SITE_URL + reverse(f"timeline:{name}", args=[entry.public_id]) for name in names
    )
    page = settings.SITE_URL + reverse("timeline:commitment", args=[entry.public_id])
    # Plain text that happens to be HTML: the page shows it as words to copy.
    title = f"{escape(entry.title)}"
    return Sharing(
        embed=embed,
        badge=badge,
        card=card,
        frame_code=f'<iframe src="{embed}" title="{title}" width="100%" height="220"></iframe>',
        badge_code=f'<a href="{page}"><img src="{badge}" alt="{title}"></a>',
    )


def cite(entry: Entry, *, day: date, is_as_of: bool) -> str:
    """A line for a footnote: the title, the revision, the day that it tells of, the address."""
    address = f"{entry.url}?as_of={day.isoformat()}" if is_as_of else entry.url
    values = {
        "title": entry.title,
        "revision": entry.revision,
        "day": day_in_words(day, entry.language),
        "address": address,
    }
    return _("“%(title)s”, revision %(revision)d, as of %(day)s. %(address)s") % values
