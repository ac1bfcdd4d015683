"""The caller's mails over the API: asked for, confirmed by a link, ended; nobody else's."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import User
from tests.builders import NOW, make_commitment, make_user
from tests.commitments.api.keys import bearer, make_key
from tests.timeline.mail.builders import make_subscription
from timeline.actions.subscribing import confirm_subscription
from timeline.models import OutboxEmail, Subscriber, Subscription

pytestmark = pytest.mark.django_db

PATH = "/api/v1/subscriptions/"
BODY = {"filter": "kind=event", "lead_days": [1, 7]}


@pytest.fixture(autouse=True)
def _standing_clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def call(user: User, method: str, path: str = "", body: Any = None, **options: Any) -> Any:
    return Client().generic(
        method,
        PATH + path,
        data=b"" if body is None else json.dumps(body).encode(),
        content_type="application/json",
        headers=bearer(make_key(user, **options)),
    )


def reader(address: str = "reader@example.org") -> User:
    return make_user(email=address)


def subscribed(user: User) -> Subscription:
    """A subscription of the address of `user`."""
    subscription = make_subscription()
    Subscriber.objects.filter(pk=subscription.subscriber_id).update(address=user.email)
    return subscription


def test_mails_are_asked_for_and_begin_with_the_link() -> None:
    user = reader("Reader@Example.org")
    make_commitment(kind="event")
    answer = call(user, "POST", body=BODY)
    assert answer.status_code == 202
    assert answer.json() == {
        "address": "Reader@example.org",
        "filter": "kind=event",
        "lead_days": [7, 1],
    }
    assert call(user, "GET").json() == {"results": []}, "not before the link was followed"
    email = OutboxEmail.objects.get()
    assert email.to_address == "Reader@example.org"
    message = message_from_bytes(bytes(email.rendered or b""), policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    (token, *_) = re.findall(r"confirm/([\w-]+)", body.get_content())
    confirm_subscription(token=token, now=NOW)
    (shown,) = call(user, "GET").json()["results"]
    made = Subscription.objects.get()
    assert shown == {
        "id": made.pk,
        "url": f"{settings.SITE_URL}{PATH}{made.pk}/",
        "filter": "kind=event",
        "lead_days": [7, 1],
        "created_at": "2026-11-24T09:00:00Z",
    }
    assert call(user, "GET", f"{made.pk}/").json() == shown
    assert call(user, "DELETE", f"{made.pk}/").status_code == 204
    assert call(user, "GET").json() == {"results": []}
    assert Subscription.objects.get().ended_at == NOW


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/lead_days"),
        ({"lead_days": []}, "#/lead_days"),
        ({"lead_days": [-1]}, "#/lead_days/0"),
        ({"lead_days": [367]}, "#/lead_days/0"),
        ({"lead_days": list(range(11))}, "#/lead_days"),
        ({"lead_days": [1], "filter": "colour=red"}, "#/filter"),
        ({"lead_days": [1], "time_zone": "Nowhere"}, "#/time_zone"),
    ],
)
def test_a_body_that_is_wrong_is_an_error_at_its_field(body: Any, pointer: str) -> None:
    answer = call(reader(), "POST", body=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not OutboxEmail.objects.exists()


def test_an_account_without_an_address_is_told_so() -> None:
    answer = call(make_user(), "POST", body=BODY)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_address")


def test_too_many_are_told_to_wait() -> None:
    user = reader()
    statuses = [call(user, "POST", body=BODY).status_code for _number in range(21)]
    assert statuses == [202] * 20 + [429]
    assert OutboxEmail.objects.count() == 3, "nobody is flooded"


def test_nobody_sees_or_ends_what_is_somebody_elses() -> None:
    other = subscribed(reader("other@example.org"))
    user = reader()
    assert call(user, "GET").json() == {"results": []}
    assert call(user, "GET", f"{other.pk}/").status_code == 404
    assert call(user, "DELETE", f"{other.pk}/").status_code == 404
    assert call(make_user(), "GET").json() == {"results": []}
    other.refresh_from_db()
    assert other.ended_at is None


def test_a_key_is_needed_and_one_for_reading_only_reads(client: Client) -> None:
    user = reader()
    path = f"{subscribed(user).pk}/"
    for method, at in (("GET", ""), ("POST", ""), ("GET", path), ("DELETE", path)):
        assert client.generic(method, PATH + at).status_code == 401
        expected = 200 if method == "GET" else 403
        assert call(user, method, at, scopes=["read"]).status_code == expected


def test_the_queries_do_not_grow_with_the_rows() -> None:
    user = reader()
    counts = []
    for number in (1, 3):
        Subscription.objects.all().delete()
        first = subscribed(user) if number == 1 else None
        subscriber = first.subscriber if first else Subscriber.objects.get(address=user.email)
        for query in range(number - (1 if first else 0)):
            make_subscription(subscriber=subscriber, query=f"q={query}")
        with CaptureQueriesContext(connection) as captured:
            assert len(call(user, "GET").json()["results"]) == number
        counts.append(len(captured))
    assert counts[0] == counts[1]
