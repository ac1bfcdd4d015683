"""Put all sending on hold, and lift it again: after a restore nobody is told a thing twice."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.actions.grouping import mail_to
from timeline.actions.outbox import settled
from timeline.actions.planning import plan_reminders
from timeline.actions.tick_state import lock_tick_state
from timeline.enums import MailPurpose, MailState, ReminderState, SubscriberState
from timeline.models import OutboxEmail, Reminder, SendingHold
from timeline.moments import first_slot

if TYPE_CHECKING:
    from commitments.models import User

logger = logging.getLogger(__name__)

NOT_ON_HOLD: Final = "NOT EXISTS (SELECT 1 FROM timeline_sendinghold WHERE lifted_at IS NULL)"
"""A condition in SQL: the claim of a mail asks it in its own statement."""

SENT_BEFORE: Final = "sent before the restore, as the desk says"
TRIED_FOR: Final = timedelta(hours=72)
ROWS_AT_ONCE: Final = 500


def is_on_hold() -> bool:
    """Whether nothing may be sent now."""
    return SendingHold.objects.open().exists()


@transaction.atomic
def hold_sending(*, reason: str, backup_at: datetime | None, now: datetime) -> SendingHold:
    """Let nothing leave from now on; one that stands already is returned as it is.

    Side effects, in order: the row, a line in the log.
    """
    lock_tick_state()
    standing = SendingHold.objects.open().first()
    if standing is not None:
        return standing
    hold = SendingHold.objects.create(since=now, reason=reason, backup_at=backup_at)
    logger.warning("Sending is on hold: %s", reason)
    return hold


def lift_hold(
    *, hold: SendingHold, sent_until: datetime | None, actor: User | None, now: datetime
) -> int:
    """Let mail leave again; return how many mails are taken as sent before.

    `sent_until` is the last moment at which the lost site was at work: what was due up to it, that
    instant included and as its reader's habits allow, was sent by it and is not sent again. None:
    after the backup nothing was sent, and all that waits is sent now, once. None as the actor is
    the command line. Raises InvalidInput for a moment before the backup or still to come, where
    the hold is lifted already, and where another ticker is planning at this moment. Side effects,
    in order: all that is outstanding is planned; what counts as sent is put into mails that are
    cancelled; the other mails get three more days; the hold is lifted; a line in the log.
    """
    _refuse_moment(hold, sent_until, now)
    if not plan_reminders(now=now):
        raise InvalidInput(_("A tick is planning at this moment: try again."), code="busy")
    with transaction.atomic():
        if lock_tick_state() is None:
            raise InvalidInput(_("A tick is planning at this moment: try again."), code="busy")
        lifted = SendingHold.objects.open().filter(pk=hold.pk)
        if not lifted.update(lifted_at=now, lifted_by=actor, sent_until=sent_until):
            raise InvalidInput(_("This hold was lifted already."), code="lifted")
        count = 0 if sent_until is None else _take_as_sent(sent_until, now)
        _give_more_time(now)
    logger.warning(
        "User %s lifted the hold on sending; sent before until %s, %d mails taken as sent",
        actor and actor.pk,
        sent_until,
        count,
    )
    return count


def _refuse_moment(hold: SendingHold, sent_until: datetime | None, now: datetime) -> None:
    if sent_until is None:
        return
    if sent_until > now:
        raise InvalidInput(_("This moment is still to come."), field="sent_until", code="future")
    if hold.backup_at is not None and sent_until < hold.backup_at:
        sentence = _("This is before the backup; leave it empty if nothing was sent after it.")
        raise InvalidInput(sentence, field="sent_until", code="before_backup")


def _take_as_sent(sent_until: datetime, now: datetime) -> int:
    """Settle what was due up to `sent_until`: mails that were made, then reminders without one."""
    values: dict[str, Any] = settled(MailState.CANCELLED, now) | {"last_text": SENT_BEFORE}
    count = OutboxEmail.objects.open().filter(next_try_at__lte=sent_until).update(**values)
    due = Reminder.objects.planned().filter(send_at__lte=sent_until).order_by("pk")
    active = due.filter(subscription__subscriber__state=SubscriberState.ACTIVE)
    rows, last = active.select_related("subscription__subscriber"), 0
    while chunk := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        last = chunk[-1].pk
        count += _put_into_settled_mails([row for row in chunk if _left(row, sent_until)], now)
    return count


def _left(row: Reminder, sent_until: datetime) -> bool:
    """Whether a reminder was in a mail by then, as its reader's rhythm, quiet and pause allow."""
    return first_slot(row.subscription.subscriber.habits, row.send_at) <= sent_until


def _put_into_settled_mails(rows: Iterable[Reminder], now: datetime) -> int:
    """One cancelled mail for each reader and purpose; returns how many.

    A row that was merely dropped would be revived by the next nightly round.
    """
    groups: dict[tuple[int, str], list[Reminder]] = {}
    for row in rows:
        of = (row.subscription.subscriber_id, row.subscription.purpose)
        groups.setdefault(of, []).append(row)
    for (_reader, purpose), mine in groups.items():
        email = mail_to(mine[0].subscription.subscriber, purpose, now)
        for name, value in settled(MailState.CANCELLED, now).items():
            setattr(email, name, value)
        email.last_text = SENT_BEFORE
        email.save()
        Reminder.objects.filter(pk__in=[row.pk for row in mine]).update(
            state=ReminderState.IN_MAIL, email=email
        )
    return len(groups)


def _give_more_time(now: datetime) -> None:
    """Mails could not be sent meanwhile; a link to confirm is as old as it is."""
    waiting = OutboxEmail.objects.waiting().exclude(purpose=MailPurpose.CONFIRM)
    waiting.filter(expires_at__lt=now + TRIED_FOR).update(expires_at=now + TRIED_FOR)
