"""Deliver to webhooks: claim under a lease, send without the database in hand, write down the end.

Whoever dies between the sending and the writing leaves a lease that runs out, and the message goes
out again under the same id: at least once, never lost.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.actions.sending_hold import is_on_hold
from timeline.actions.webhook_endpoints import signing_secrets, switch_off_webhook
from timeline.actions.webhook_planning import TRY_FOR, plan_webhooks
from timeline.enums import SETTLED_WEBHOOK_STATES, SwitchedOff, WebhookState
from timeline.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from timeline.record_reader import record_url
from timeline.webhooks.sending import Answer, Message, send

logger = logging.getLogger(__name__)

AT_MOST: Final = 500
"""In one go; the next tick goes on."""

LOG_KEPT_FOR: Final = timedelta(days=90)
BATCH: Final = 20
LEASE: Final = timedelta(minutes=5)
"""Longer than a batch to one host that takes each message in the last moment: 20 times 10 s."""

AT_ONCE: Final = 8
"""Hosts that are asked at the same time: one that hangs keeps no other waiting."""

PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200)
)
"""Before the second, third … attempt, as Standard Webhooks proposes; the last one is repeated."""

HOST_AWAY: Final = timedelta(minutes=1)
"""How long the rest waits when one message to its host has failed."""

FAILING_FOR_TOO_LONG: Final = timedelta(days=5)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a delivery in this batch; `answer` is None where it was not tried."""

    delivery: WebhookDelivery
    answer: Answer | None


def tell_webhooks(*, clock: Clock) -> int:
    """Plan what has changed and deliver what is due; return how many deliveries were tried.

    While sending is on hold nothing is done. Side effects, in order: planned deliveries, those that
    are long settled are forgotten, messages.
    """
    if is_on_hold():
        return 0
    now = clock()
    if plan_webhooks(now=now):
        WebhookDelivery.objects.settled_before(now - LOG_KEPT_FOR).delete()
    ready = WebhookDelivery.objects.claimable(now).values_list("pk", flat=True)
    return deliver_webhooks(ids=list(ready[:AT_MOST]), clock=clock)


def deliver_webhooks(*, ids: Collection[int], clock: Clock) -> int:
    """Deliver the waiting ones among `ids`; return how many this worker took."""
    rest = set(ids)
    while rest:
        claimed = claim_deliveries(ids=rest, limit=BATCH, now=clock())
        if not claimed:
            break
        rest -= {delivery.pk for delivery in claimed}
        for sent in _send_all(claimed, clock):
            record_result(sent=sent, now=clock())
    return len(ids) - len(rest)


@transaction.atomic
def claim_deliveries(*, ids: Collection[int], limit: int, now: datetime) -> list[WebhookDelivery]:
    """Take up to `limit` of the deliveries `ids` whose time has come, each under a lease.

    Rows that another worker holds are passed over (PostgreSQL: SKIP LOCKED; SQLite lets one writer
    in at a time).
    """
    ready = WebhookDelivery.objects.claimable(now).filter(pk__in=ids)
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True, of=("self",))
    keys = list(ready.values_list("pk", flat=True)[:limit])
    token = uuid.uuid4()
    WebhookDelivery.objects.filter(pk__in=keys).update(
        state=WebhookState.SENDING,
        lease_token=token,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
    )
    taken = WebhookDelivery.objects.filter(lease_token=token).select_related("endpoint")
    return list(taken.order_by("endpoint_id", "number"))


def _send_all(claimed: Sequence[WebhookDelivery], clock: Clock) -> Iterator[Sent]:
    """Send to each endpoint in the order of the numbers, and to several at once."""
    groups = [list(rows) for _key, rows in groupby(claimed, key=lambda one: one.endpoint_id)]
    if not connection.in_atomic_block:  # a transaction of the caller's is not ours to break
        connection.close()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
        for done in as_completed([threads.submit(_send_group, one, clock) for one in groups]):
            yield from done.result()


def _send_group(deliveries: Sequence[WebhookDelivery], clock: Clock) -> list[Sent]:
    """Send one after the other until one fails; this runs in a thread without the database."""
    results: list[Sent] = []
    is_away = False
    for delivery in deliveries:
        answer = None if is_away else _send_one(delivery, clock())
        is_away = answer is None or not answer.is_delivered
        results.append(Sent(delivery, answer))
    return results


def _send_one(delivery: WebhookDelivery, now: datetime) -> Answer:
    endpoint = delivery.endpoint
    return send(
        message_of(delivery),
        url=endpoint.url,
        secrets=signing_secrets(endpoint, now=now),
        at=now,
        allow_private=settings.WEBHOOKS_ALLOW_PRIVATE,
    )


def message_of(delivery: WebhookDelivery) -> Message:
    """What is told by a delivery."""
    return Message(
        webhook_id=delivery.webhook_id,
        number=delivery.number,
        record=delivery.record_type,
        record_id=delivery.record_id,
        kind=delivery.kind,
        is_gone=delivery.is_gone,
        recorded_at=delivery.recorded_at,
        url=record_url(delivery.record_type, delivery.record_id),
    )


@transaction.atomic
def record_result(*, sent: Sent, now: datetime) -> bool:
    """Write down what came of a delivery; False where the lease was lost to another worker.

    Side effects, in order: the delivery, a line in its log, the standing of its endpoint.
    """
    delivery, answer = sent.delivery, sent.answer
    own = WebhookDelivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token)
    if answer is None:
        return bool(own.update(attempts=F("attempts") - 1, **_waiting(now + HOST_AWAY)))
    after = _settled(WebhookState.DELIVERED, now) if answer.is_delivered else _later(delivery, now)
    if not own.update(last_status=answer.status, last_text=answer.text, **after):
        return False
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        text=answer.text,
        milliseconds=answer.milliseconds,
    )
    _note_standing(delivery.endpoint, answer, now)
    return True


def _later(delivery: WebhookDelivery, now: datetime) -> dict[str, Any]:
    if now >= delivery.expires_at:
        return _settled(WebhookState.GIVEN_UP, now)
    pause = PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    # The last attempt is made at the very end, so that nothing is given up early.
    return _waiting(min(now + pause, delivery.expires_at))


def _waiting(next_try_at: datetime) -> dict[str, Any]:
    return {
        "state": WebhookState.QUEUED,
        "next_try_at": next_try_at,
        "lease_token": None,
        "lease_until": None,
    }


def _settled(state: WebhookState, now: datetime) -> dict[str, Any]:
    return {"state": state, "settled_at": now, "lease_token": None, "lease_until": None}


def _note_standing(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    """Note that its host answers or fails; switch off what fails for too long or is gone."""
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.is_delivered:
        row.update(failing_since=None, last_delivered_at=now)
        return
    row.filter(failing_since__isnull=True).update(failing_since=now)
    if answer.is_gone:
        switch_off_webhook(endpoint=endpoint, because=SwitchedOff.GONE, now=now)
    elif row.filter(failing_since__lte=now - FAILING_FOR_TOO_LONG).exists():
        switch_off_webhook(endpoint=endpoint, because=SwitchedOff.FAILING, now=now)


@transaction.atomic
def replay_delivery(*, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Send a delivery again with the next tick, for 72 hours, under the same id.

    Raises InvalidInput while it is on its way, or where its webhook is switched off.
    """
    locked = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state not in SETTLED_WEBHOOK_STATES:
        raise InvalidInput(_("It is on its way already."), code="on_its_way")
    if not WebhookEndpoint.objects.live().filter(pk=locked.endpoint_id).exists():
        raise InvalidInput(_("Its webhook is switched off: switch it on first."), code="inactive")
    locked.state, locked.settled_at = WebhookState.QUEUED, None
    locked.attempts, locked.next_try_at, locked.expires_at = 0, now, now + TRY_FOR
    locked.save(update_fields=["state", "settled_at", "attempts", "next_try_at", "expires_at"])
    return locked
