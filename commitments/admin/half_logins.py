"""Who has logged in by password and has to set up a device before being anybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from commitments.models import User
from commitments.roles import may_change_something


def needs_second_factor(user: User) -> bool:
    """Whether a password alone does not do: for who may change something, if the site says so."""
    return bool(settings.REQUIRE_SECOND_FACTOR) and may_change_something(user)


def half_logged_in(request: HttpRequest) -> User | None:
    """The person of a session that was begun by password and lacks only the device.

    Whose device was taken away is not among them: that session has ended, as Django ends one after
    a change of the password, which is looked at here as there.
    """
    session = request.session
    if session.get(BACKEND_SESSION_KEY) != settings.LOGIN_BY_PASSWORD:
        return None
    user = User.objects.filter(pk=int(session[SESSION_KEY]), second_factor=None).first()
    if user is None or not needs_second_factor(user):
        return None
    fits = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if fits else None
