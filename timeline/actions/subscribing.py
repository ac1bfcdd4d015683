"""Subscribe by double opt-in (ask, then confirm by a link), change settings, mute, and leave."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from commitments.models import User
from timeline.enums import MailPurpose, Purpose, ReminderKind, SubscriberState
from timeline.exceptions import LinkExpired, LinkUnknown, TooManyRequests
from timeline.mail.identity import new_message_id
from timeline.mail.writing import write_confirmation
from timeline.models import Mute, OutboxEmail, Subscriber, Subscription, SubscriptionRequest
from timeline.moments import Habits
from timeline.validators import normalised_address

VALID_FOR: Final = timedelta(hours=48)
MAILS_PER_ADDRESS: Final = 3
"""In a day: nobody can be flooded by others who type their address."""
REQUESTS_PER_CLIENT: Final = 20
"""In an hour."""
CONFIRMATION_PRIORITY: Final = 1

Moments = Sequence[Sequence[str | int]]
"""Pairs [kind, days] as a subscription stores them."""


def moments_before_last_day(lead_days: Sequence[int]) -> list[list[str | int]]:
    """So many days before the last possible day, as a subscription stores them."""
    return [[ReminderKind.LAST_DAY.value, -days] for days in sorted(set(lead_days), reverse=True)]


@transaction.atomic
def request_subscription(
    *,
    address: str,
    query: str,
    lead_days: Sequence[int] = (),
    also: Moments = (),
    language: str,
    time_zone: str,
    client: str,
    now: datetime,
) -> OutboxEmail | None:
    """Ask the owner of `address` to confirm; return the mail, or None when enough were sent.

    What is done does not depend on whether the address is known, so the answer tells nothing about
    it. `client` is the asking host, to count by. Raises ValidationError, TooManyRequests. Side
    effects, in order: the request with the hash of its secret, and the mail in the outbox: its text
    is the one place where the secret stands, until it is sent.
    """
    client_hash = salted_hmac("timeline.requests.client", client, algorithm="sha256").hexdigest()
    asked = SubscriptionRequest.objects.filter(client_hash=client_hash)
    if asked.filter(created_at__gt=now - timedelta(hours=1)).count() >= REQUESTS_PER_CLIENT:
        raise TooManyRequests(_("Too many requests came from you. Try again in an hour."))
    token = secrets.token_urlsafe(32)
    request = SubscriptionRequest(
        address=normalised_address(address),
        query=query,
        moments=[*also, *moments_before_last_day(lead_days)],
        language=language,
        time_zone=time_zone,
        token_hash=_hash_of(token),
        client_hash=client_hash,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    request.full_clean()
    sent = SubscriptionRequest.objects.filter(address=request.address)
    is_enough = sent.filter(created_at__gt=now - timedelta(days=1)).count() >= MAILS_PER_ADDRESS
    request.save()
    return None if is_enough else _queue_confirmation(request, token, now)


def _queue_confirmation(request: SubscriptionRequest, token: str, now: datetime) -> OutboxEmail:
    email = OutboxEmail(
        request=request,
        purpose=MailPurpose.CONFIRM,
        to_address=request.address,
        language=request.language,
        message_id=new_message_id(),
        priority=CONFIRMATION_PRIORITY,
        next_try_at=now,
        created_at=now,
        expires_at=request.expires_at,
    )
    written = write_confirmation(email, request, token=token, now=now)
    email.subject, email.rendered = written.subject, written.content
    email.save()
    return email


def find_request(*, token: str, now: datetime) -> SubscriptionRequest:
    """The request that a link asks to confirm. Raises LinkUnknown; LinkExpired if used or old."""
    request = SubscriptionRequest.objects.filter(token_hash=_hash_of(token)).first()
    if request is None:
        raise LinkUnknown(_("This link is not one of ours. Copy the whole of it from the mail."))
    if request.used_at is not None:
        raise _used(request)
    if request.expires_at <= now:
        raise LinkExpired(_("This link is more than 48 hours old."), query=request.query)
    return request


def _used(request: SubscriptionRequest) -> LinkExpired:
    sentence = _("This link was used before. If that was you, you are subscribed.")
    return LinkExpired(sentence, query=request.query)


@transaction.atomic
def confirm_subscription(*, token: str, now: datetime) -> Subscription:
    """Subscribe the address that the link was sent to; each link works once.

    Raises LinkUnknown, LinkExpired. Side effects, in order: the request is used up; the subscriber
    is made, or comes back after leaving; the subscription is made, or takes the new days. The next
    tick plans its reminders.
    """
    request = find_request(token=token, now=now)
    unused = SubscriptionRequest.objects.filter(pk=request.pk, used_at__isnull=True)
    if not unused.update(used_at=now):
        raise _used(request)
    subscriber = _subscriber_for(request, now)
    return begin_subscription(
        subscriber=subscriber,
        query=request.query,
        moments=request.moments,
        purpose=Purpose.READER,
        now=now,
    )


def begin_subscription(
    *, subscriber: Subscriber, query: str, moments: Moments, purpose: Purpose, now: datetime
) -> Subscription:
    """Make the subscription, or begin it anew with these moments; within a transaction.

    The next tick plans its reminders.
    """
    subscription, is_new = Subscription.objects.get_or_create(
        subscriber=subscriber,
        query=query,
        purpose=purpose,
        defaults={"moments": list(moments), "created_at": now, "confirmed_at": now},
    )
    if not is_new:
        subscription.moments = list(moments)
        subscription.needs_planning = True
        subscription.confirmed_at = now
        subscription.ended_at = None
        subscription.save()
    return subscription


def _subscriber_for(request: SubscriptionRequest, now: datetime) -> Subscriber:
    wishes = {
        "language": request.language,
        "time_zone": request.time_zone,
        "state": SubscriberState.ACTIVE,
        "suppression": "",
        "suppression_text": "",
        "soft_bounces": 0,
        "held_until": None,
    }
    return _subscriber_with(request.address, wishes, now)


def _subscriber_with(address: str, wishes: Mapping[str, Any], now: datetime) -> Subscriber:
    subscriber, is_new = Subscriber.objects.get_or_create(
        address=address,
        defaults={**wishes, "created_at": now, "confirmed_at": now, "state_changed_at": now},
    )
    if not is_new:
        if subscriber.state != SubscriberState.ACTIVE:
            subscriber.state_changed_at = subscriber.confirmed_at = now
        for name, value in wishes.items():
            setattr(subscriber, name, value)
        subscriber.save()
        subscriber.subscriptions.update(needs_planning=True)
    return subscriber


@transaction.atomic
def change_settings(
    *,
    subscriber: Subscriber,
    language: str,
    habits: Habits,
    moments: Mapping[int, Moments],
) -> Subscriber:
    """Take new settings; `moments` has those of each subscription by its key.

    Raises ValidationError. Side effects, in order: the subscriber, who is held no longer, the
    subscriptions. The next tick plans their reminders anew; what has been told already is not told
    again.
    """
    subscriber.language = language
    subscriber.held_until = None
    names = [field.name for field in fields(habits)]
    for name in names:
        setattr(subscriber, name, getattr(habits, name))
    subscriber.full_clean()
    # No more than these: a failure that is reported in the same moment must not be undone.
    subscriber.save(update_fields=["language", "held_until", *names])
    for subscription in subscriber.subscriptions.live():
        subscription.moments = list(moments.get(subscription.pk, subscription.moments))
        subscription.needs_planning = True
        subscription.full_clean(validate_unique=False, validate_constraints=False)
        subscription.save(update_fields=["moments", "needs_planning"])
    return subscriber


@transaction.atomic
def subscribe_account(
    *,
    user: User,
    query: str,
    moments: Moments,
    language: str,
    time_zone: str,
    now: datetime,
) -> Subscription:
    """Subscribe somebody of the desk at the address of their account, without a mail to confirm.

    Only an administrator can change that address. Raises ValidationError for an account without
    one, and where mail to it has come back or was marked as spam: only its owner can begin anew,
    by a mail. Side effects, in order: the subscriber is made or comes back, the subscription is
    made or takes the new moments. The next tick plans its reminders.
    """
    address = normalised_address(user.email)
    known = Subscriber.objects.filter(address=address).first()
    if known is not None and known.state == SubscriberState.SUPPRESSED:
        raise ValidationError(
            _("Mail to this address was switched off: %(why)s. Subscribe by a mail, signed out."),
            code="switched_off",
            params={"why": known.get_suppression_display()},
        )
    wishes = {"language": language, "time_zone": time_zone, "state": SubscriberState.ACTIVE}
    subscriber = _subscriber_with(address, wishes, now)
    if subscriber.user_id is None and not Subscriber.objects.filter(user=user).exists():
        subscriber.user = user
    subscriber.full_clean()
    subscriber.save()
    return begin_subscription(
        subscriber=subscriber, query=query, moments=moments, purpose=Purpose.READER, now=now
    )


@transaction.atomic
def mute_commitment(*, subscriber: Subscriber, commitment_id: int, now: datetime) -> Mute:
    """Tell this subscriber nothing more of one commitment; harmless when repeated."""
    mute, _is_new = Mute.objects.get_or_create(
        subscriber=subscriber, commitment_id=commitment_id, defaults={"created_at": now}
    )
    subscriber.subscriptions.update(needs_planning=True)
    return mute


@transaction.atomic
def unmute_commitment(*, subscriber: Subscriber, commitment_id: int) -> bool:
    """Tell of it again; whether it was muted. What was to be told meanwhile stays untold."""
    count, _by_model = Mute.objects.filter(
        subscriber=subscriber, commitment_id=commitment_id
    ).delete()
    subscriber.subscriptions.update(needs_planning=True)
    return bool(count)


@transaction.atomic
def end_subscription(*, subscription: Subscription, now: datetime) -> Subscription:
    """Stop one subscription; the subscriber's others go on."""
    subscription.ended_at = now
    subscription.needs_planning = True
    subscription.save(update_fields=["ended_at", "needs_planning"])
    return subscription


@transaction.atomic
def leave(*, subscriber: Subscriber, now: datetime) -> Subscriber:
    """Stop all mail to this address, at once; harmless when repeated.

    A mail that is being handed over in this moment may still arrive; all that wait are cancelled
    when a worker looks at them. Side effects, in order: the state, older links to the settings
    become void, and all subscriptions end.
    """
    active = Subscriber.objects.active().filter(pk=subscriber.pk)
    if active.update(
        state=SubscriberState.LEFT, state_changed_at=now, link_version=F("link_version") + 1
    ):
        live = Subscription.objects.filter(subscriber=subscriber, ended_at__isnull=True)
        live.update(ended_at=now, needs_planning=True)
    subscriber.refresh_from_db()
    return subscriber


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
