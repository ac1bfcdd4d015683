"""Put the due reminders of one subscriber into one mail of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, Subquery

from timeline.actions.tick_state import lock_tick_state
from timeline.enums import MailPurpose, ReminderState
from timeline.mail.identity import new_message_id
from timeline.models import OutboxEmail, Reminder, Subscriber

REMINDERS_AT_ONCE: Final = 2000
GIVEN_UP_AFTER: Final = timedelta(hours=72)
"""RFC 5321, 4.5.4.1 says four to five days; news of a day is old after three."""


def group_due_reminders(*, now: datetime) -> int:
    """Make one mail for every subscriber with due reminders; return how many were made.

    Only after everything was planned, so that nobody gets two mails for one day; does nothing
    while another ticker holds the tick state. Side effects, in order: the mails, and the reminders'
    state and mail.
    """
    made = 0
    while chunk := _group_chunk(now):
        made += chunk
    return made


@transaction.atomic
def _group_chunk(now: datetime) -> int:
    if lock_tick_state() is None:
        return 0
    due = Reminder.objects.due(now)
    # The longest due first, as the index has them: DISTINCT would read all that are due each time.
    longest_due = due.order_by("send_at").values_list("subscription__subscriber", flat=True)
    chosen = set(longest_due[:REMINDERS_AT_ONCE])
    readers = Subscriber.objects.filter(pk__in=chosen).order_by("pk")
    emails = OutboxEmail.objects.bulk_create([_mail_to(reader, now) for reader in readers])
    own_email = OutboxEmail.objects.filter(
        pk__in=[email.pk for email in emails],
        subscriber__subscriptions=OuterRef("subscription"),
    )
    due.filter(subscription__subscriber__in=chosen).update(
        state=ReminderState.IN_MAIL, email=Subquery(own_email.values("pk"))
    )
    return len(emails)


def _mail_to(reader: Subscriber, now: datetime) -> OutboxEmail:
    return OutboxEmail(
        subscriber=reader,
        purpose=MailPurpose.REMINDERS,
        to_address=reader.address,
        language=reader.language,
        message_id=new_message_id(),
        next_try_at=now,
        created_at=now,
        expires_at=now + GIVEN_UP_AFTER,
    )
