"""Who guesses passwords is stopped, and who owns the account is not.

django-axes counts wrong passwords in the database, for each account and for each address. An
account that strangers have closed would be closed for its owner as well; so a browser from which
somebody has logged in before keeps a signed cookie (OWASP calls it a device cookie), and such a
browser is counted by itself: guesses from elsewhere do not close the door for it, its own do.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from commitments.api.limits import client_address

DEVICE_SALT: Final = "config.logins.device"
DEVICE_DAYS: Final = 180

FROM_A_KNOWN_DEVICE: Final = [["username", "ip_address"]]
FROM_ANYWHERE: Final = ["username", "ip_address"]


def counted_by(request: Any, credentials: dict[str, Any] | None = None) -> list[Any]:
    """What wrong passwords are added up by, for AXES_LOCKOUT_PARAMETERS.

    Usually those of the account from anywhere, and those of the address for any account.
    """
    if not isinstance(request, HttpRequest):
        return FROM_ANYWHERE
    username = get_client_username(request, credentials)
    return FROM_A_KNOWN_DEVICE if username and _knows(request, username) else FROM_ANYWHERE


def _knows(request: HttpRequest, username: str) -> bool:
    cookie = request.get_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        default=None,
        salt=DEVICE_SALT,
        max_age=timedelta(days=DEVICE_DAYS),
    )
    return cookie == _mark_of(username)


def _mark_of(username: str) -> str:
    """What stands in the cookie: no name, as others may use the same browser."""
    return hashlib.sha256(username.encode()).hexdigest()


def remember_the_device(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: give the device cookie to a browser from which somebody has just logged in."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if (
            request.method == "POST"
            and request.user.is_authenticated
            and request.path_info in {reverse("admin:login"), reverse("admin:enrol_second_factor")}
        ):
            response.set_signed_cookie(
                settings.DEVICE_COOKIE_NAME,
                _mark_of(request.user.get_username()),
                salt=DEVICE_SALT,
                max_age=timedelta(days=DEVICE_DAYS),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
        return response

    return answer


def address_of(request: HttpRequest) -> str:
    """The asking host as an address that a column for addresses takes.

    The network of an IPv6 address stands for it. What is no address (a socket, a proxy that adds
    a port) is mapped into the private block fd00::/8 of RFC 4193, each to its own.
    """
    address = client_address(request).split("/")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        digest = hashlib.sha256(address.encode()).digest()
        return str(ipaddress.IPv6Address(b"\xfd" + digest[:15]))


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page for AXES_LOCKOUT_CALLABLE: 429, when it is open again, and whom to ask."""
    left = _time_left(request, credentials)
    context = {"minutes": max(1, math.ceil(left / timedelta(minutes=1)))}
    page = render(request, "commitments/admin/locked_out.html", context, status=429)
    page["Retry-After"] = str(max(1, math.ceil(left.total_seconds())))
    page["Cache-Control"] = "no-store"
    return page


def _time_left(request: Any, credentials: dict[str, Any] | None) -> timedelta:
    counts = AxesDatabaseHandler().get_user_attempts(request, credentials)
    ends = [
        _end_of_lock(rows.values_list("attempt_time", "failures_since_start")) for rows in counts
    ]
    now: datetime = request.axes_attempt_time  # set by axes for this attempt
    return max((end - now for end in ends if end), default=settings.AXES_COOLOFF_TIME)


def _end_of_lock(failures: Iterable[tuple[datetime, int]]) -> datetime | None:
    """When so many have become too old that the rest is below the limit; None: it is already."""
    rows = sorted(failures)
    total = sum(count for _at, count in rows)
    for at, count in rows:
        if total < settings.AXES_FAILURE_LIMIT:
            return None
        total -= count
        if total < settings.AXES_FAILURE_LIMIT:
            return at + settings.AXES_COOLOFF_TIME
    return None
