"""How many queries each list of the API takes: the same for one row as for three, and how many.

The lists come from the resolver and from what the OpenAPI document says of their answers: one that
has no entry in the table fails, and so does one whose number is another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from commitments.actions.commitments import correct_commitment
from commitments.actions.status import propose_status, take_back_proposal
from commitments.api.docs import openapi
from commitments.enums import Status
from commitments.models import Commitment, User
from tests.builders import NOW, complete_move, make_approver, make_commitment
from tests.commitments.api.full_record import make_full
from tests.commitments.api.keys import bearer, make_key
from tests.config.test_api_matrix import TABLE, routes
from tests.timeline.mail.builders import make_subscriber, make_subscription
from timeline.actions.subscribing import mute_commitment
from timeline.actions.webhook_endpoints import create_webhook
from timeline.actions.webhook_planning import plan_webhooks
from timeline.models import Subscriber, Subscription, WebhookEndpoint

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT: Final = "/api/v1/"
ONE: Final = "commitments/<slug:public_id>/"
HOOK: Final = "webhooks/<slug:public_id>/"
# What each list takes, with the key of its reader where it is nobody else's.
PUBLIC: Final[dict[str, int]] = {
    "commitments/": 4,
    ONE: 10,
    "parties/": 1,
    "topics/": 1,
    "sources/": 1,
    "citations/": 1,
    "status-changes/": 2,
    "date-moves/": 2,
    "values/": 1,
    "statistics/?by=party": 4,
    "problems/": 0,
    "changes/": 7,
    "timeline/": 3,
}
OWN: Final[dict[str, int]] = {
    f"{ONE}proposals/": 6,
    f"{ONE}proposals/<int:number>/": 6,
    "subscriptions/": 2,
    "subscriptions/settings/": 10,
    "subscriptions/<int:number>/": 2,
    "webhooks/": 2,
    f"{HOOK}deliveries/": 4,
}
# Their lists are as long for every reader.
FIXED: Final = {"problems/", "subscriptions/<int:number>/", f"{ONE}proposals/<int:number>/"}
# They answer no JSON, or tell of the API itself.
NO_LISTS: Final = {"", "docs/", "schema/"}


def arrays_in(schema: dict[str, Any], components: dict[str, Any]) -> list[str]:
    """The fields of an answer that hold a list of things, each of which could cost a query."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    fields = {"": schema, **schema.get("properties", {})}
    return [name for name, one in fields.items() if one.get("type") == "array"]


def told() -> dict[str, list[str]]:
    """Each address that can be read, as the resolver writes it, with the lists in its answer."""
    document, found = openapi(), {}
    paths = {re.sub(r"\{\w+\}", "*", path): methods for path, methods in document["paths"].items()}
    for route in set(routes(get_resolver())) - NO_LISTS:
        methods = paths[ROOT + re.sub(r"<\w+:\w+>", "*", route)]
        if "get" in methods:
            content = methods["get"]["responses"]["200"]["content"]["application/json"]
            found[route] = arrays_in(content["schema"], document["components"]["schemas"])
    return found


def test_every_list_of_the_api_has_an_entry() -> None:
    addresses = told()
    assert set(addresses) == {route for route, needs in TABLE.items() if "GET" in needs} - NO_LISTS
    lists = {route for route, arrays in addresses.items() if arrays}
    assert {route.partition("?")[0] for route in {**PUBLIC, **OWN}} == lists


@dataclass
class World:
    """A record that has `rows` of everything, and somebody with `rows` of what is their own."""

    user: User
    made: Commitment
    rows: int = 0

    def grow(self) -> None:
        """Add one more of everything."""
        self.rows += 1
        full = make_full(self.user)
        make_commitment(parent=self.made)
        subscriber = self._subscriber()
        make_subscription(subscriber, query=f"q={self.rows}")
        mute_commitment(subscriber=subscriber, commitment_id=full.pk, now=NOW)
        self._propose()
        params = QueryDict(f"id={self.made.public_id}&q=commitment")
        create_webhook(
            owner=self.user, url=f"https://example.org/{self.rows}", params=params, now=NOW
        )
        plan_webhooks(now=NOW)
        correct_commitment(
            commitment=self.made, fields={"place": f"{self.rows}"}, actor=self.user, now=NOW
        )
        plan_webhooks(now=NOW)

    def _subscriber(self) -> Subscriber:
        known = Subscriber.objects.filter(address=self.user.email).first()
        return known or make_subscriber(self.user.email)

    def _propose(self) -> None:
        move = complete_move(self.made, Status.WITHDRAWN)
        proposal = propose_status(commitment=self.made, move=move, actor=self.user, now=NOW)
        take_back_proposal(proposal=proposal, actor=self.user, now=NOW)

    def path(self, route: str) -> str:
        """The address of `route`; of webhooks that of the oldest, which was told the most."""
        hook = WebhookEndpoint.objects.order_by("pk")[0].public_id
        number = Subscription.objects.order_by("pk")[0].pk
        for pattern, name in (
            (HOOK, f"webhooks/{hook}/"),
            (ONE, f"commitments/{self.made.public_id}/"),
            ("proposals/<int:number>", "proposals/1"),
            ("<int:number>", str(number)),
        ):
            route = route.replace(pattern, name)
        return route


def measured(world: World, client: Client, key: str) -> dict[str, tuple[int, int]]:
    """The queries that each list takes, and the length of its answer."""
    found = {}
    for route in (*PUBLIC, *OWN):
        path = ROOT + world.path(route)
        headers = bearer(key) if route in OWN else {}
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path, headers=headers)
        assert answer.status_code == 200, (route, answer.content)
        found[route] = (len(queries), len(answer.content))
    return found


def test_each_list_takes_as_many_queries_for_three_rows_as_for_one(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        user = make_approver("reader")
        user.email = "reader@example.org"
        user.save()
        world = World(user, make_full(user))
        key = make_key(world.user)
        world.grow()
        measured(world, client, key)  # the first use of a key is noted
        one = measured(world, client, key)
        world.grow()
        world.grow()
        three = measured(world, client, key)
    assert {route: count for route, (count, _length) in one.items()} == {**PUBLIC, **OWN}
    assert {route: count for route, (count, _length) in three.items()} == {**PUBLIC, **OWN}
    fixed = {route for route, (_count, length) in three.items() if length == one[route][1]}
    assert fixed == FIXED, "where there was no more to tell, nothing was counted"
