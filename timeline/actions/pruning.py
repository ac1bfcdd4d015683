"""Let go of what nobody needs any more: settled mails with their reminders, and old requests.

Mails that wait for a person (`alarming`) are kept however old they are. An old reminder that
is gone is not planned again: planning adds nothing that was due before the last good tick.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from timeline.enums import ALARMING_STATES, SETTLED_STATES, ReminderState
from timeline.models import OutboxEmail, Reminder, SubscriptionRequest

ROWS_AT_ONCE: Final = 500
REQUESTS_KEPT: Final = timedelta(days=30)
"""Counted from the end of the link; the limits of asking look back a day."""


def prune(*, now: datetime) -> int:
    """Delete what is older than KEEP_MAILS_DAYS (0: nothing); return how many mails.

    Side effects, in order, chunk by chunk in transactions of their own: the reminders of the mails
    and the mails, dropped reminders, requests without a mail.
    """
    if not settings.KEEP_MAILS_DAYS:
        return 0
    before = now - timedelta(days=settings.KEEP_MAILS_DAYS)
    pruned = 0
    while chunk := _prune_mails(before):
        pruned += chunk
    dropped = Reminder.objects.filter(state=ReminderState.DROPPED, expires_at__lt=before)
    while numbers := list(dropped.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Reminder.objects.filter(pk__in=numbers).delete()
    SubscriptionRequest.objects.filter(
        expires_at__lt=now - REQUESTS_KEPT, emails__isnull=True
    ).delete()
    return pruned


@transaction.atomic
def _prune_mails(before: datetime) -> int:
    seen = ~Q(state__in=ALARMING_STATES) | Q(acknowledged_at__isnull=False)
    old = OutboxEmail.objects.filter(seen, state__in=SETTLED_STATES, settled_at__lt=before)
    numbers = list(old.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
    if numbers:
        Reminder.objects.filter(email__in=numbers).delete()
        OutboxEmail.objects.filter(pk__in=numbers).delete()
    return len(numbers)
