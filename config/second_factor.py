"""Logins with one factor and with two: which way somebody came in, and how far it leads.

A session remembers by which of these two backends its login was made, and Django asks that backend
for its person with every request. So whoever needs a second factor is nobody without it: not at the
desk, nor at the API, nor at the calendars. What is left to such a session is the page on which a
device is set up, to which the middleware leads it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from commitments.actions.second_factors import use_code
from commitments.admin.half_logins import half_logged_in, needs_second_factor
from commitments.models import SecondFactor, User


class PasswordAlone(ModelBackend):
    """The login of who has no device."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_more: Any,
    ) -> User | None:
        """The person, unless a device was set up: then the other backend looks."""
        return None if _has_device(username) else _known(self, request, username, password)

    def get_user(self, user_id: int) -> User | None:
        """The person, unless it has a device, or has to set one up before anything else."""
        user = _person(self, user_id, Q(second_factor__isnull=True))
        return None if user is None or needs_second_factor(user) else user


class PasswordAndCode(ModelBackend):
    """The login of who has set up a device: password and code, both right.

    Which of the two was wrong nobody is told. django-axes counts either, as every failed login.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        code: str = "",
        **_more: Any,
    ) -> User | None:
        """The person; one slow hash for every name, as the other backend makes one for the rest."""
        if not _has_device(username):
            return None
        user = _known(self, request, username, password)
        if user is None or not use_code(user=user, code=code, now=timezone.now()):  # noqa: TID251 - a login is a view's
            return None
        return user

    def get_user(self, user_id: int) -> User | None:
        """The person for as long as the device is there: a reset ends the sessions."""
        return _person(self, user_id, Q(second_factor__isnull=False))


def _has_device(username: str | None) -> bool:
    return SecondFactor.objects.filter(user__username=username).exists()


def _known(
    backend: ModelBackend, request: HttpRequest | None, username: str | None, password: str | None
) -> User | None:
    user = ModelBackend.authenticate(backend, request, username=username, password=password)
    return user if isinstance(user, User) else None


def _person(backend: ModelBackend, user_id: int, condition: Q) -> User | None:
    user = User.objects.filter(condition, pk=user_id).first()
    return user if user is not None and backend.user_can_authenticate(user) else None


def lead_to_the_second_factor(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: who has shown a password and has no device yet is led to set one up.

    Such a person is nobody anywhere, so that each page sends it to the login.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if (
            request.method == "GET"
            and request.path_info == reverse("admin:login")
            and half_logged_in(request) is not None
        ):
            asked = urlencode({"next": request.GET.get("next", "")})
            return HttpResponseRedirect(f"{reverse('admin:enrol_second_factor')}?{asked}")
        return get_response(request)

    return answer
