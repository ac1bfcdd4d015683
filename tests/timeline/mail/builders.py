"""Ready-made subscribers, subscriptions and due mails, and a tick at a time of one's choice."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.core import mail

from commitments.models import Commitment
from tests.builders import NOW, make_commitment
from tests.services.smtp import SmtpServer
from timeline.actions.delivery import deliver_emails
from timeline.actions.subscribing import moments_before_last_day
from timeline.actions.ticking import run_tick
from timeline.mail.transports import SMTP_BACKEND, Transport
from timeline.models import OutboxEmail, Subscriber, Subscription

DAY = timedelta(days=1)
_count = itertools.count(1)


def make_subscriber(address: str = "", *, now: datetime = NOW, **fields: Any) -> Subscriber:
    """A confirmed reader in UTC, so that 09:00 on the wall is 09:00."""
    fields = {"language": "en", "time_zone": "UTC", **fields}
    return Subscriber.objects.create(
        address=address or f"reader{next(_count)}@example.org",
        created_at=now,
        confirmed_at=now,
        state_changed_at=now,
        **fields,
    )


def make_subscription(
    subscriber: Subscriber | None = None,
    *,
    query: str = "",
    lead_days: Sequence[int] = (7,),
    now: datetime = NOW,
    **fields: Any,
) -> Subscription:
    """A subscription of everything, a week before the last possible day."""
    return Subscription.objects.create(
        subscriber=subscriber or make_subscriber(now=now),
        query=query,
        moments=moments_before_last_day(lead_days),
        created_at=now,
        confirmed_at=now,
        **fields,
    )


def make_due(
    title: str = "", *, in_days: int = 7, now: datetime = NOW, **fields: Any
) -> Commitment:
    """A commitment whose last possible day is so many days off the UTC day of `now`."""
    named: dict[str, Any] = {"title": title} if title else {}
    return make_commitment(window=day_off(in_days, now).isoformat(), **named, **fields)


def day_off(days: int, now: datetime = NOW) -> date:
    return (now + days * DAY).date()


def make_queued(count: int = 1, *, now: datetime = NOW) -> list[OutboxEmail]:
    """So many mails in the outbox, each to a reader of its own, about one commitment."""
    make_due(now=now)
    for _ in range(count):
        make_subscription(now=now)
    run_tick(now=now, most_emails=count)
    return list(OutboxEmail.objects.order_by("pk"))


def tick(now: datetime = NOW, *, transport: Transport | None = None, patience: float = 0) -> int:
    """One tick and the delivery of what it found, with the clock at `now`."""
    ids = run_tick(now=now, most_emails=100_000)
    return deliver_emails(
        ids=ids, clock=lambda: now, patience_seconds=patience, transport=transport
    )


def use_smtp(settings: Any, port: int) -> None:
    """Let the project send by a mail host on loopback."""
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5


def use_sink(settings: Any, server: SmtpServer) -> None:
    use_smtp(settings, server.port)


def sent_mails() -> list[EmailMessage]:
    """What went out by Django's own backend for tests, parsed."""
    return [
        message_from_bytes(one.message().as_bytes(), policy=policy.default) for one in mail.outbox
    ]


def text_of(message: EmailMessage) -> str:
    """The words of the text part."""
    part = message.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def state_of(email: OutboxEmail) -> tuple[str, int]:
    """The state and how many copies may have arrived, as they are now."""
    email.refresh_from_db()
    return email.state, email.maybe_delivered
