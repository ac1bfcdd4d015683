"""Webhooks against a real receiver: signed, repeated, given up; never lost, never to neighbours."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from standardwebhooks import Webhook, WebhookVerificationError

from commitments.actions.commitments import correct_commitment
from commitments.actions.publication import retract_commitment
from commitments.exceptions import InvalidInput
from commitments.models import Commitment
from tests.builders import NOW, make_admin, make_commitment, make_party, make_user
from tests.timeline.webhooks.conftest import MakeWebhook, tell
from tests.timeline.webhooks.sink import HANG, Sink
from timeline.actions import webhook_delivery
from timeline.actions.webhook_delivery import (
    LEASE,
    Sent,
    claim_deliveries,
    record_result,
    replay_delivery,
)
from timeline.actions.webhook_endpoints import (
    MOST_OF_ONE_OWNER,
    create_webhook,
    rotate_webhook_secret,
    signing_secrets,
    switch_off_webhook,
    switch_on_webhook,
)
from timeline.actions.webhook_planning import TRY_FOR, plan_webhooks, webhooks_wait
from timeline.enums import SwitchedOff, WebhookState
from timeline.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from timeline.webhooks.sending import Answer, send

pytestmark = pytest.mark.django_db


def correct(commitment: Commitment, **fields: Any) -> None:
    correct_commitment(commitment=commitment, fields=fields, actor=make_admin(), now=NOW)


def one_delivery() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("endpoint").get()


def events(sink: Sink) -> list[tuple[str, str]]:
    bodies = [json.loads(one.body) for one in sink.received]
    return [(body["type"], body["data"]["id"]) for body in bodies]


@pytest.fixture
def owed(make_webhook: MakeWebhook, sink: Sink) -> WebhookDelivery:
    """One delivery that waits."""
    made = make_commitment()
    make_webhook()
    correct(made, place="Aktau")
    plan_webhooks(now=NOW)
    return one_delivery()


def test_a_change_is_told_thinly_and_signed(make_webhook: MakeWebhook, sink: Sink) -> None:
    made = make_commitment(title="A secret title")
    endpoint = make_webhook()
    correct(made, place="Aktau")
    assert tell() == 1
    (got,) = sink.received
    assert json.loads(got.body) == {
        "type": "commitment.changed",
        "timestamp": "2026-11-24T09:00:00Z",
        "data": {
            "number": made.revisions.latest("number").number,
            "record": "commitment",
            "id": made.public_id,
            "kind": "corrected",
            "url": f"{django_settings.SITE_URL}/api/v1/commitments/{made.public_id}/",
        },
    }
    assert got.headers["content-type"] == "application/json"
    (secret,) = signing_secrets(endpoint, now=NOW)
    with time_machine.travel(NOW):
        Webhook(secret).verify(got.body, got.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(got.body + b" ", got.headers)
    delivery = one_delivery()
    assert (delivery.state, delivery.last_status) == (WebhookState.DELIVERED, 204)
    assert tell(NOW + timedelta(hours=1)) == 0, "once is enough"


def test_only_what_comes_after_it_was_made_is_told(make_webhook: MakeWebhook, sink: Sink) -> None:
    made = make_commitment()
    make_webhook()
    assert tell() == 0
    correct(made, place="Aktau")
    assert tell() == 1


def test_what_is_gone_is_told_without_kind_or_address(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    made = make_commitment(kind="event")
    make_webhook("kind=event")
    retract_commitment(commitment=made, actor=make_admin(), now=NOW, reason="It was wrong.")
    tell()
    body = json.loads(sink.received[0].body)
    assert body["type"] == "commitment.gone"
    assert set(body["data"]) == {"number", "record", "id"}


def test_a_selection_hears_of_its_own_and_of_what_leaves_it(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    made, other = make_commitment(kind="event"), make_commitment(kind="target")
    make_webhook("kind=event")
    correct(other, place="Aktau")
    correct(made, place="Aktau")
    correct(made, kind="milestone")
    correct(Commitment.objects.get(pk=made.pk), place="Atyrau")
    tell()
    # How it stands now: it has left, so all that is told of it is that.
    assert set(events(sink)) == {("commitment.gone", made.public_id)}


def test_drafts_and_closed_accounts_hear_and_tell_nothing(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    make_webhook(owner=make_user(is_active=False))
    make_commitment(published=False)
    assert tell() == 0
    make_webhook()
    make_commitment(published=False, parties=[(make_party("hidden"), "promised_by")])  # type: ignore[list-item]
    assert tell() == 0
    assert sink.received == []


def test_messages_to_one_receiver_come_in_order(make_webhook: MakeWebhook, sink: Sink) -> None:
    made = make_commitment()
    make_webhook()
    for place in ("Aktau", "Atyrau", "Almaty"):
        correct(Commitment.objects.get(pk=made.pk), place=place)
    tell()
    numbers = [json.loads(one.body)["data"]["number"] for one in sink.received]
    assert numbers == sorted(numbers)
    assert len(numbers) == 3


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_any_other_answer_is_a_failure_and_is_repeated(
    owed: WebhookDelivery, sink: Sink, status: int
) -> None:
    sink.answers = [status]
    tell()
    delivery = one_delivery()
    assert (delivery.state, delivery.last_status) == (WebhookState.QUEUED, status)
    assert delivery.next_try_at == NOW + timedelta(minutes=1)
    assert tell(NOW + timedelta(seconds=59)) == 0
    assert tell(NOW + timedelta(minutes=1)) == 1
    assert one_delivery().state == WebhookState.DELIVERED
    assert sink.ids == [delivery.webhook_id] * 2
    assert {one.path for one in sink.received} == {"/hook"}, "no redirect is followed"
    assert sink.received[0].body == sink.received[1].body
    assert list(WebhookAttempt.objects.values_list("status", flat=True)) == [status, 204]


def test_a_receiver_that_hangs_is_cut_off_and_keeps_no_other_waiting(
    make_webhook: MakeWebhook, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*args: Any, **kwargs: Any) -> Answer:
        return send(*args, **kwargs, timeout=0.5)

    monkeypatch.setattr(webhook_delivery, "send", impatient)
    made = make_commitment()
    make_webhook()
    make_webhook()
    for place in ("Aktau", "Atyrau"):
        correct(Commitment.objects.get(pk=made.pk), place=place)
    sink.answers = [HANG]
    tell()
    states = [one.state for one in WebhookDelivery.objects.order_by("state")]
    assert states == [WebhookState.DELIVERED] * 2 + [WebhookState.QUEUED] * 2
    failed, left = WebhookDelivery.objects.filter(state=WebhookState.QUEUED).order_by("number")
    assert (failed.attempts, failed.last_status) == (1, None)
    assert failed.last_text == "no answer within 0.5 seconds"
    assert (left.attempts, left.last_text) == (0, ""), "the rest of that host was not tried"
    assert left.next_try_at == NOW + timedelta(minutes=1)


def test_nobody_listening_is_a_failure(owed: WebhookDelivery) -> None:
    WebhookEndpoint.objects.update(url="http://127.0.0.1:9/hook")
    tell()
    delivery = one_delivery()
    assert (delivery.state, delivery.last_status) == (WebhookState.QUEUED, None)
    assert "refused" in delivery.last_text


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://10.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://0x7f000001/hook",
    ],
)
def test_neighbours_are_never_asked(
    owed: WebhookDelivery, sink: Sink, settings: Any, url: str
) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    WebhookEndpoint.objects.update(url=url)
    tell()
    delivery = one_delivery()
    assert (delivery.state, delivery.last_status) == (WebhookState.QUEUED, None)
    assert "not on the open net" in delivery.last_text
    assert sink.received == []


def test_pauses_grow_until_it_is_given_up_after_72_hours(owed: WebhookDelivery, sink: Sink) -> None:
    sink.answers = [500] * 100
    pauses, now = [], NOW
    while (delivery := one_delivery()).state == WebhookState.QUEUED:
        pauses.append((delivery.next_try_at - now).total_seconds() / 3600)
        now = delivery.next_try_at
        assert tell(now - timedelta(microseconds=1)) == 0
        assert tell(now) == 1
    assert delivery.state == WebhookState.GIVEN_UP
    assert now == NOW + TRY_FOR
    assert pauses[:9] == pytest.approx([0, 1 / 60, 5 / 60, 0.5, 2, 5, 10, 14, 20])
    assert len(sink.received) == delivery.attempts == delivery.log.count() == len(pauses)
    assert set(sink.ids) == {delivery.webhook_id}
    assert tell(now + timedelta(days=1)) == 0


def test_a_worker_that_dies_after_sending_makes_a_second_copy_of_the_same_id(
    owed: WebhookDelivery, sink: Sink
) -> None:
    (claimed,) = claim_deliveries(ids=[owed.pk], limit=10, now=NOW)
    webhook_delivery._send_one(claimed, NOW)  # and then it is killed
    assert tell(NOW + LEASE - timedelta(microseconds=1)) == 0, "it is somebody else's still"
    assert tell(NOW + LEASE) == 1
    assert sink.ids == [owed.webhook_id] * 2
    assert one_delivery().state == WebhookState.DELIVERED
    late = Sent(claimed, Answer(500, "", 1))
    assert not record_result(sent=late, now=NOW), "the first worker has nothing to say any more"
    assert one_delivery().state == WebhookState.DELIVERED


def test_what_one_worker_has_another_passes_over(owed: WebhookDelivery) -> None:
    assert len(claim_deliveries(ids=[owed.pk], limit=10, now=NOW)) == 1
    assert claim_deliveries(ids=[owed.pk], limit=10, now=NOW) == []


def test_a_planning_that_is_repeated_doubles_nothing(owed: WebhookDelivery, sink: Sink) -> None:
    WebhookEndpoint.objects.update(after_number=owed.number - 1)  # as if the mark were lost
    plan_webhooks(now=NOW)
    assert WebhookDelivery.objects.count() == 1


def test_a_receiver_that_is_gone_for_good_is_switched_off(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    made = make_commitment()
    endpoint = make_webhook()
    for place in ("Aktau", "Atyrau"):
        correct(Commitment.objects.get(pk=made.pk), place=place)
    sink.answers = [410]
    tell()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.switched_off_because) == (False, SwitchedOff.GONE)
    assert {one.state for one in WebhookDelivery.objects.all()} == {WebhookState.CANCELLED}
    assert len(sink.received) == 1


@pytest.mark.parametrize(("days", "is_active"), [(4.9, True), (5, False)])
def test_what_fails_for_days_is_switched_off(
    owed: WebhookDelivery, sink: Sink, days: float, is_active: bool
) -> None:
    WebhookEndpoint.objects.update(failing_since=NOW - timedelta(days=days))
    sink.answers = [500]
    tell()
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.is_active is is_active
    assert endpoint.switched_off_because == ("" if is_active else SwitchedOff.FAILING)


def test_a_success_ends_the_count_of_failing(owed: WebhookDelivery, sink: Sink) -> None:
    sink.answers = [500]
    tell()
    assert WebhookEndpoint.objects.get().failing_since == NOW
    tell(NOW + timedelta(minutes=1))
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.failing_since is None
    assert endpoint.last_delivered_at == NOW + timedelta(minutes=1)


def test_switched_on_again_it_hears_of_what_comes(make_webhook: MakeWebhook, sink: Sink) -> None:
    made = make_commitment()
    endpoint = make_webhook()
    switch_off_webhook(endpoint=endpoint, because=SwitchedOff.BY_DESK, now=NOW)
    correct(made, place="Aktau")
    assert tell() == 0
    switch_on_webhook(endpoint=endpoint)
    assert tell() == 0
    correct(Commitment.objects.get(pk=made.pk), place="Atyrau")
    assert tell() == 1


def test_a_replay_has_the_same_id_and_body(owed: WebhookDelivery, sink: Sink) -> None:
    tell()
    replay_delivery(delivery=one_delivery(), now=NOW + timedelta(days=9))
    with pytest.raises(InvalidInput):
        replay_delivery(delivery=one_delivery(), now=NOW)
    assert tell(NOW + timedelta(days=9)) == 1
    first, second = sink.received
    assert first.body == second.body
    assert sink.ids == [owed.webhook_id] * 2
    assert one_delivery().log.count() == 2


def test_nothing_is_replayed_to_what_is_switched_off(owed: WebhookDelivery) -> None:
    tell()
    switch_off_webhook(endpoint=owed.endpoint, because=SwitchedOff.BY_DESK, now=NOW)
    with pytest.raises(InvalidInput):
        replay_delivery(delivery=one_delivery(), now=NOW)


@pytest.mark.parametrize(("hours", "signatures"), [(0, 2), (23.99, 2), (24, 1)])
def test_after_a_rotation_both_secrets_sign_for_a_day(
    owed: WebhookDelivery, sink: Sink, hours: float, signatures: int
) -> None:
    (before,) = signing_secrets(owed.endpoint, now=NOW)
    _endpoint, after = rotate_webhook_secret(endpoint=owed.endpoint, now=NOW)
    now = NOW + timedelta(hours=hours)
    tell(now)
    (got,) = sink.received
    assert len(got.headers["webhook-signature"].split(" ")) == signatures
    with time_machine.travel(now):
        Webhook(after).verify(got.body, got.headers)
        if signatures == 2:
            Webhook(before).verify(got.body, got.headers)


def test_no_secret_is_in_the_database(owed: WebhookDelivery) -> None:
    (secret,) = signing_secrets(owed.endpoint, now=NOW)
    row = WebhookEndpoint.objects.values().get()
    assert secret.removeprefix("whsec_") not in str(row)
    assert Webhook(secret)._whsecret.hex() not in str(row)


def test_a_selection_that_nobody_understands_any_more_is_switched_off(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    endpoint = make_webhook()
    WebhookEndpoint.objects.update(query="colour=red")
    make_commitment()
    tell()
    endpoint.refresh_from_db()
    assert endpoint.switched_off_because == SwitchedOff.SELECTION


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "ftp://example.org/hook",
        "http://example.org/hook",
        "https:///hook",
        "https://example.org:x/hook",
        "https://user:pw@example.org/hook",
        "https://example.org/hook#part",
        "https://example.org/\nhook",
        "https://example.org/" + "x" * 500,
    ],
)
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_webhook(owner=make_user(), url=url, params=QueryDict(), now=NOW)
    assert caught.value.field == "url"


@pytest.mark.parametrize("query", ["colour=red", "kind=x", "schedule=overdue", "party=nobody"])
def test_a_selection_that_cannot_be_is_refused(query: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_webhook(
            owner=make_user(), url="https://example.org/", params=QueryDict(query), now=NOW
        )
    assert caught.value.field == query.partition("=")[0]


def test_nobody_has_more_than_a_few(make_webhook: MakeWebhook) -> None:
    owner = make_user()
    for _number in range(MOST_OF_ONE_OWNER):
        make_webhook(owner=owner)
    with pytest.raises(InvalidInput) as caught:
        make_webhook(owner=owner)
    assert caught.value.specific_code == "too_many"


def test_what_is_long_settled_is_forgotten(owed: WebhookDelivery, sink: Sink) -> None:
    tell()
    for days, left in ((90, 2), (90.1, 2)):
        made = Commitment.objects.get()
        correct(made, place=f"After {days} days")
        tell(NOW + timedelta(days=days))
        assert WebhookDelivery.objects.count() == left


def test_planning_and_claiming_do_not_grow_with_the_changes(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    made = make_commitment()
    make_webhook()
    counts = []
    for number in (1, 3):
        for place in range(number):
            correct(Commitment.objects.get(pk=made.pk), place=f"{number} {place}")
        with CaptureQueriesContext(connection) as captured:
            plan_webhooks(now=NOW)
            ids = list(WebhookDelivery.objects.values_list("pk", flat=True))
            claim_deliveries(ids=ids, limit=20, now=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_without_a_webhook_a_tick_is_one_query(django_assert_num_queries: Any) -> None:
    make_commitment()
    with django_assert_num_queries(1):
        assert not webhooks_wait(now=NOW)


def test_endpoints_with_one_selection_share_the_reading(
    make_webhook: MakeWebhook, sink: Sink
) -> None:
    made = make_commitment()
    counts = []
    for _number in (1, 2):
        make_webhook()
        correct(Commitment.objects.get(pk=made.pk), place=f"Place {_number}")
        with CaptureQueriesContext(connection) as captured:
            plan_webhooks(now=NOW)
        counts.append(len([one for one in captured if "commitments_revision" in one["sql"]]))
    assert counts[0] == counts[1]
