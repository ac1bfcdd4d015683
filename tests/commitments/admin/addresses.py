"""Every address of the desk, as the resolver has it, and a record of each kind to see there.

An address is named by its path below `/admin/`, with a star for each part that varies:
`commitments/source/*/change/`. Whoever tries "every page" takes the names from here, so that a new
page without an entry fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.urls import URLPattern, URLResolver, get_resolver

from commitments.actions.api_keys import issue_key
from commitments.actions.roles import create_roles
from commitments.actions.status import propose_status
from commitments.actions.targets import set_target
from commitments.enums import Status
from commitments.models import Commitment, Target
from commitments.roles import EDITORS
from tests.builders import NOW, complete_move, make_commitment, make_editor, make_source, make_topic
from tests.timeline.mail.builders import make_queued
from timeline.actions.owners import ask_owner
from timeline.actions.sending_hold import hold_sending
from timeline.actions.webhook_endpoints import create_webhook
from timeline.actions.webhook_planning import plan_webhooks
from timeline.enums import OwnerAnswer, Purpose
from timeline.models import OwnerReport

STATEMENT = "President: Dear friends,\n\nWe will open the bridge in spring 2025.\n\nThank you.\n"
_VARIES = re.compile(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)")


def names_of_addresses() -> list[str]:
    """The names of all addresses of the desk, in the order of the resolver."""
    desk = next(
        part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "admin"
    )
    return [_VARIES.sub("*", route).strip("^$") for route in _routes(desk)]


def _routes(part: URLPattern | URLResolver, before: str = "") -> Iterator[str]:
    if isinstance(part, URLPattern):
        yield before + str(part.pattern)
        return
    inside = "" if getattr(part, "app_name", "") == "admin" else before + str(part.pattern)
    for one in part.url_patterns:
        yield from _routes(one, inside)


def furnish_the_desk() -> Commitment:
    """A record of each kind, so that no page is empty; returns the commitment that has most."""
    create_roles()
    address = "https://hooks.example.org/"
    create_webhook(owner=make_editor(), url=address, params=QueryDict(), now=NOW)
    said = make_source(text=STATEMENT, url="https://example.org/talks", place="Aktau")
    commitment = make_commitment(
        window="2025", title="A bridge", topics=[make_topic("bridges")], source=said
    )
    target = Target(commitment=commitment, measure="length", unit="km", goal=5)
    set_target(target=target, actor=None, now=NOW)
    make_commitment(published=False, title="A tunnel")
    move = complete_move(commitment, Status.DELIVERED)
    propose_status(commitment=commitment, move=move, actor=make_editor(), now=NOW)
    make_queued()
    plan_webhooks(now=NOW)
    hold_sending(reason="restored", backup_at=NOW, now=NOW)
    _hear_from_an_owner(commitment)
    AccessAttempt.objects.create(username="guessed", ip_address="192.0.2.1", failures_since_start=1)
    issue_key(user=make_editor(), name="Import", scopes=["read"], actor=None, now=NOW)
    return commitment


def _hear_from_an_owner(commitment: Commitment) -> None:
    asked = ask_owner(
        address="office@example.org",
        query=f"id={commitment.public_id}",
        moments=[["last_day", -7]],
        language="en",
        time_zone="Asia/Almaty",
        now=NOW,
    )
    OwnerReport.objects.create(
        subscription=asked,
        commitment=commitment,
        address="office@example.org",
        answer=OwnerAnswer.SLIPPED,
        words="The steel comes late.",
        about_revision=commitment.revision,
        created_at=NOW,
    )


def address_of(name: str) -> str:
    """An address with that name, about the first record of its kind."""
    if name in _EXAMPLES:
        return f"/admin/{_EXAMPLES[name]}"
    path = name
    for part in _values_for(name):
        path = path.replace("*", part, 1)
    return f"/admin/{path}{_QUESTIONS.get(name, '')}"


_EXAMPLES: Mapping[str, str] = {
    "*/": "commitments/",
    "*": "nowhere/",
    "commitments/commitment/bulk/*/": "commitments/commitment/bulk/review/",
    "commitments/commitment/export/*/": "commitments/commitment/export/json/",
    "commitments/commitment/export/*/selected/": "commitments/commitment/export/json/selected/",
}
_QUESTIONS: Mapping[str, str] = {
    "autocomplete/": "?app_label=commitments&model_name=citation&field_name=source",
    "search/": "?s=bridge",
    "commitments/commitment/similar/": "?title=A+bridge",
    "commitments/commitment/status-diagram/": "?at=announced",
    "commitments/source/*/statement/marked/": "?start=27&end=60",
}


def _values_for(name: str) -> list[str]:
    if name == "r/*/*/":
        kind = ContentType.objects.get_for_model(Commitment)
        return [str(kind.pk), str(Commitment.objects.order_by("pk")[0].pk)]
    if "*" not in name:
        return []
    app, model, _rest = name.split("/", 2)
    rows = apps.get_model(app, model)._default_manager.order_by("pk")
    # The desk shows of the groups those of the roles, and of the subscriptions those of offices.
    shown: dict[str, dict[str, str]] = {
        "group": {"name": EDITORS},
        "subscription": {"purpose": Purpose.OWNER},
    }
    return [str(rows.filter(**shown.get(model, {}))[0].pk)]
