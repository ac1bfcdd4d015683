"""Let go of what nobody needs any more: settled mails with their reminders, requests, logins.

Mails that wait for a person (`alarming`) are kept however old they are. An old reminder that
is gone is not planned again: planning adds nothing that was due before the last good tick. The
record itself is never pruned. `docs/scale.md` has the table of what is kept for how long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from timeline.enums import ALARMING_STATES, SETTLED_STATES, ReminderState
from timeline.models import OutboxEmail, Reminder, SubscriptionRequest

ROWS_AT_ONCE: Final = 500
REQUESTS_KEPT: Final = timedelta(days=30)
"""Counted from the end of the link; the limits of asking look back a day."""


FAILED_LOGINS_KEPT: Final = timedelta(days=30)
"""They count for a quarter of an hour; after that they only show who was guessing."""


def prune(*, now: datetime) -> int:
    """Delete what is older than KEEP_MAILS_DAYS (0: no mails); return how many mails.

    Side effects, in order, chunk by chunk in transactions of their own: sessions that are over,
    old failed logins, the reminders of the mails and the mails, dropped reminders, requests
    without a mail.
    """
    _delete_in_chunks(Session.objects.filter(expire_date__lt=now))
    old_failures = AccessAttempt.objects.filter(attempt_time__lt=now - FAILED_LOGINS_KEPT)
    _delete_in_chunks(old_failures)
    if not settings.KEEP_MAILS_DAYS:
        return 0
    before = now - timedelta(days=settings.KEEP_MAILS_DAYS)
    pruned = 0
    while chunk := _prune_mails(before):
        pruned += chunk
    dropped = Reminder.objects.filter(state=ReminderState.DROPPED, expires_at__lt=before)
    _delete_in_chunks(dropped)
    SubscriptionRequest.objects.filter(
        expires_at__lt=now - REQUESTS_KEPT, emails__isnull=True
    ).delete()
    return pruned


def _delete_in_chunks(rows: QuerySet[Any]) -> None:
    while keys := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - documented


@transaction.atomic
def _prune_mails(before: datetime) -> int:
    seen = ~Q(state__in=ALARMING_STATES) | Q(acknowledged_at__isnull=False)
    old = OutboxEmail.objects.filter(seen, state__in=SETTLED_STATES, settled_at__lt=before)
    numbers = list(old.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
    if numbers:
        Reminder.objects.filter(email__in=numbers).delete()
        OutboxEmail.objects.filter(pk__in=numbers).delete()
    return len(numbers)
