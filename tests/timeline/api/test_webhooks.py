"""Webhooks over the API: the caller's own, with a key that may, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.commitments import correct_commitment
from commitments.models import Commitment, User
from tests.builders import NOW, make_admin, make_commitment, make_user
from tests.commitments.api.keys import bearer, make_key
from timeline.actions.webhook_delivery import Sent, claim_deliveries, record_result
from timeline.actions.webhook_planning import plan_webhooks
from timeline.models import WebhookDelivery, WebhookEndpoint
from timeline.webhooks.sending import Answer

pytestmark = pytest.mark.django_db

PATH = "/api/v1/webhooks/"
TARGET = "https://example.org/hook"

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def _standing_clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def caller_of(user: User | None = None, **options: Any) -> Call:
    """A function that asks with a key of this user."""
    headers, client = bearer(make_key(user or make_user(), **options)), Client()

    def call(method: str, path: str = "", body: Any = None, **more: str) -> Any:
        return client.generic(
            method,
            path if path.startswith("/") else PATH + path,
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=headers | more,
        )

    return call


@pytest.fixture
def call() -> Call:
    """Give a caller with every scope."""
    return caller_of()


def make(call: Call, **fields: Any) -> dict[str, Any]:
    answer = call("POST", body={"target_url": TARGET, **fields})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def owe(count: int) -> None:
    """`count` deliveries to every webhook, each with one failed attempt."""
    commitment = Commitment.objects.first() or make_commitment()
    plan_webhooks(now=NOW)
    WebhookDelivery.objects.all().delete()
    for number in range(count):
        fields = {"place": f"Place {number} of {count}"}
        fresh = Commitment.objects.get(pk=commitment.pk)
        correct_commitment(commitment=fresh, fields=fields, actor=make_admin(), now=NOW)
    plan_webhooks(now=NOW)
    ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
    for delivery in claim_deliveries(ids=ids, limit=100, now=NOW):
        record_result(sent=Sent(delivery, Answer(503, "", 12)), now=NOW)


def test_a_webhook_is_made_shown_and_deleted(call: Call) -> None:
    make_commitment(kind="event")
    answer = call("POST", body={"target_url": TARGET, "filter": "?kind=event"})
    made = answer.json()
    at = f"{settings.SITE_URL}{PATH}{made['id']}/"
    assert made == {
        "id": made["id"],
        "url": at,
        "target_url": TARGET,
        "filter": "kind=event",
        "active": True,
        "switched_off_because": None,
        "created_at": "2026-11-24T09:00:00Z",
        "last_delivered_at": None,
        "failing_since": None,
        "secret_url": f"{at}secret/",
        "deliveries_url": f"{at}deliveries/",
    }
    assert answer["Location"] == at
    assert call("GET").json() == {"results": [made]}
    one = call("GET", f"{made['id']}/")
    assert one.json() == made
    assert one["Cache-Control"] == "private, no-store"
    assert call("DELETE", f"{made['id']}/").status_code == 204
    assert call("GET").json() == {"results": []}
    assert call("GET", f"{made['id']}/").status_code == 404


def test_a_repeated_post_makes_one(call: Call) -> None:
    body = {"target_url": TARGET}
    first, second = (call("POST", body=body, **{"Idempotency-Key": '"one"'}) for _ in range(2))
    assert first.json() == second.json()
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/target_url"),
        ({"target_url": "http://example.org/"}, "#/target_url"),
        ({"target_url": 7}, "#/target_url"),
        ({"target_url": TARGET, "filter": "colour=red"}, "#/filter"),
        ({"target_url": TARGET, "filter": "schedule=overdue"}, "#/filter"),
        ({"target_url": TARGET, "colour": "red"}, "#/colour"),
    ],
)
def test_a_body_that_is_wrong_is_an_error_at_its_field(
    call: Call, body: dict[str, Any], pointer: str
) -> None:
    answer = call("POST", body=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_secret_is_shown_to_who_may_write_and_stays_until_it_is_rotated(call: Call) -> None:
    path = f"{make(call)['id']}/secret/"
    first = call("GET", path).json()
    assert first["secret"].startswith("whsec_")
    assert first["earlier_signs_until"] is None
    assert call("GET", path).json() == first
    rotated = call("POST", path)
    assert (rotated.status_code, rotated.content) == (204, b"")
    second = call("GET", path).json()
    assert second["secret"] != first["secret"]
    assert second["earlier_signs_until"] == "2026-11-25T09:00:00Z"
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert call("GET", path).json()["earlier_signs_until"] is None


def paths(made: dict[str, Any]) -> list[tuple[str, str]]:
    one = made["id"]
    return [
        ("GET", ""),
        ("POST", ""),
        ("GET", f"{one}/"),
        ("DELETE", f"{one}/"),
        ("GET", f"{one}/secret/"),
        ("POST", f"{one}/secret/"),
        ("GET", f"{one}/deliveries/"),
        ("POST", f"{one}/deliveries/1/replay/"),
    ]


def test_nobody_without_a_key_comes_near(call: Call, client: Client) -> None:
    for method, path in paths(make(call)):
        answer = client.generic(method, PATH + path, content_type="application/json")
        assert answer.status_code == 401, (method, path)
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_for_reading_reads_and_no_more(call: Call) -> None:
    owner = make_user()
    made = make(caller_of(owner))
    reader = caller_of(owner, scopes=["read"])
    allowed = {(method, path) for method, path in paths(made) if method == "GET"}
    allowed -= {("GET", f"{made['id']}/secret/")}
    for method, path in paths(made):
        expected = 200 if (method, path) in allowed else 403
        assert reader(method, path).status_code == expected, (method, path)


def test_somebody_elses_webhook_is_not_there(call: Call) -> None:
    made = make(caller_of())
    for method, path in paths(made)[2:]:
        assert call(method, path).status_code == 404, (method, path)
    assert call("GET").json() == {"results": []}
    assert WebhookEndpoint.objects.count() == 1


def test_an_administrator_sees_only_their_own_here() -> None:
    make(caller_of())
    assert caller_of(make_admin())("GET").json() == {"results": []}


def test_deliveries_are_told_with_every_attempt(call: Call) -> None:
    made = make(call)
    owe(1)
    (delivery,) = WebhookDelivery.objects.select_related("endpoint")
    assert call("GET", f"{made['id']}/deliveries/").json() == {
        "results": [
            {
                "webhook_id": delivery.webhook_id,
                "number": delivery.number,
                "event": "commitment.changed",
                "record": "commitment",
                "record_id": delivery.record_id,
                "state": "queued",
                "attempts": 1,
                "next_try_at": "2026-11-24T09:01:00Z",
                "expires_at": "2026-11-27T09:00:00Z",
                "created_at": "2026-11-24T09:00:00Z",
                "settled_at": None,
                "log": [
                    {"at": "2026-11-24T09:00:00Z", "status": 503, "text": "", "milliseconds": 12}
                ],
            }
        ],
        "next": None,
    }


def test_deliveries_come_in_pages_and_by_state(call: Call) -> None:
    made = make(call)
    owe(3)
    path, seen = f"{made['id']}/deliveries/?limit=2", []
    while path:
        page = call("GET", path).json()
        seen += [one["number"] for one in page["results"]]
        path = (page["next"] or "").removeprefix(settings.SITE_URL)
    numbers = WebhookDelivery.objects.order_by("-number").values_list("number", flat=True)
    assert seen == list(numbers)
    assert len(call("GET", f"{made['id']}/deliveries/?state=queued").json()["results"]) == 3
    assert call("GET", f"{made['id']}/deliveries/?state=delivered").json()["results"] == []


@pytest.mark.parametrize("query", ["state=x", "limit=0", "limit=101", "before=x", "colour=red"])
def test_a_parameter_that_is_wrong_is_an_error_that_names_it(call: Call, query: str) -> None:
    answer = call("GET", f"{make(call)['id']}/deliveries/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_settled_delivery_can_be_replayed_and_a_waiting_one_cannot(call: Call) -> None:
    made = make(call)
    owe(1)
    delivery = WebhookDelivery.objects.get()
    path = f"{made['id']}/deliveries/{delivery.number}/replay/"
    refused = call("POST", path)
    assert (refused.status_code, refused.json()["code"]) == (400, "on_its_way")
    (claimed,) = claim_deliveries(ids=[delivery.pk], limit=1, now=NOW + timedelta(minutes=1))
    record_result(sent=Sent(claimed, Answer(200, "", 1)), now=NOW)
    answer = call("POST", path)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert len(answer.json()["log"]) == 2


@pytest.mark.parametrize("number", ["1", "9" * 30])
def test_a_delivery_that_is_not_there_is_404(call: Call, number: str) -> None:
    assert call("POST", f"{make(call)['id']}/deliveries/{number}/replay/").status_code == 404


@pytest.mark.parametrize("list_of", ["webhooks", "deliveries"])
def test_the_queries_do_not_grow_with_the_rows(list_of: str) -> None:
    counts = []
    for number in (1, 3):
        call = caller_of()
        made = make(call)
        for _other in range(number - 1):
            make(call, target_url=f"{TARGET}/{_other}")
        owe(number)
        path = "" if list_of == "webhooks" else f"{made['id']}/deliveries/"
        call("GET", path)  # the use of the key is noted once a minute
        with CaptureQueriesContext(connection) as captured:
            assert len(call("GET", path).json()["results"]) == number
        counts.append(len(captured))
    assert counts[0] == counts[1]
