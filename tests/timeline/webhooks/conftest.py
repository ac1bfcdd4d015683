"""A real receiver, and a webhook that tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.http import QueryDict

from commitments.models import User
from tests.builders import NOW, make_user
from tests.timeline.webhooks.sink import Sink, running_sink
from timeline.actions.webhook_delivery import tell_webhooks
from timeline.actions.webhook_endpoints import create_webhook
from timeline.models import WebhookEndpoint

MakeWebhook = Callable[..., WebhookEndpoint]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """Give a receiver on this machine, and let webhooks go there."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with running_sink() as running:
        yield running


@pytest.fixture
def make_webhook(sink: Sink) -> MakeWebhook:
    """Give a function that makes a webhook to the sink."""

    def make(query: str = "", *, owner: User | None = None, url: str = "") -> WebhookEndpoint:
        endpoint, _secret = create_webhook(
            owner=owner or make_user(), url=url or sink.url, params=QueryDict(query), now=NOW
        )
        return endpoint

    return make


def tell(now: datetime = NOW) -> int:
    """Plan and deliver as a tick at this instant does."""
    return tell_webhooks(clock=lambda: now)
