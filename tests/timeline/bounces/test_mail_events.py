"""What providers report over webhooks: only with the secret, and with the same effects."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.timeline.mail.builders import make_subscriber, make_subscription
from timeline.enums import SubscriberState, Suppression
from timeline.models import Subscriber

pytestmark = pytest.mark.django_db

SECRET = "provider:long-and-random"
BASIC = "Basic " + base64.b64encode(SECRET.encode()).decode()


@pytest.fixture(autouse=True)
def reader(settings: Any) -> Subscriber:
    settings.MAIL_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    return make_subscription(make_subscriber("ann@example.org")).subscriber


def post(provider: str, body: Any, authorization: str = BASIC) -> int:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        reverse("mail_events", args=[provider]),
        body,
        content_type="application/json",
        headers={"Authorization": authorization} if authorization else {},
    )
    return response.status_code


def postmark(kind: str, **fields: Any) -> dict[str, Any]:
    return {"RecordType": kind, "MessageID": "m", "Email": "ann@example.org", "ID": 1, **fields}


def state() -> tuple[str, str]:
    one = Subscriber.objects.get()
    return one.state, one.suppression


def test_hard_bounce_switches_the_address_off_with_the_reason() -> None:
    body = postmark("Bounce", Type="HardBounce", TypeCode=1, Details="550 no such user")
    for _ in range(2):
        assert post("postmark", body) == 200
    assert state() == (SubscriberState.SUPPRESSED, Suppression.BOUNCED)
    assert "no such user" in Subscriber.objects.get().suppression_text


def test_complaint_switches_the_address_off() -> None:
    body = postmark("SpamComplaint", Type="SpamComplaint", TypeCode=100001)
    assert post("postmark", body) == 200
    assert state() == (SubscriberState.SUPPRESSED, Suppression.COMPLAINED)


def test_soft_bounce_is_counted_and_no_more() -> None:
    body = postmark("Bounce", Type="SoftBounce", TypeCode=4096, Details="mailbox full")
    assert post("postmark", body) == 200
    assert state() == (SubscriberState.ACTIVE, "")


def test_event_of_another_provider_and_address() -> None:
    body = {"event": "hard_bounce", "email": "ann@example.org", "message-id": "m", "ts": 1}
    assert post("brevo", {**body, "email": "nobody@example.org"}) == 200
    assert state() == (SubscriberState.ACTIVE, "")
    assert post("brevo", body) == 200
    assert state() == (SubscriberState.SUPPRESSED, Suppression.BOUNCED)


@pytest.mark.parametrize("authorization", ["", "Basic bm9ib2R5Om5vdGhpbmc="])
def test_stranger_is_refused(authorization: str) -> None:
    body = postmark("Bounce", Type="HardBounce", TypeCode=1)
    assert post("postmark", body, authorization) == 400
    assert state() == (SubscriberState.ACTIVE, "")


@pytest.mark.parametrize("secret", ["", "without-a-colon"])
def test_webhook_is_not_there_without_a_secret(secret: str, settings: Any) -> None:
    settings.MAIL_WEBHOOK_SECRET, settings.ANYMAIL = secret, {}
    assert post("postmark", postmark("Bounce", Type="HardBounce", TypeCode=1), "") == 404
    assert post("carrier-pigeon", {}) == 404
    assert state() == (SubscriberState.ACTIVE, "")
