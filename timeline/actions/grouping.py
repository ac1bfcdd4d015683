"""Put the due reminders of one subscriber into one mail of the outbox.

What somebody is asked for an office goes into a mail of its own, beside what they read for
themselves. Who wants no mail at this time of the day or the week is held until they do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery

from timeline.actions.tick_state import lock_tick_state
from timeline.enums import MailPurpose, Purpose, ReminderState
from timeline.mail.identity import new_message_id
from timeline.models import OutboxEmail, Reminder, Subscriber
from timeline.moments import end_of_quiet, first_slot

REMINDERS_AT_ONCE: Final = 2000
GIVEN_UP_AFTER: Final = timedelta(hours=72)
"""RFC 5321, 4.5.4.1 says four to five days; news of a day is old after three."""

MAIL_OF: Final = {
    Purpose.READER: MailPurpose.REMINDERS,
    Purpose.OWNER: MailPurpose.OWNER,
}


def group_due_reminders(*, now: datetime) -> int:
    """Make one mail for every subscriber with due reminders; return how many were made.

    Only after everything was planned, so that nobody gets two mails for one day; does nothing
    while another ticker holds the tick state. Side effects, in order: who is held until when, the
    mails, and the reminders' state and mail.
    """
    made = 0
    while (chunk := _group_chunk(now)) is not None:
        made += chunk
    return made


@transaction.atomic
def _group_chunk(now: datetime) -> int | None:
    """How many mails were made of the next due reminders; None where none are left to look at."""
    if lock_tick_state() is None:
        return None
    due = Reminder.objects.due(now)
    # The longest due first, as the index has them: DISTINCT would read all that are due each time.
    longest_due = due.order_by("send_at").values_list("subscription__subscriber", flat=True)
    chosen = set(longest_due[:REMINDERS_AT_ONCE])
    if not chosen:
        return None
    _hold(chosen, now)
    wanted = due.filter(subscription__subscriber__in=chosen)
    pairs = wanted.order_by().values_list("subscription__subscriber", "subscription__purpose")
    readers = Subscriber.objects.in_bulk({reader for reader, _ in pairs})
    emails = OutboxEmail.objects.bulk_create(
        [mail_to(readers[reader], purpose, now) for reader, purpose in sorted(set(pairs))]
    )
    for purpose, mail_purpose in MAIL_OF.items():
        own_email = OutboxEmail.objects.filter(
            pk__in=[email.pk for email in emails if email.purpose == mail_purpose],
            subscriber__subscriptions=OuterRef("subscription"),
        )
        wanted.filter(subscription__purpose=purpose).update(
            state=ReminderState.IN_MAIL, email=Subquery(own_email.values("pk"))
        )
    return len(emails)


def _hold(chosen: set[int], now: datetime) -> None:
    """Note how long to wait with those of `chosen` who want no mail now; so none is due any more.

    By what has waited longest, so that after an outage nobody waits for another week.
    """
    due = Reminder.objects.due(now).filter(subscription__subscriber__in=chosen).order_by()
    waiting = due.values_list("subscription__subscriber").annotate(Min("send_at"))
    since = dict(waiting)
    held = []
    for reader in Subscriber.objects.filter(pk__in=since):
        slot = first_slot(reader.habits, since[reader.pk])
        until = slot if slot > now else end_of_quiet(reader.habits, now)
        if until > now:
            reader.held_until = until
            held.append(reader)
    Subscriber.objects.bulk_update(held, ["held_until"], batch_size=500)


def mail_to(reader: Subscriber, purpose: str, now: datetime) -> OutboxEmail:
    """A mail for a reader's reminders, not saved yet."""
    return OutboxEmail(
        subscriber=reader,
        purpose=MAIL_OF[Purpose(purpose)],
        to_address=reader.address,
        language=reader.language,
        message_id=new_message_id(),
        next_try_at=now,
        created_at=now,
        expires_at=now + GIVEN_UP_AFTER,
    )
