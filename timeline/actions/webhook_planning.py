"""Plan what webhooks are to be told, from the log: every visible change becomes one delivery.

An endpoint's new rows and the mark of how far it has come are written in one transaction: a crash
repeats a part and never skips one, and the unique key lets nothing in twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.http import QueryDict

from commitments.changes import ChangePage
from commitments.exceptions import InvalidInput
from timeline.actions.sending_hold import is_on_hold
from timeline.actions.webhook_endpoints import switch_off_webhook
from timeline.enums import SwitchedOff
from timeline.models import WebhookDelivery, WebhookEndpoint
from timeline.record_reader import read_head, read_visible_changes

logger = logging.getLogger(__name__)

CHANGES_AT_ONCE: Final = 500
TRY_FOR: Final = timedelta(hours=72)

Pages = dict[tuple[str, int], ChangePage]
"""What the log says to a selection after a number: most endpoints ask the same."""


def webhooks_wait(*, now: datetime) -> bool:
    """Whether there is something to tell a webhook now; one query where there is none at all."""
    if not WebhookEndpoint.objects.live().exists() or is_on_hold():
        return False
    is_behind = WebhookEndpoint.objects.to_plan(read_head()).exists()
    return is_behind or WebhookDelivery.objects.claimable(now).exists()


def plan_webhooks(*, now: datetime) -> int:
    """Plan all that is outstanding; return how many deliveries were added.

    Two at once do no harm: each endpoint is planned for by one of them.
    """
    head = read_head()
    pages: Pages = {}
    keys = WebhookEndpoint.objects.to_plan(head).values_list("pk", flat=True)
    return sum(_plan_endpoint(key, head, pages, now) for key in list(keys))


def _plan_endpoint(key: int, head: int, pages: Pages, now: datetime) -> int:
    added = 0
    while (part := _plan_part(key, head, pages, now)) is not None:
        added += part
    return added


@transaction.atomic
def _plan_part(key: int, head: int, pages: Pages, now: datetime) -> int | None:
    """Plan for the next changes; None where there are none, or another ticker is at it."""
    rows = WebhookEndpoint.objects.to_plan(head).filter(pk=key)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    endpoint = rows.first()
    if endpoint is None:
        return None
    try:
        page = _page(endpoint, pages, now)
    except InvalidInput as error:
        logger.warning("Webhook %s: its selection is not valid: %s", endpoint.public_id, error)
        switch_off_webhook(endpoint=endpoint, because=SwitchedOff.SELECTION, now=now)
        return None
    deliveries = list(_deliveries(endpoint, page, now))
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    endpoint.after_number = page.next
    endpoint.save(update_fields=["after_number"])
    return len(deliveries)


def _page(endpoint: WebhookEndpoint, pages: Pages, now: datetime) -> ChangePage:
    asked = (endpoint.query, endpoint.after_number)
    if asked not in pages:
        pages[asked] = read_visible_changes(
            QueryDict(endpoint.query),
            after=endpoint.after_number,
            limit=CHANGES_AT_ONCE,
            now=now,
        )
    return pages[asked]


def _deliveries(
    endpoint: WebhookEndpoint, page: ChangePage, now: datetime
) -> Iterator[WebhookDelivery]:
    for change in page.changes:
        yield WebhookDelivery(
            endpoint=endpoint,
            number=change.number,
            record_type=change.record_type,
            record_id=change.record_id,
            kind=change.kind,
            is_gone=change.is_gone,
            recorded_at=change.recorded_at,
            next_try_at=now,
            created_at=now,
            expires_at=now + TRY_FOR,
        )
