"""Claimed mails, looked at once more: what is still to be said, and to whom."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import prefetch_related_objects

from timeline.actions.claims import MOST_OWN_FAILURES
from timeline.actions.outbox import cancel_claimed, record_own_failure
from timeline.enums import DropReason, MailPurpose, ReminderState, SubscriberState
from timeline.mail.digests import Digest, Judgement, judge_emails
from timeline.mail.owner_mail import write_owner
from timeline.mail.writing import WrittenMail, write_reminders
from timeline.models import OutboxEmail, Reminder

logger = logging.getLogger(__name__)

READER_LEFT: Final = "the reader gets no more mail"
REQUEST_OVER: Final = "the request was confirmed or is too old"
NOTHING_LEFT: Final = "nothing was left to say"
COMPOSED: Final = frozenset({MailPurpose.REMINDERS, MailPurpose.OWNER})


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is to be sent now; without a digest its stored bytes are sent as they are."""

    email: OutboxEmail
    digest: Digest | None

    def written(self, *, now: datetime) -> WrittenMail:
        """The mail itself. Raises whatever a template or a broken record raises."""
        email = self.email
        if self.digest is None:
            if email.rendered is None:
                raise ValueError("The stored text is missing: this mail cannot be repeated.")
            return WrittenMail(email.subject, bytes(email.rendered))
        if email.subscriber is None:
            raise ValueError("A mail of reminders has to have a subscriber.")
        write = write_owner if email.purpose == MailPurpose.OWNER else write_reminders
        return write(email, self.digest, reader=email.subscriber, now=now)


def look_again(emails: Sequence[OutboxEmail], *, now: datetime) -> list[Letter]:
    """What of the claimed mails is still to be sent, in their order; the rest is cancelled.

    Mails that may have arrived once are sent as they were, byte for byte, so that a mail program
    can see that both are one (RFC 5322, 3.6.4). All others are composed anew. The number of
    queries does not depend on the number of mails, unless some are cancelled or repeat others.
    """
    prefetch_related_objects(list(emails), "subscriber", "request")
    wanted = [email for email in emails if not _cancelled(email, now)]
    fresh = [email for email in wanted if _is_composed_anew(email)]
    judged = _judged(fresh, now)
    _write_down(fresh, judged)
    letters = []
    for email in wanted:
        if not _is_composed_anew(email):
            letters.append(Letter(email, None))
        elif email.pk in judged and judged[email.pk].digest.lines:
            letters.append(Letter(email, judged[email.pk].digest))
        elif email.pk in judged:
            cancel_claimed(email=email, text=NOTHING_LEFT, now=now)
    return letters


def _is_composed_anew(email: OutboxEmail) -> bool:
    return email.purpose in COMPOSED and not email.maybe_delivered


def _cancelled(email: OutboxEmail, now: datetime) -> bool:
    reader, request = email.subscriber, email.request
    if reader is not None and reader.state != SubscriberState.ACTIVE:
        return cancel_claimed(email=email, text=READER_LEFT, now=now) or True
    if request is not None and (request.used_at is not None or request.expires_at <= now):
        return cancel_claimed(email=email, text=REQUEST_OVER, now=now) or True
    return False


def _judged(emails: Sequence[OutboxEmail], now: datetime) -> dict[int, Judgement]:
    """Compose all at once; where that fails, each for itself: one must not stop the others."""
    if not emails:
        return {}
    try:
        return judge_emails(emails, now=now)
    except Exception as error:
        if len(emails) > 1:
            return {
                number: judgement
                for email in emails
                for number, judgement in _judged([email], now).items()
            }
        logger.exception("Mail %s cannot be composed", emails[0].pk)
        text = f"{type(error).__name__}: {error}"
        record_own_failure(email=emails[0], text=text, most_failures=MOST_OWN_FAILURES, now=now)
        return {}


def _write_down(emails: Sequence[OutboxEmail], judged: dict[int, Judgement]) -> None:
    """Drop what is no longer true, as long as the lease is ours; note which mail repeats which."""
    by_reason: dict[DropReason, list[int]] = defaultdict(list)
    for email in emails:
        judgement = judged.get(email.pk)
        if judgement is None:
            continue
        for number, reason in judgement.dropped.items():
            by_reason[reason].append(number)
        if judgement.repeats and judgement.digest.lines:
            repeated = OutboxEmail.objects.filter(pk__in=judgement.repeats)
            repeated.update(repeated_in=email)
    for reason, numbers in by_reason.items():
        rows = Reminder.objects.filter(pk__in=numbers, email__lease_token=emails[0].lease_token)
        rows.update(state=ReminderState.DROPPED, drop_reason=reason, email=None)
