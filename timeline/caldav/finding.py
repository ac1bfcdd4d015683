"""Which calendar an address means, and whether who asks may read it.

There are four ways in: everything that is public; a public list, its filter in the path; a
personal feed by its secret in the path; and the same feed by the secret as the password.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.caldav.calendars import DavCalendar
from timeline.caldav.refusals import Refusal, not_found
from timeline.feeds.asking import params_of, read_choices
from timeline.feeds.path_queries import params_of_path_part
from timeline.feeds.personal import feed_for
from timeline.ical.content_lines import clean_text
from timeline.models import PersonalFeed
from timeline.views.clients import guesses_too_much

Finder: TypeAlias = Callable[..., DavCalendar]
_NO_USER: Final = ("", "")


def public_calendar(_request: HttpRequest) -> DavCalendar:
    """Everything that is public."""
    paths = reverse("dav:home"), reverse("dav:calendar")
    return _calendar(QueryDict(), *paths)


def list_calendar(_request: HttpRequest, part: str) -> DavCalendar:
    """What a filter asks for; 404 for one that cannot be read."""
    params = params_of_path_part(part)
    if params is None:
        raise not_found()
    paths = reverse("dav:list-home", args=[part]), reverse("dav:list-calendar", args=[part])
    return _calendar(params, *paths)


def calendar_by_path(request: HttpRequest, public_id: str, secret: str) -> DavCalendar:
    """A personal feed by its secret address; an unknown one and a wrong one are the same 404."""
    feed = feed_for(public_id, secret)
    if feed is None:
        _count_miss(request)
        raise not_found()
    args = [public_id, secret]
    return _personal(
        feed, reverse("dav:secret-home", args=args), reverse("dav:secret-calendar", args=args)
    )


def calendar_by_password(request: HttpRequest, public_id: str | None = None) -> DavCalendar:
    """A personal feed by HTTP's Basic (RFC 7617): its public id is the user, its secret the
    password. Without them, or with wrong ones, the client is asked for them (401).
    """
    user, password = _credentials(request.headers)
    feed = feed_for(user, password)
    if feed is None or public_id not in {None, user}:
        if user:
            _count_miss(request)
        raise Refusal(HTTPStatus.UNAUTHORIZED, "User: the feed's id. Password: its secret.")
    paths = reverse("dav:feed-home"), reverse("dav:feed-calendar", args=[user])
    return _personal(feed, *paths)


def _count_miss(request: HttpRequest) -> None:
    """Wrong secrets count together with those of the feeds; raises Refusal (429) for too many."""
    if guesses_too_much(request):
        raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong secrets: wait a minute.")


def _personal(feed: PersonalFeed, home: str, path: str) -> DavCalendar:
    found = _calendar(params_of(feed), home, path)
    return replace(found, name=clean_text(feed.name), feed=feed)


def _calendar(params: QueryDict, home: str, path: str) -> DavCalendar:
    try:
        choices, selection = read_choices(params)
    except InvalidInput as error:
        raise not_found() from error
    name = _name_of(selection, choices.language)
    return DavCalendar(home=home, path=path, name=name, choices=choices, selection=selection)


def _name_of(selection: QueryDict, language: str) -> str:
    """ "Public commitments", and what narrows them, since a reader may have several lists."""
    values = [
        clean_text(str(value))
        for name, values in sorted(selection.lists())
        for value in values
        if name != "ordering" and value
    ]
    with translation.override(language):
        name = _("Public commitments")
    return f"{name} ({', '.join(values)})" if values else name


def _credentials(headers: Mapping[str, str]) -> tuple[str, str]:
    """User and password in the header Authorization; empty ones for none that can be read."""
    scheme, _space, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return _NO_USER
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return _NO_USER
    user, colon, password = text.partition(":")
    return (user, password) if colon else _NO_USER
