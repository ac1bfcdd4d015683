"""The menu at the side: queues, the record, whatever else there is, people and programs."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.admin.queues import Queue, queues_of
from commitments.admin.record_admin import person
from commitments.roles import may

_RECORD: Final = {
    "commitment": "handshake",
    "source": "article",
    "party": "groups",
    "topic": "sell",
    "revision": "history",
}
_PEOPLE: Final = {"user": "person", "group": "shield_person", "accessattempt": "lock_clock"}
_PROGRAMS: Final = {"apikey": "key"}
_ELSEWHERE: Final = frozenset({"statusproposal"})  # stands among the queues


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the menu, with only what this person may open."""
    apps = admin.site.get_app_list(request)
    models = [model for app in apps for model in app["models"]]
    groups = [
        _group("", [_front_page()]),
        *_queue_groups(request),
        _group(_("The record"), _items(models, _RECORD)),
    ]
    known = {*_RECORD, *_PEOPLE, *_PROGRAMS, *_ELSEWHERE}
    for app in apps:
        others = {
            model["object_name"].lower(): ""
            for model in app["models"]
            if model["object_name"].lower() not in known
        }
        groups.append(_group(app["name"], _items(app["models"], others)))
    groups.append(_group(_("People"), _items(models, _PEOPLE)))
    groups.append(_group(_("Programs"), _items(models, _PROGRAMS)))
    return [group for group in groups if group["items"]]


def _front_page() -> dict[str, Any]:
    return {"title": _("Desk"), "icon": "home", "link": reverse("admin:index")}


def _queue_groups(request: HttpRequest) -> list[dict[str, Any]]:
    if not may(person(request), "commitments.view_commitment"):
        return []
    queues, path = queues_of(request), request.get_full_path()
    return [
        _group(_("Queues"), [_queue_item(queue, path) for queue in queues.waiting]),
        _group(_("Another look"), [_queue_item(queue, path) for queue in queues.looking]),
    ]


def _queue_item(queue: Queue, path: str) -> dict[str, Any]:
    return {
        "title": queue.label,
        "icon": queue.icon,
        "link": queue.url,
        "active": path == queue.url,
        "badge": queue.shown if queue.count else None,
        "badge_variant": "primary",
    }


def _items(models: list[dict[str, Any]], icons: dict[str, str]) -> list[dict[str, Any]]:
    by_name = {model["object_name"].lower(): model for model in models}
    return [
        {
            "title": by_name[name]["name"],
            "icon": icon or "database",
            "link": by_name[name]["admin_url"],
        }
        for name, icon in icons.items()
        if name in by_name
    ]


def _group(title: Any, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "separator": bool(title), "items": items}
