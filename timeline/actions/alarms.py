"""What the desk does about mails: it looks at alarms, has mails tried again, and cancels them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from commitments.models import User
from timeline.actions.outbox import settled
from timeline.enums import WAITING_STATES, MailPurpose, MailState
from timeline.models import OutboxEmail

TRIED_FOR: Final = timedelta(hours=72)
_FAILED: Final = Q(state__in=(MailState.FAILED, MailState.EXPIRED), maybe_delivered=0)


def acknowledge_emails(*, ids: Collection[int], actor: User, now: datetime) -> int:
    """Note that somebody has looked at alarming mails; return how many were still unseen."""
    unseen = OutboxEmail.objects.alarming().filter(pk__in=ids)
    return unseen.update(acknowledged_at=now, acknowledged_by=actor)


def retry_emails(*, ids: Collection[int], now: datetime) -> int:
    """Have mails tried with the next tick, for three more days; return how many will be.

    Waiting ones need not wait any longer. Failed and expired ones are composed anew, unless a later
    mail has told the same already. What may have arrived (`unresolved`) is not repeated: its bytes
    are gone, and the next mail to that reader tells its items again. A request to confirm cannot be
    repeated either, as its secret was not kept: its owner asks for a new one.
    """
    chosen = OutboxEmail.objects.filter(pk__in=ids)
    count = chosen.waiting().update(next_try_at=now, expires_at=now + TRIED_FOR)
    given_up = chosen.filter(_FAILED).exclude(purpose=MailPurpose.CONFIRM)
    return count + given_up.exclude(repeated_in__state=MailState.SENT).update(
        state=MailState.QUEUED,
        settled_at=None,
        next_try_at=now,
        expires_at=now + TRIED_FOR,
        own_failures=0,
        acknowledged_at=None,
        acknowledged_by=None,
    )


def cancel_emails(*, ids: Collection[int], actor: User, now: datetime) -> int:
    """Stop waiting mails; return how many. What a worker has in hand goes its way."""
    waiting = OutboxEmail.objects.filter(pk__in=ids, state__in=WAITING_STATES)
    values: dict[str, Any] = settled(MailState.CANCELLED, now)
    return waiting.update(**values, last_code=None, last_text=f"cancelled at the desk: {actor}")
