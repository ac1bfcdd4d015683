"""Every address of the API x every method x everybody who may ask: what is answered, and no leak.

The addresses come from the resolver: one that has no entry in the table fails. What may not be
known is 404, nobody is 401, too little is 403, a method that there is not is 405; whoever may gets
something else. Nothing that is asked here stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLResolver, get_resolver

from commitments.actions.status import propose_status
from commitments.enums import PartyRole, Status
from commitments.models import Commitment, User
from commitments.public_ids import public_id_of
from tests.builders import (
    NOW,
    complete_move,
    make_admin,
    make_approver,
    make_commitment,
    make_editor,
    make_party,
    make_source,
    make_topic,
    make_user,
)
from tests.commitments.api.keys import bearer, make_key
from tests.timeline.mail.builders import make_subscriber, make_subscription
from timeline.actions.webhook_endpoints import create_webhook

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = "xylophone"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SCOPES = {"read": ("read",), "write": ("read", "write"), "approve": ("read", "write", "approve")}
# What a role may at most; everybody may all that stands before.
ROLES: dict[str, tuple[Callable[..., User], set[str]]] = {
    "stranger": (make_user, {"known", "read", "write"}),
    "viewer": (
        lambda name: make_user(name, permissions=["view_commitment"]),
        {"known", "read", "write", "see"},
    ),
    "editor": (make_editor, {"known", "read", "write", "see", "edit"}),
    "approver": (make_approver, {"known", "read", "write", "see", "edit", "approve"}),
    "administrator": (make_admin, {"known", "read", "write", "see", "edit", "approve"}),
}
SCOPE_OF = {
    "known": set(SCOPES),
    "read": set(SCOPES),
    "see": set(SCOPES),
    "write": {"write", "approve"},
    "edit": {"write", "approve"},
    "approve": {"approve"},
}

# What each method needs: "all" is everybody, "known" any key, "read" and "write" a key with that
# scope for the caller's own, "see" a role that sees drafts, "edit" and "approve" role and scope.
OPEN = {"GET": "all"}
EDITED = {"GET": "all", "POST": "edit"}
CORRECTED = {"GET": "all", "PATCH": "edit"}
ADDED = {"POST": "edit"}
ONE = "commitments/<slug:public_id>/"
PROPOSAL = f"{ONE}proposals/<int:number>/"
HOOK = "webhooks/<slug:public_id>/"
TABLE: dict[str, dict[str, str]] = {
    "": OPEN,
    "batch/": {"POST": "known"},
    "commitments/": EDITED,
    ONE: CORRECTED,
    f"{ONE}date-moves/": ADDED,
    f"{ONE}citations/": ADDED,
    f"{ONE}citations/<slug:citation>/": {"PATCH": "edit", "DELETE": "edit"},
    f"{ONE}evidence-checks/": ADDED,
    f"{ONE}target/": {"PUT": "edit"},
    f"{ONE}remove-target/": ADDED,
    f"{ONE}values/": ADDED,
    f"{ONE}submit/": ADDED,
    f"{ONE}return-to-draft/": ADDED,
    f"{ONE}publish/": {"POST": "approve"},
    f"{ONE}merge/": {"POST": "approve"},
    f"{ONE}split/": {"POST": "approve"},
    f"{ONE}occurrences/": ADDED,
    f"{ONE}anchor/": {"PUT": "edit"},
    f"{ONE}retract/": {"POST": "approve"},
    f"{ONE}status-changes/": ADDED,
    f"{ONE}proposals/": {"GET": "see"},
    PROPOSAL: {"GET": "see"},
    f"{PROPOSAL}approve/": {"POST": "approve"},
    f"{PROPOSAL}reject/": {"POST": "approve"},
    f"{PROPOSAL}take-back/": ADDED,
    "parties/": EDITED,
    "parties/<slug:key>/": CORRECTED,
    "topics/": EDITED,
    "topics/<slug:key>/": CORRECTED,
    "sources/": EDITED,
    "sources/<slug:public_id>/": CORRECTED,
    "citations/": OPEN,
    "status-changes/": OPEN,
    "date-moves/": OPEN,
    "values/": OPEN,
    "statistics/": OPEN,
    "windows/": OPEN,
    "problems/": OPEN,
    "problems/<slug:name>/": OPEN,
    "schema/": OPEN,
    "docs/": OPEN,
    "changes/": OPEN,
    "timeline/": OPEN,
    "subscriptions/": {"GET": "read", "POST": "write"},
    "subscriptions/settings/": {"GET": "read", "PATCH": "write"},
    "subscriptions/<int:number>/": {"GET": "read", "PATCH": "write", "DELETE": "write"},
    "webhooks/": {"GET": "read", "POST": "write"},
    HOOK: {"GET": "read", "DELETE": "write"},
    f"{HOOK}secret/": {"GET": "write", "POST": "write"},
    f"{HOOK}deliveries/": {"GET": "read"},
    f"{HOOK}deliveries/<int:number>/replay/": {"POST": "write"},
}
QUERIES = {"windows/": "?text=2026"}
# The only one on its own proposal may take it back, and nobody here has proposed it.
RETRACTING = f"{ONE}retract/"  # a draft can be taken back by whoever may enter it
OWN = ("webhooks/<", "subscriptions/<")  # only the owner may know of them
NOBODYS = {f"{PROPOSAL}take-back/"}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Each address below `/api/` that means something of its own."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif route.startswith("api/") and "(?P<path>" not in route:
            yield route.removeprefix("api/v1/")


@dataclass
class Asker:
    """Somebody with a key, or nobody."""

    role: str
    scope: str
    headers: dict[str, str]
    mail: str

    def may(self, need: str) -> bool:
        if need == "all":
            return True
        if not self.role:
            return False
        return need in ROLES[self.role][1] and self.scope in SCOPE_OF[need]

    def sees_drafts(self) -> bool:
        return self.may("see")


@dataclass
class World:
    """What can be asked for, by what the addresses call it: in public, and hidden."""

    askers: list[Asker] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def fill(self, route: str, names: dict[str, str]) -> str:
        """The address, with the first part of the route telling which names are meant."""
        kind = route.partition("/")[0]

        def value(found: re.Match[str]) -> str:
            return names[f"{kind}.{found[1]}"]

        return re.sub(r"<[a-z]+:([a-z_]+)>", value, route)


def _whole(*, published: bool, text: str) -> Commitment:
    """A commitment with a proposed verdict, which has `text` in all that can be told of it."""
    body = make_party(f"{text}-body", name=f"{text} body")
    made = make_commitment(
        title=f"{text} title",
        summary=text,
        note=text,
        wording=text,
        place=text,
        window="2025",
        published=published,
        parties=[(make_party(f"{text}-party", name=text, body=body), PartyRole.PROMISED_BY)],
        topics=[make_topic(f"{text}-topic", name=text)],
        source=make_source(title=f"{text} source", publisher=text),
    )
    move = complete_move(made, Status.DELIVERED)
    propose_status(commitment=made, move=move, actor=make_editor(), now=NOW)
    return made


def _names_of(made: Commitment) -> dict[str, str]:
    citation = made.citations.order_by("pk")[0]
    return {
        "commitments.public_id": made.public_id,
        "commitments.citation": public_id_of(citation.pk),
        "commitments.number": "1",
        "parties.key": made.parties.all()[0].key,
        "topics.key": made.topics.all()[0].key,
        "sources.public_id": citation.source.public_id,
    }


def _others() -> dict[str, str]:
    """What belongs to somebody who asks for nothing."""
    other = make_user("other", email=f"other@{SECRET}.example")
    hook, _secret = create_webhook(
        owner=other, url=f"https://{SECRET}.example/", params=QueryDict(), now=NOW
    )
    subscription = make_subscription(make_subscriber(other.email))
    return {
        "webhooks.public_id": hook.public_id,
        "webhooks.number": "1",
        "subscriptions.number": str(subscription.pk),
        "problems.name": SECRET,
    }


def _askers() -> Iterator[Asker]:
    yield Asker("", "", {}, "")
    for role, (make, _may) in ROLES.items():
        user = make(role)
        user.email = f"{role}@mail.example"
        user.save()
        make_subscription(make_subscriber(user.email))
        # A key gives a stranger nothing, so the one with the most is enough.
        wanted = SCOPES if role != "stranger" else {"approve": SCOPES["approve"]}
        for scope, scopes in wanted.items():
            yield Asker(role, scope, bearer(make_key(user, scopes=scopes)), user.email)


@pytest.fixture
def world() -> World:
    public = _whole(published=True, text="bridge")
    draft = _whole(published=False, text=SECRET)
    return World(
        askers=list(_askers()),
        shown={**_names_of(public), "problems.name": "not_found"},
        hidden={**_names_of(draft), **_others()},
    )


def send(method: str, path: str, asker: Asker) -> Any:
    """The answer; what it has written is undone."""
    with transaction.atomic():
        answer = Client().generic(
            method,
            f"/api/v1/{path}",
            b'{"reason": "Because."}' if method in {"POST", "PUT", "PATCH"} else b"",
            content_type="application/json",
            headers={"If-Match": "*", **asker.headers} if method != "GET" else asker.headers,
        )
        transaction.set_rollback(True)
    return answer


def leaks(answer: Any, asker: Asker) -> list[str]:
    """What this asker must not read, and can."""
    told = answer.content.decode() + str(dict(answer.headers))
    mails = {mail for mail in re.findall(r"[a-z]+@[a-z]+\.example", told) if mail != asker.mail}
    return [*sorted(mails), *([SECRET] if SECRET in told and not asker.sees_drafts() else [])]


def questions(world: World) -> Iterator[tuple[str, str, Asker]]:
    """What is asked by whom: a method that there is not by the least and the most only."""
    ends = (world.askers[0], world.askers[-1])
    for route, needs in TABLE.items():
        for method in METHODS:
            for asker in world.askers if method in needs else ends:
                yield route, method, asker


def verdict(need: str | None, asker: Asker, route: str) -> set[int]:
    """The statuses that are right for what may be known."""
    if need is None:
        return {405}
    if not asker.role and need != "all":
        return {401}
    if not asker.may(need):
        return {403}
    refused = {403} if route in NOBODYS else set()
    return {200, 201, 202, 204, 400, 409, 412} | refused


def test_every_address_of_the_api_has_an_entry() -> None:
    assert sorted(set(routes(get_resolver()))) == sorted(TABLE)


def test_what_may_be_known_is_answered_by_right_and_scope(world: World) -> None:
    wrong = []
    for route, method, asker in questions(world):
        if route.startswith(OWN):
            continue
        path = world.fill(route, world.shown) + QUERIES.get(route, "")
        answer = send(method, path, asker)
        right = verdict(TABLE[route].get(method), asker, route)
        if answer.status_code not in right or leaks(answer, asker):
            found = (answer.status_code, leaks(answer, asker))
            wrong.append((route, asker.role, asker.scope, method, found, right))
    assert wrong == []


def test_what_may_not_be_known_is_not_there_api01(world: World) -> None:
    wrong = []
    for route, method, asker in questions(world):
        if "<" not in route:
            continue
        path = world.fill(route, world.hidden)
        answer = send(method, path, asker)
        right = hidden_verdict(TABLE[route].get(method), asker, route)
        if answer.status_code not in right or leaks(answer, asker):
            found = (answer.status_code, leaks(answer, asker))
            wrong.append((route, asker.role, asker.scope, method, found, right))
    assert wrong == []


def hidden_verdict(need: str | None, asker: Asker, route: str) -> set[int]:
    """The statuses that are right for a draft, for what only it names, for what is another's."""
    if need is None:
        return {405}
    if route.startswith(OWN):
        return {404} if asker.may(need) else {403 if asker.role else 401}
    if not asker.sees_drafts() or route.startswith("problems/"):
        return {404}
    if route == RETRACTING:
        need = "edit"
    return {200} if need == "all" else verdict(need, asker, route)
