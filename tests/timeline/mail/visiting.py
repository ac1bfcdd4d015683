"""Asking a running site as a browser does, and how long its answers take."""

from __future__ import annotations

import re
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

WISHES = {
    "address": "ann@example.org",
    "lead_days": "7",
    "language": "en",
    "time_zone": "Asia/Almaty",
}
PATIENCE_SECONDS = 30
MOST_SECONDS = 3
"""The promise: no page waits longer, whatever neighbour is away or frozen."""


def subscribed_in_seconds(site_url: str, wishes: dict[str, str] = WISHES) -> float:
    """Fill in the form of a running site as a browser does; return how long the answer took."""
    return sent_in_seconds(f"{site_url}/subscribe/mail/", wishes)


def sent_in_seconds(address: str, fields: dict[str, Any], *, session: str = "") -> float:
    """Open the page of a form, send `fields` by it, and return how long that answer took.

    `session` is the cookie of somebody who is logged in. Raises HTTPError for an answer of 4xx or
    5xx, AssertionError where the page comes back with what is wrong with it.
    """
    cookies = {"sessionid": session} if session else {}
    with urlopen(_request(address, cookies), timeout=PATIENCE_SECONDS) as page:
        for line in page.headers.get_all("Set-Cookie", []):
            cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found is not None
    form = urlencode({**fields, "csrfmiddlewaretoken": found[1]}, doseq=True).encode()
    start = time.monotonic()
    try:
        with build_opener(_Stay).open(
            _request(address, cookies, form), timeout=PATIENCE_SECONDS
        ) as page:
            assert "errorlist" not in page.read().decode()
    except HTTPError as answer:
        if answer.code != 302:
            raise
        answer.close()
    return time.monotonic() - start


class _Stay(HTTPRedirectHandler):
    """The page that one is led on to is another answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _request(address: str, cookies: dict[str, str], form: bytes | None = None) -> Request:
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return Request(address, form, {"Cookie": sent})
