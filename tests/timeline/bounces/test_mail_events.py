"""What providers report over webhooks: only with the secret, and with the same effects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
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


def test_spam_filter_of_a_host_is_no_complaint_of_the_reader() -> None:
    body = [sparkpost(bounce_class="51", raw_reason="550 5.7.1 looks like spam")]
    assert post("sparkpost", body) == 200
    assert state() == (SubscriberState.ACTIVE, "")
    assert Subscriber.objects.get().soft_bounces == 1


def sparkpost(**fields: Any) -> dict[str, Any]:
    event = {
        "type": "bounce",
        "event_id": "84320004715329757",
        "message_id": "000443ee14578172be22",
        "rcpt_to": "ann@example.org",
        "raw_rcpt_to": "ann@example.org",
        "recv_method": "rest",
        "routing_domain": "example.org",
        "timestamp": "1772442000",
        "bounce_class": "10",
        "error_code": "550",
        "reason": "550 5.1.1 No such user",
        "raw_reason": "550 5.1.1 No such user",
    }
    return {"msys": {"message_event": event | fields}}


@pytest.mark.parametrize(
    ("bounce_class", "expected"),
    [
        pytest.param("10", "suppressed", id="invalid-recipient"),
        pytest.param("30", "suppressed", id="no-recipient"),
        pytest.param("22", "active", id="mailbox-full"),
        pytest.param("21", "active", id="dns-failure"),
        pytest.param("50", "active", id="mail-block"),
    ],
)
def test_sparkpost_tells_by_a_number(bounce_class: str, expected: str) -> None:
    assert post("sparkpost", [{"msys": {}}, sparkpost(bounce_class=bounce_class)]) == 200
    assert Subscriber.objects.get().state == expected


def test_sparkpost_complaint_ends_all() -> None:
    complaint = {
        "type": "spam_complaint",
        "event_id": "2",
        "rcpt_to": "ann@example.org",
        "raw_rcpt_to": "ann@example.org",
        "fbtype": "abuse",
        "report_by": "server.email.com",
        "timestamp": "1772442000",
    }
    assert post("sparkpost", [{"msys": {"message_event": complaint}}]) == 200
    assert state() == (SubscriberState.SUPPRESSED, Suppression.COMPLAINED)


def resend(kind: str, **data: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "created_at": "2026-03-02T09:00:07.000Z",
        "data": {
            "broadcast_id": "8b146471-e88e-4322-86af-016cd36fd216",
            "created_at": "2026-03-02T09:00:00.000Z",
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
            "from": "Commitments <desk@example.org>",
            "to": ["ann@example.org"],
            "subject": "The Games",
            **data,
        },
    }


@pytest.mark.parametrize(
    ("kind", "sub_type", "message", "expected"),
    [
        pytest.param(
            "Permanent",
            "Suppressed",
            "The recipient's email address is on the suppression list because it has a recent "
            "history of producing hard bounces.",
            "suppressed",
            id="permanent",
        ),
        pytest.param(
            "Transient",
            "MailboxFull",
            "The recipient's email provider sent a bounce message because the recipient's inbox "
            "was full.",
            "active",
            id="mailbox-full",
        ),
    ],
)
def test_resend_tells_by_a_type(kind: str, sub_type: str, message: str, expected: str) -> None:
    bounce = {"type": kind, "subType": sub_type, "message": message}
    assert post("resend", resend("email.bounced", bounce=bounce)) == 200
    assert Subscriber.objects.get().state == expected


def test_resend_complaint_ends_all() -> None:
    assert post("resend", resend("email.complained")) == 200
    assert state() == (SubscriberState.SUPPRESSED, Suppression.COMPLAINED)


def mailersend(kind: str, morph: dict[str, str] | None) -> bytes:
    body = {
        "type": f"activity.{kind}",
        "domain_id": "7z3m5jgrogdpyo6n",
        "created_at": "2026-03-02T09:00:07.000000Z",
        "webhook_id": "7z3m5jgrogdpyo6n",
        "url": "https://commitments.example/mail/events/mailersend/",
        "data": {
            "object": "activity",
            "id": "62f114f8165fe0d8db0288e5",
            "type": kind,
            "created_at": "2026-03-02T09:00:05.000000Z",
            "email": {
                "object": "email",
                "id": "62f114f7165fe0d8db0288e2",
                "created_at": "2026-03-02T09:00:03.000000Z",
                "from": "desk@example.org",
                "subject": "The Games",
                "status": "rejected",
                "tags": None,
                "message": {"object": "message", "id": "62fb66bef54a112e920b5493"},
                "recipient": {"object": "recipient", "email": "ann@example.org"},
            },
            "morph": morph,
        },
    }
    return json.dumps(body).encode()


@pytest.fixture
def signing_secret(settings: Any) -> bytes:
    settings.MAIL_WEBHOOK_SECRET = "signing"
    settings.ANYMAIL = {"MAILERSEND_SIGNING_SECRET": "signing"}
    return b"signing"


def post_signed(body: bytes, signature: str) -> int:
    client = Client(enforce_csrf_checks=True)
    address = reverse("mail_events", args=["mailersend"])
    headers = {"Signature": signature} if signature else {}
    answer = client.post(address, body, content_type="application/json", headers=headers)
    return answer.status_code


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("hard_bounced", (SubscriberState.SUPPRESSED, Suppression.BOUNCED)),
        ("soft_bounced", (SubscriberState.ACTIVE, "")),
        ("spam_complaint", (SubscriberState.SUPPRESSED, Suppression.COMPLAINED)),
    ],
)
def test_mailersend_signs(kind: str, expected: tuple[str, str], signing_secret: bytes) -> None:
    morph = {"object": "recipient_bounce", "reason": "550 5.1.1 No such user"}
    body = mailersend(kind, morph if "bounced" in kind else None)
    signature = hmac.new(signing_secret, body, hashlib.sha256).hexdigest()
    assert post_signed(body, signature) == 200
    assert state() == expected


def test_mailersend_with_another_signature_or_none_is_refused(signing_secret: bytes) -> None:
    body = mailersend("spam_complaint", None)
    other = hmac.new(b"other", body, hashlib.sha256).hexdigest()
    of_other_words = hmac.new(signing_secret, body + b" ", hashlib.sha256).hexdigest()
    assert [post_signed(body, one) for one in ("", other, of_other_words)] == [400, 400, 400]
    assert state() == (SubscriberState.ACTIVE, "")
