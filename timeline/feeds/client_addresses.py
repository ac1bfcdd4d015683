"""The addresses by which calendar programs take a list: each has its own way of being asked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from segno.encoder import DataOverflowError

from timeline.feeds.path_queries import path_part_of

GOOGLE: Final = "https://calendar.google.com/calendar/r"
OUTLOOK_LIVE: Final = "https://outlook.live.com/calendar/0/addfromweb"
OUTLOOK_OFFICE: Final = "https://outlook.office.com/calendar/0/addfromweb"
GOOGLE_TAKES: Final = 256
"""Characters of an address; of a longer one Google keeps nothing, and does not say so."""
_LOCAL_ENDINGS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class CalendarAddresses:
    """All absolute. `feed` is the calendar itself; `webcal` makes a program of the reader open it.

    `google`, `outlook_live` and `outlook_office` are pages of theirs that ask the reader and then
    fetch the calendar from their own servers. `caldav` is the calendar over CalDAV, `caldav_home`
    what lies above it, for programs that want a server.
    """

    feed: str
    webcal: str
    google: str
    outlook_live: str
    outlook_office: str
    caldav: str
    caldav_home: str

    @property
    def is_too_long_for_google(self) -> bool:
        """Whether Google would take the address, and show nothing."""
        return len(self.webcal) > GOOGLE_TAKES


def addresses_of(params: QueryDict, *, name: str) -> CalendarAddresses:
    """The addresses of the calendar that `params` (filter and choices) ask for."""
    query = params.urlencode()
    feed = settings.SITE_URL + reverse("feeds:commitments") + (f"?{query}" if query else "")
    webcal = urlunsplit(urlsplit(feed)._replace(scheme="webcal"))
    added = urlencode({"url": feed, "name": name})
    home, calendar = _caldav_paths(params)
    return CalendarAddresses(
        feed=feed,
        webcal=webcal,
        # Google takes an address for a calendar of its own unless it begins with webcal.
        google=f"{GOOGLE}?{urlencode({'cid': webcal})}",
        outlook_live=f"{OUTLOOK_LIVE}?{added}",
        outlook_office=f"{OUTLOOK_OFFICE}?{added}",
        caldav=settings.SITE_URL + calendar,
        caldav_home=settings.SITE_URL + home,
    )


def _caldav_paths(params: QueryDict) -> tuple[str, str]:
    if not params:
        return reverse("dav:home"), reverse("dav:calendar")
    part = path_part_of(params)
    return reverse("dav:list-home", args=[part]), reverse("dav:list-calendar", args=[part])


def is_local(url: str) -> bool:
    """Whether only this computer, or only the house, reaches `url`: Google's servers do not."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_ENDINGS)


def qr_code(address: str, *, title: str) -> str:
    """`address` as an SVG for a page, with `title` for who cannot see it; "" if it is too long.

    It has attributes only, and no style, which the content security policy would drop. Black on
    white in any colour scheme: many phones cannot read the reverse.
    """
    try:
        code = segno.make_qr(address, error="m")
    except DataOverflowError:
        return ""
    return code.svg_inline(
        scale=1, border=4, dark="#000", light="#fff", omitsize=True, title=title, svgclass="qr"
    )
