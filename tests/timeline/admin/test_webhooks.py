"""Webhooks at the desk: what happened is told in words, and can be repeated or stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.actions.commitments import correct_commitment
from commitments.models import Commitment
from tests.builders import NOW, make_admin, make_approver, make_commitment
from timeline.actions.webhook_delivery import Sent, claim_deliveries, record_result
from timeline.actions.webhook_endpoints import create_webhook, signing_secrets
from timeline.actions.webhook_planning import plan_webhooks
from timeline.enums import SwitchedOff, WebhookState
from timeline.models import WebhookDelivery, WebhookEndpoint
from timeline.webhooks.sending import Answer

pytestmark = pytest.mark.django_db

ENDPOINTS = "/admin/timeline/webhookendpoint/"
DELIVERIES = "/admin/timeline/webhookdelivery/"


@pytest.fixture
def desk() -> Client:
    """Give the browser of an administrator."""
    client = Client()
    client.force_login(make_admin())
    return client


def owe(count: int) -> None:
    """A webhook with `count` deliveries, each refused once and then given up."""
    made = make_commitment()
    create_webhook(owner=make_admin(), url="https://example.org/hook", params=QueryDict(), now=NOW)
    for number in range(count):
        fresh = Commitment.objects.get(pk=made.pk)
        fields = {"place": f"Place {number}"}
        correct_commitment(commitment=fresh, fields=fields, actor=make_admin(), now=NOW)
    plan_webhooks(now=NOW)
    ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
    late = NOW + timedelta(hours=72)
    for delivery in claim_deliveries(ids=ids, limit=100, now=late):
        record_result(sent=Sent(delivery, Answer(None, "no answer", 9)), now=late)


def act(desk: Client, path: str, action: str, row: Any) -> Any:
    return desk.post(path, {"action": action, "_selected_action": [row.pk]}, follow=True)


def test_a_delivery_says_what_happened_and_can_be_sent_again(desk: Client) -> None:
    owe(1)
    delivery = WebhookDelivery.objects.select_related("endpoint").get()
    assert delivery.state == WebhookState.GIVEN_UP
    page = desk.get(f"{DELIVERIES}{delivery.pk}/change/").content.decode()
    for text in (delivery.webhook_id, "no answer", "9 ms", "https://example.org/hook"):
        assert text in page
    answer = act(desk, DELIVERIES, "replay", delivery)
    assert "1 delivery will be sent again." in answer.content.decode()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (WebhookState.QUEUED, 0)
    again = act(desk, DELIVERIES, "replay", delivery)
    assert "It is on its way already." in again.content.decode()


def test_a_webhook_is_switched_off_and_on(desk: Client) -> None:
    owe(1)
    endpoint = WebhookEndpoint.objects.get()
    act(desk, ENDPOINTS, "switch_off", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.switched_off_because == SwitchedOff.BY_DESK
    act(desk, ENDPOINTS, "switch_on", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_no_page_shows_the_secret(desk: Client) -> None:
    owe(1)
    endpoint = WebhookEndpoint.objects.get()
    (secret,) = signing_secrets(endpoint, now=NOW)
    for path in (ENDPOINTS, f"{ENDPOINTS}{endpoint.pk}/change/"):
        page = desk.get(path)
        assert page.status_code == 200
        content = page.content.decode()
        assert secret.removeprefix("whsec_") not in content
        assert endpoint.secret_salt not in content


@pytest.mark.parametrize("path", [ENDPOINTS, DELIVERIES])
def test_who_is_no_administrator_sees_none_of_it(path: str) -> None:
    owe(1)
    client = Client()
    client.force_login(make_approver())
    assert client.get(path).status_code == 403


def test_the_queries_do_not_grow_with_the_rows(desk: Client) -> None:
    counts = []
    for count in (1, 3):
        WebhookEndpoint.objects.all().delete()
        owe(count)
        desk.get(DELIVERIES)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(DELIVERIES).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
