"""Is it alive, and can it do its work? Two addresses for whoever watches the house.

Ready means: the database answers, and somebody ticks. A tick is only needed where there is somebody
to write to, so a house without a subscriber and with an empty outbox is ready without one. With
one, the last good tick has to be younger than two minutes (or two of its own intervals, if they are
longer); it is written down in the database, so it counts whichever host it ran on.

Of django-health-check nothing is used: its view answers 500 and not 503, in HTML unless it is
asked otherwise, and runs each check in a thread with a database connection of its own.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from timeline.models import OutboxEmail, SendingHold, Subscriber, TickState

logger = logging.getLogger(__name__)

LEAST_PATIENCE_SECONDS = 120


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 if it can do its work, else 503, and each check by its name.

    That sending is on hold is told beside the checks: it is somebody's will, and the site serves.
    """
    hold: dict[str, str] = {}
    try:
        ticker = ticker_status(now=timezone.now())  # noqa: TID251 - this is a view
        checks = {"database": "ok", "ticker": ticker}
        hold = hold_status()
    except Error:
        logger.exception("The database does not answer")
        checks = {"database": "does not answer", "ticker": "unknown"}
    is_ready = set(checks.values()) <= {"ok", "not needed"}
    status = "ok" if is_ready else "unavailable"
    return JsonResponse({"status": status, **checks, **hold}, status=200 if is_ready else 503)


def hold_status() -> dict[str, str]:
    """Since when nothing is sent, under `sending`; empty where mail may leave."""
    since = SendingHold.objects.open().values_list("since", flat=True).first()
    return {"sending": f"on hold since {since.isoformat()}"} if since else {}


def ticker_status(*, now: datetime) -> str:
    """`ok`, `not needed`, or what is wrong."""
    last_ok_at = TickState.objects.values_list("last_ok_at", flat=True).first()
    patience = timedelta(seconds=max(LEAST_PATIENCE_SECONDS, 2 * settings.TICK_SECONDS))
    if last_ok_at is not None and now - last_ok_at < patience:
        return "ok"
    if not Subscriber.objects.active().exists() and not OutboxEmail.objects.open().exists():
        return "not needed"
    return f"no good tick since {last_ok_at.isoformat()}" if last_ok_at else "never ticked"
