"""The caller's mails over the API: asked for, confirmed by a link, ended; nobody else's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
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
from timeline.actions.subscribing import confirm_subscription, mute_commitment
from timeline.models import Mute, OutboxEmail, Subscriber, Subscription, SubscriptionRequest

pytestmark = pytest.mark.django_db

PATH = "/api/v1/subscriptions/"
BODY = {"filter": "kind=event", "lead_days": [1, 7]}
BEFORE = [{"kind": "last_day", "days": days} for days in (-7, -1)]


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
        "moments": BEFORE,
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
        "moments": BEFORE,
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
        ({"moments": []}, "#/lead_days"),
        ({"moments": [{"kind": "last_day", "days": 367}]}, "#/moments/0/days"),
        ({"moments": [{"kind": "never"}]}, "#/moments/0/kind"),
        ({"moments": [{"kind": "opens"}, {"kind": "weekly", "days": 1}]}, "#/moments/1/days"),
        ({"moments": [{"kind": "opens", "days": days} for days in range(21)]}, "#/moments"),
        (
            {
                "lead_days": list(range(10)),
                "moments": [{"kind": "opens", "days": days} for days in range(11)],
            },
            "#/moments",
        ),
        ({"lead_days": [1], "language": "de"}, "#/language"),
        ({"lead_days": [1], "filter": "colour=red"}, "#/filter"),
        ({"lead_days": [1], "time_zone": "Nowhere"}, "#/time_zone"),
    ],
)
def test_a_body_that_is_wrong_is_an_error_at_its_field(body: Any, pointer: str) -> None:
    answer = call(reader(), "POST", body=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not OutboxEmail.objects.exists()


def test_all_that_a_person_can_be_told_can_be_asked_for() -> None:
    user = reader()
    moments = [
        {"kind": "last_day", "days": 1},
        {"kind": "opens", "days": -3},
        {"kind": "half_way", "days": 0},
        {"kind": "status_changed", "days": 0},
        {"kind": "date_moved", "days": 0},
        {"kind": "weekly", "days": 0},
    ]
    sent = {"lead_days": [7, 7], "moments": [*moments, *moments[:1]], "language": "ru"}
    answer = call(user, "POST", body=sent | {"time_zone": "Asia/Almaty"})
    assert answer.status_code == 202
    assert answer.json()["moments"] == [BEFORE[0], *moments]
    assert answer.json()["lead_days"] == [7]
    asked = SubscriptionRequest.objects.get()
    assert (asked.language, asked.time_zone) == ("ru", "Asia/Almaty")
    assert OutboxEmail.objects.get().language == "ru"


def test_other_times_take_the_place_of_those_of_one_subscription() -> None:
    user = reader()
    first = subscribed(user)
    second = make_subscription(subscriber=first.subscriber, query="q=forum")
    Subscription.objects.update(needs_planning=False)
    answer = call(user, "PATCH", f"{first.pk}/", {"moments": [{"kind": "date_moved"}]})
    assert (answer.status_code, answer.json()["moments"], answer.json()["lead_days"]) == (
        200,
        [{"kind": "date_moved", "days": 0}],
        [],
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.moments, first.needs_planning) == ([["date_moved", 0]], True)
    assert second.lead_days == [7]
    for body, pointer in (({}, "#/lead_days"), ({"filter": "q=x"}, "#/filter")):
        refused = call(user, "PATCH", f"{first.pk}/", body)
        assert refused.json()["errors"][0]["pointer"] == pointer


USUAL = {
    "state": "active",
    "language": "en",
    "time_zone": "UTC",
    "rhythm": "immediate",
    "wall_time": "09:00",
    "weekly_day": 1,
    "quiet_from": None,
    "quiet_until": None,
    "quiet_days": [],
    "paused_until": None,
    "muted": [],
}


def test_the_settings_are_those_of_the_page_and_a_patch_changes_what_it_names() -> None:
    user = reader()
    subscribed(user)
    shown = {"address": user.email, **USUAL}
    assert call(user, "GET", "settings/").json() == shown
    muted = make_commitment()
    changes: list[dict[str, Any]] = [
        {"rhythm": "weekly", "weekly_day": 7, "wall_time": "07:30"},
        {"language": "kk", "time_zone": "Asia/Almaty"},
        {"quiet_from": "22:00", "quiet_until": "00:00", "quiet_days": [6, 7]},
        {"paused_until": "2026-12-31"},
        {"muted": [muted.public_id]},
        {},
        {"quiet_from": None, "quiet_until": None, "quiet_days": [], "paused_until": None},
    ]
    for change in changes:
        shown |= change
        answer = call(user, "PATCH", "settings/", change)
        assert (answer.status_code, answer.json()) == (200, shown)
        assert call(user, "GET", "settings/").json() == shown
        if change.get("paused_until"):
            begin = datetime(2026, 12, 30, 19, tzinfo=UTC)  # midnight in Almaty
            assert Subscriber.objects.get().paused_until == begin
    mute = Mute.objects.get()
    assert mute.commitment_id == muted.pk
    assert call(user, "PATCH", "settings/", {"muted": []}).json()["muted"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"rhythm": "hourly"}, "#/rhythm"),
        ({"wall_time": "24:00"}, "#/wall_time"),
        ({"wall_time": 9}, "#/wall_time"),
        ({"wall_time": None}, "#/wall_time"),
        ({"weekly_day": 0}, "#/weekly_day"),
        ({"weekly_day": 8}, "#/weekly_day"),
        ({"quiet_from": "22:00"}, "#/quiet_until"),
        ({"quiet_days": [1, 2, 3, 4, 5, 6, 7]}, "#/quiet_days"),
        ({"quiet_days": [0]}, "#/quiet_days/0"),
        ({"paused_until": "soon"}, "#/paused_until"),
        ({"paused_until": "2026-12-31", "time_zone": "Nowhere"}, "#/time_zone"),
        ({"paused_until": "0001-01-01", "time_zone": "Asia/Almaty"}, "#/paused_until"),
        ({"time_zone": ""}, "#/time_zone"),
        ({"language": "de"}, "#/language"),
        ({"muted": ["zzzzzzzz"]}, "#/muted/0"),
        ({"address": "other@example.org"}, "#/address"),
    ],
)
def test_settings_that_are_wrong_change_nothing(body: Any, pointer: str) -> None:
    user = reader()
    subscribed(user)
    answer = call(user, "PATCH", "settings/", {"muted": [], **body})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert call(user, "GET", "settings/").json() == {"address": user.email, **USUAL}


def test_a_draft_cannot_be_muted_and_what_was_taken_back_is_not_told() -> None:
    user = reader()
    subscriber = subscribed(user).subscriber
    hidden = make_commitment(published=False)
    mute_commitment(subscriber=subscriber, commitment_id=hidden.pk, now=NOW)
    assert call(user, "GET", "settings/").json()["muted"] == []
    assert call(user, "PATCH", "settings/", {"muted": [hidden.public_id]}).status_code == 400
    assert call(user, "PATCH", "settings/", {"muted": []}).status_code == 200
    assert Mute.objects.count() == 1, "it stays muted, should it be published"


def test_the_settings_take_as_many_queries_for_one_muted_as_for_three() -> None:
    user = reader()
    subscriber = subscribed(user).subscriber
    counts = []
    for number in (1, 3):
        while Mute.objects.count() < number:
            made = make_commitment()
            mute_commitment(subscriber=subscriber, commitment_id=made.pk, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            assert len(call(user, "GET", "settings/").json()["muted"]) == number
        counts.append(len(captured))
    assert counts[0] == counts[1]


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
    assert call(user, "PATCH", f"{other.pk}/", {"lead_days": [1]}).status_code == 404
    assert call(user, "GET", "settings/").status_code == 404
    assert call(user, "PATCH", "settings/", {"rhythm": "daily"}).status_code == 404
    assert call(make_user(), "GET").json() == {"results": []}
    other.refresh_from_db()
    assert other.ended_at is None


def test_a_key_is_needed_and_one_for_reading_only_reads(client: Client) -> None:
    user = reader()
    path = f"{subscribed(user).pk}/"
    for method, at in (
        *(("GET", ""), ("POST", ""), ("GET", path), ("PATCH", path), ("DELETE", path)),
        *(("GET", "settings/"), ("PATCH", "settings/")),
    ):
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
