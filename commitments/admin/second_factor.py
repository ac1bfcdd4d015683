"""The pages of the second factor: what somebody has, setting up a device, the recovery codes.

They are no pages of a model: everybody at the desk has them for itself, and the one on which a
device is set up is open to who has shown a password and is nobody yet. Codes are shown in the
answer to the request that made them and in no other place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import segno
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login, logout
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.second_factors import enrol_device, renew_recovery_codes
from commitments.admin.half_logins import half_logged_in, needs_second_factor
from commitments.admin.record_admin import person
from commitments.exceptions import InvalidInput
from commitments.forms.refusals import show_error
from commitments.forms.second_factor import CodeForm, EnrolForm
from commitments.models import RecoveryCode, SecondFactor, User
from commitments.one_time_codes import device_address, new_salt, secret_in_letters

SALT_IN_SESSION: Final = "second_factor_salt"


def pages() -> list[URLPattern]:
    """The addresses, for the site of the desk (unfold's `extra_urls`)."""
    return [
        path("second-factor/", admin.site.admin_view(state), name="second_factor"),
        path("second-factor/enrol/", enrol, name="enrol_second_factor"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """Whether there is a device and how many recovery codes; on POST new ones, for a code."""
    user = person(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if refused := _shut_out(request, user):
            return refused
        try:
            code = form.cleaned_data["code"]
            codes = renew_recovery_codes(user=user, code=code, now=timezone.now())
        except InvalidInput as error:
            _count_failure(request, user)
            show_error(form, error)
        else:
            return _recovery_codes_page(request, codes, reverse("admin:second_factor"))
    factor = SecondFactor.objects.filter(user=user).first()
    context = {
        "title": _("Second factor"),
        "factor": factor,
        "codes_left": RecoveryCode.objects.filter(factor=factor, used_at=None).count(),
        "is_needed": needs_second_factor(user),
        "form": form,
    }
    return _page(request, "commitments/admin/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and in letters; on POST take the first code of the device."""
    user = request.user if isinstance(request.user, User) else half_logged_in(request)
    if user is None:
        return HttpResponseRedirect(reverse("admin:login"))
    if "leave" in request.POST:
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    salt: str = request.session.setdefault(SALT_IN_SESSION, new_salt())
    replaces = SecondFactor.objects.filter(user=user).exists()
    form = EnrolForm(request.POST if request.method == "POST" else None, replaces=replaces)
    if form.is_bound and form.is_valid():
        if refused := _shut_out(request, user):
            return refused
        try:
            codes = enrol_device(user=user, salt=salt, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as error:
            if error.field == "current_code":
                _count_failure(request, user)
            show_error(form, error)
        else:
            del request.session[SALT_IN_SESSION]
            request.session.cycle_key()  # Django does so for another person only
            login(request, user, backend=settings.LOGIN_BY_CODE)
            return _recovery_codes_page(request, codes, _next_page(request))
    return _enrol_page(request, user, salt, form)


def _enrol_page(request: HttpRequest, user: User, salt: str, form: forms.Form) -> HttpResponse:
    host = urlsplit(settings.SITE_URL).netloc
    issuer = f"{_('Commitments')} ({host})"
    context = {
        "title": _("Set up your second factor"),
        "picture": _picture(device_address(salt, account=user.get_username(), issuer=issuer)),
        "secret": secret_in_letters(salt),
        "account": user.get_username(),
        "form": form,
        "is_half": not request.user.is_authenticated,
    }
    return _page(request, "commitments/admin/enrol_second_factor.html", context)


def _picture(address: str) -> SafeString:
    """The address as a QR code (ISO/IEC 18004), as an SVG element."""
    code = segno.make_qr(address, error="m")
    svg = code.svg_inline(
        scale=1, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"
    )
    return mark_safe(svg)  # noqa: S308 - segno writes squares; of the address nothing stands in it


def _recovery_codes_page(request: HttpRequest, codes: Sequence[str], after: str) -> HttpResponse:
    context = {"title": _("Your recovery codes"), "codes": codes, "after": after}
    return _page(request, "commitments/admin/recovery_codes.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    whole = {**admin.site.each_context(request), **context}
    headers = {"Cache-Control": "no-store"}
    return TemplateResponse(request, template, whole, headers=headers)


def _next_page(request: HttpRequest) -> str:
    """Where somebody was on the way to; never another site."""
    asked = request.GET.get("next", "")
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=secure):
        return asked
    return reverse("admin:index")


def _shut_out(request: HttpRequest, user: User) -> HttpResponse | None:
    """The page for who has guessed too often, by the counts of the login; else None."""
    credentials = {"username": user.get_username()}
    if AxesProxyHandler.is_allowed(request, credentials):
        return None
    answer: HttpResponse = get_lockout_response(request, credentials=credentials)
    return answer


def _count_failure(request: HttpRequest, user: User) -> None:
    """Add a wrong code to the wrong passwords: there are no more guesses here than there."""
    credentials = {"username": user.get_username()}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
