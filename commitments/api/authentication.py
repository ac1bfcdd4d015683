"""Who asks: a program with a key (RFC 6750), or a person who is logged in at the desk.

What is public needs neither. But whoever shows a key must have a good one: a bad key is 401, for
a program that believes to be somebody would otherwise read and count as nobody.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, CSRFCheck, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from commitments.actions.api_keys import note_use
from commitments.api.refusals import CsrfFailed
from commitments.models import ApiKey, User

SCHEME: Final = "Bearer"
REALM: Final = 'Bearer realm="commitments"'

logger = logging.getLogger(__name__)


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; `request.auth` is then the row of the key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The user and the key; None without the header; AuthenticationFailed for any other."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        now = timezone.now()
        key = _valid_key(_plain_key(header), now)
        _note_use(key, now)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """What WWW-Authenticate says with a 401 (RFC 6750, 3)."""
        shown = request.META.get("HTTP_AUTHORIZATION") is not None
        return f'{REALM}, error="invalid_token"' if shown else REALM


class SessionWithCsrf(SessionAuthentication):
    """The session of the desk, for the docs that can be tried in a browser."""

    def enforce_csrf(self, request: HttpRequest) -> None:
        """As the base, but with a code of its own: the remedy is another than for a right."""
        check = CSRFCheck(_no_view)
        check.process_request(request)
        reason = check.process_view(request, _no_view, (), {})
        if reason:
            raise CsrfFailed


SIGNED_IN: Final[list[type[BaseAuthentication]]] = [KeyAuthentication, SessionWithCsrf]
"""The `authentication_classes` of a view that is not only for reading what is public."""


def caller_name(request: Request) -> str:
    """Who is counted as one caller: a key, else a user; "" for nobody."""
    key: Any = request.auth
    if isinstance(key, ApiKey):
        return f"key-{key.pk}"
    return f"user-{request.user.pk}" if request.user.is_authenticated else ""


def _no_view(_request: HttpRequest) -> HttpResponseBase:
    """What stands behind the middleware, which only looks whether it asks to be left out."""
    raise NotImplementedError


def _plain_key(header: str) -> str:
    scheme, _blank, key = header.partition(" ")
    if scheme.lower() != SCHEME.lower() or not key.strip():
        sentence = _("Write the header as “Authorization: Bearer KEY”.")
        raise AuthenticationFailed(sentence, code="authorization_invalid")
    return key.strip()


def _valid_key(plain: str, now: datetime) -> ApiKey:
    key = ApiKey.objects.found_by(plain) if plain.isascii() and plain.isprintable() else None
    if key is None:
        raise AuthenticationFailed(_("This key is not known."), code="key_unknown")
    if key.revoked:
        raise AuthenticationFailed(_("This key was revoked."), code="key_revoked")
    if key.expired_at(now):
        raise AuthenticationFailed(_("This key has expired."), code="key_expired")
    if not key.user.is_active:
        raise AuthenticationFailed(_("The account of this key is closed."), code="account_closed")
    return key


def _note_use(key: ApiKey, now: datetime) -> None:
    try:
        note_use(key=key, now=now)
    except DatabaseError:  # a database that cannot be written to can still be read
        logger.warning("The use of key %s could not be noted", key.prefix, exc_info=True)
