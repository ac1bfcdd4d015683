"""Mail that came back, and complaints: an address to which none should go is switched off."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from timeline.enums import SubscriberState, Suppression
from timeline.mail.links import find_unsubscribing
from timeline.mail.mime import one_line
from timeline.mail.return_path import message_id_of_return_path
from timeline.mail.returned import Returned, Verdict, read_returned
from timeline.models import OutboxEmail, Subscriber, Subscription
from timeline.validators import normalised_address

logger = logging.getLogger(__name__)

MOST_SOFT_BOUNCES: Final = 5
"""In a row, each less than a month after the last: then nobody is there."""
SOFT_BOUNCES_COUNT_FOR: Final = timedelta(days=30)
TEXT_LENGTH: Final = 500


@transaction.atomic
def take_returned_mail(*, content: bytes, recipient: str, now: datetime) -> Verdict:
    """Take in a mail that came to our return path, and do what it says; IGNORED for all others.

    Only a mail that bears our signature counts: in the address that it came to (`recipient`, or
    one that its headers name), or for a complaint in the mail that it brings back. So nobody can
    switch somebody else off. Never raises for what a stranger may write. Side effects: those of
    `note_bounce`, `note_complaint`.
    """
    returned = read_returned(content)
    if returned.verdict is Verdict.IGNORED:
        return Verdict.IGNORED
    subscriber = _meant(returned, recipient)
    if subscriber is None:
        logger.warning("A returned mail bears no signature of ours and is ignored")
        return Verdict.IGNORED
    if returned.verdict is Verdict.COMPLAINT:
        note_complaint(subscriber=subscriber, text=returned.text, now=now)
    else:
        is_permanent = returned.verdict is Verdict.PERMANENT
        note_bounce(subscriber=subscriber, is_permanent=is_permanent, text=returned.text, now=now)
    return returned.verdict


def find_subscriber(address: str) -> Subscriber | None:
    """Whose address this is, as a provider writes it; None for one that we do not know."""
    try:
        return Subscriber.objects.filter(address=normalised_address(address)).first()
    except ValidationError:
        return None


@transaction.atomic
def note_bounce(*, subscriber: Subscriber, is_permanent: bool, text: str, now: datetime) -> bool:
    """Count a failure; return whether the address was switched off by it.

    At once where it is permanent, at the fifth in a row else. Side effects: the counts, and the
    state with its reason; the next tick drops what was planned.
    """
    rows = Subscriber.objects.active().filter(pk=subscriber.pk)
    old = Subscriber.objects.filter(
        pk=subscriber.pk, last_bounce_at__lt=now - SOFT_BOUNCES_COUNT_FOR
    )
    old.update(soft_bounces=0)
    rows.update(soft_bounces=F("soft_bounces") + 1, last_bounce_at=now)
    subscriber.refresh_from_db()
    if not is_permanent and subscriber.soft_bounces < MOST_SOFT_BOUNCES:
        return False
    return _switch_off(subscriber, Suppression.BOUNCED, text, now)


@transaction.atomic
def note_complaint(*, subscriber: Subscriber, text: str, now: datetime) -> bool:
    """Somebody has marked a mail of ours as spam: that is a no to all of them.

    Returns whether the address was on until now. Side effects: the state with its reason, older
    links to the settings become void, and all subscriptions end.
    """
    if not _switch_off(subscriber, Suppression.COMPLAINED, text, now):
        return False
    Subscriber.objects.filter(pk=subscriber.pk).update(link_version=F("link_version") + 1)
    live = Subscription.objects.filter(subscriber=subscriber, ended_at__isnull=True)
    live.update(ended_at=now, needs_planning=True)
    return True


def _switch_off(subscriber: Subscriber, because: Suppression, text: str, now: datetime) -> bool:
    changed = (
        Subscriber.objects.active()
        .filter(pk=subscriber.pk)
        .update(
            state=SubscriberState.SUPPRESSED,
            suppression=because,
            suppression_text=one_line(text, most=TEXT_LENGTH),
            state_changed_at=now,
        )
    )
    if changed:
        subscriber.subscriptions.update(needs_planning=True)
        logger.warning("Subscriber %s is switched off: %s", subscriber.pk, because)
    return bool(changed)


def _meant(returned: Returned, recipient: str) -> Subscriber | None:
    for address in (recipient, *returned.addresses):
        message_id = message_id_of_return_path(address)
        email = OutboxEmail.objects.filter(message_id=message_id).first() if message_id else None
        if email is not None:
            return email.subscriber
    if returned.verdict is Verdict.COMPLAINT:
        return find_unsubscribing(returned.unsubscribe_links)
    return None
