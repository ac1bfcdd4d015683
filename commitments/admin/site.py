"""The desk as a whole: what the settings of the theme (UNFOLD) point to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.admin.front_page import front_page
from commitments.admin.menu import menu
from commitments.admin.queues import queues_of
from commitments.admin.record_admin import person
from commitments.admin.second_factor import pages as pages_of_the_second_factor
from commitments.roles import may

admin.site.index_title = _("Desk")
admin.site.index_template = "commitments/admin/front_page.html"
admin.site.login_template = "commitments/admin/login.html"
setattr(admin.site, "extra_urls", pages_of_the_second_factor)  # noqa: B010  # the theme asks for it


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu at the side, for SIDEBAR.navigation."""
    return menu(request)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the front page, for DASHBOARD_CALLBACK."""
    user = person(request)
    if not may(user, "commitments.view_commitment"):
        return context
    return {**context, **front_page(user, timezone.now(), queues_of(request))}


def stylesheet(_request: HttpRequest) -> str:
    """The desk's own style sheet, for STYLES."""
    return static("commitments/desk.css")


def script(_request: HttpRequest) -> str:
    """What gives a key to every control of the theme, for SCRIPTS."""
    return static("commitments/desk_keys.js")


def account_links(_request: HttpRequest) -> list[dict[str, Any]]:
    """What somebody can do about the own login, for ACCOUNT.navigation."""
    return [
        {"title": _("Change password"), "link": reverse("admin:password_change")},
        {"title": _("Second factor"), "link": reverse("admin:second_factor")},
    ]


def icon(_request: HttpRequest) -> str:
    """The icon of the browser's tab, for SITE_FAVICONS."""
    return static("commitments/desk.svg")
