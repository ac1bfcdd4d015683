"""Failures and complaints by the signed return path; what is not signed by us does nothing."""

from __future__ import annotations

import io
import re
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.builders import NOW
from tests.services.smtp import SmtpServer
from tests.timeline.bounces.reports import OUT_OF_OFFICE, complaint, failure
from tests.timeline.mail.builders import (
    DAY,
    make_due,
    make_subscriber,
    make_subscription,
    tick,
    use_sink,
)
from timeline.actions.bounces import MOST_SOFT_BOUNCES, take_returned_mail
from timeline.enums import SubscriberState, Suppression
from timeline.mail.links import manage_url, unsubscribe_url
from timeline.mail.return_path import message_id_of_return_path, return_path
from timeline.mail.returned import Verdict, read_returned
from timeline.models import OutboxEmail, Subscriber, Subscription

pytestmark = pytest.mark.django_db

SENDER = "commitments@localhost"


@pytest.fixture(autouse=True)
def _with_a_return_path(settings: Any) -> None:
    settings.RETURN_PATH = "bounces@example.com"


@pytest.fixture
def signed() -> str:
    """The return path of a mail that went to ann@example.org."""
    make_due()
    make_subscription(make_subscriber("ann@example.org"))
    tick(NOW)
    email = OutboxEmail.objects.get()
    content = f"Subject: x\r\nMessage-ID: {email.message_id}\r\n\r\nBody".encode()
    return return_path(content, sender=SENDER)


def take(content: bytes, recipient: str = "", days: float = 0) -> Verdict:
    return take_returned_mail(content=content, recipient=recipient, now=NOW + days * DAY)


def state() -> tuple[str, str]:
    reader = Subscriber.objects.get(address="ann@example.org")
    return reader.state, reader.suppression


def test_return_path_is_signed_short_and_tells_no_address(signed: str) -> None:
    assert re.fullmatch(r"bounces\+[0-9a-f]{32}-[0-9a-f]{16}@example\.com", signed)
    assert len(signed.partition("@")[0]) <= 64
    assert message_id_of_return_path(signed) == OutboxEmail.objects.get().message_id
    assert message_id_of_return_path(signed.upper()) == OutboxEmail.objects.get().message_id


def test_return_path_that_is_not_set_is_the_usual_sender(settings: Any) -> None:
    settings.RETURN_PATH = ""
    content = b"Message-ID: <" + b"a" * 32 + b"@localhost>\r\n\r\n"
    assert return_path(content, sender=SENDER) == SENDER


def test_every_mail_leaves_with_a_return_path_of_its_own(
    smtp_server: SmtpServer, settings: Any
) -> None:
    use_sink(settings, smtp_server)
    make_due()
    for _ in range(2):
        make_subscription()
    tick(NOW)
    ids = set(OutboxEmail.objects.values_list("message_id", flat=True))
    senders = [message_id_of_return_path(one.sender) for one in smtp_server.messages]
    assert set(senders) == ids


def test_permanent_failure_switches_the_address_off_with_the_reason_eml07(
    signed: str, client: Client
) -> None:
    reader = Subscriber.objects.get()
    assert take(failure(signed)) is Verdict.PERMANENT
    assert state() == (SubscriberState.SUPPRESSED, Suppression.BOUNCED)
    reader.refresh_from_db()
    assert reader.suppression_text == "5.1.1 smtp; 550 5.1.1 <ann@example.org>: no such user"
    page = client.get(manage_url(reader).removeprefix("http://localhost:8000"))
    assert page.status_code == 410
    assert "switched off: mail came back" in page.content.decode()
    make_due("Next", in_days=8)
    tick(NOW + DAY)
    assert OutboxEmail.objects.count() == 1


def test_recipient_may_be_told_by_the_mail_host_alone_eml07(signed: str) -> None:
    assert take(failure("somebody@example.com"), recipient=signed) is Verdict.PERMANENT
    assert state()[0] == SubscriberState.SUPPRESSED


@pytest.mark.parametrize("where", ["", "bounces@example.com", "forged"])
def test_forged_failure_is_ignored_eml07(where: str, signed: str) -> None:
    forged = signed[:-18] + ("0" if signed[-18] != "0" else "1") + signed[-17:]
    to = forged.replace("-", "-0", 1) if where == "forged" else where
    for content in (failure(to), failure(to, original="To: ann@example.org")):
        assert take(content, recipient=to) is Verdict.IGNORED
    assert state() == (SubscriberState.ACTIVE, "")


def test_out_of_office_is_ignored_eml07(signed: str) -> None:
    assert take(OUT_OF_OFFICE.format(to=signed).encode(), recipient=signed) is Verdict.IGNORED
    assert state()[0] == SubscriberState.ACTIVE


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_report_of_something_else_is_ignored(action: str, signed: str) -> None:
    assert take(failure(signed, action=action, status="4.4.1")) is Verdict.IGNORED
    assert state()[0] == SubscriberState.ACTIVE


def test_complaint_stops_all_mail_eml07(signed: str) -> None:
    reader = Subscriber.objects.get()
    original = f"List-Unsubscribe: <{unsubscribe_url(reader)}>\nTo: redacted@example.org"
    assert take(complaint("abuse@example.com", original=original)) is Verdict.COMPLAINT
    assert state() == (SubscriberState.SUPPRESSED, Suppression.COMPLAINED)
    assert Subscription.objects.live().count() == 0


def test_forged_complaint_is_ignored_eml07(signed: str) -> None:
    link = unsubscribe_url(Subscriber.objects.get())
    for original in ("To: ann@example.org", f"List-Unsubscribe: <{link[:-3]}xx/>"):
        assert take(complaint("abuse@example.com", original=original)) is Verdict.IGNORED
    assert state()[0] == SubscriberState.ACTIVE


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1"])
def test_passing_failures_switch_off_at_the_fifth_in_a_row(status: str, signed: str) -> None:
    for count in range(1, MOST_SOFT_BOUNCES + 1):
        assert state()[0] == SubscriberState.ACTIVE
        assert take(failure(signed, status=status), days=count) is Verdict.TEMPORARY
    assert state() == (SubscriberState.SUPPRESSED, Suppression.BOUNCED)


def test_passing_failures_of_different_months_do_not_add_up(signed: str) -> None:
    for count in range(2 * MOST_SOFT_BOUNCES):
        take(failure(signed, status="4.4.7"), days=31 * count)
    assert state()[0] == SubscriberState.ACTIVE


def test_who_subscribes_again_begins_anew(signed: str) -> None:
    take(failure(signed))
    assert take(failure(signed), days=1) is Verdict.PERMANENT
    reader = Subscriber.objects.get()
    assert reader.state_changed_at == NOW


REPORT = b"Content-Type: multipart/report; boundary=b\n\n--b\n"
STATUS = REPORT + b"Content-Type: message/delivery-status\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report\n\n",
        STATUS,
        STATUS + b"\nStatus: nonsense\nAction: failed\n--b--",
        STATUS + b"\nStatus: 5.1.1\nAction: failed\n--b--",
        b"From: " + b"x" * 100_000 + b"\n\n",
    ],
)
def test_whatever_strangers_write_is_read_without_an_error(content: bytes) -> None:
    assert read_returned(content).verdict in {Verdict.IGNORED, Verdict.PERMANENT}
    assert take(content) is Verdict.IGNORED


def test_command_takes_one_mail_from_the_mail_host(
    signed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SimpleNamespace(buffer=io.BytesIO(failure("x@example.com")))
    monkeypatch.setattr(sys, "stdin", source)
    out = io.StringIO()
    call_command("take_returned_mail", recipient=signed, stdout=out)
    assert out.getvalue() == "permanent: the address does not work\n"
    assert state()[0] == SubscriberState.SUPPRESSED
    assert Subscriber.objects.get().last_bounce_at > NOW - timedelta(days=3650)  # type: ignore[operator]
