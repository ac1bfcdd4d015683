"""What mail providers tell: bounces and complaints, over the webhooks of django-anymail.

Anymail hands each event on by a signal of its own. That is the one signal that is listened to in
this house: it is the interface of the library, sent and received within one request, and the
receiver calls one action. It is here, so that it is there whenever a webhook can be called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from timeline.actions.bounces import find_subscriber, note_bounce, note_complaint
from timeline.actions.subscribing import leave

PROVIDERS: Final[Mapping[str, Any]] = {
    "brevo": BrevoTrackingWebhookView,
    "mailersend": MailerSendTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
FAILED: Final = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
PASSING: Final = ("soft", "transient", "dnserror")
# https://support.sparkpost.com/docs/deliverability/bounce-classification-codes: the hard ones.
PERMANENT_AT_SPARKPOST: Final = frozenset({"10", "30"})
PERMANENT_AT_RESEND: Final = "Permanent"
SIGNS_ITSELF: Final = "mailersend"
PERMANENT: Final = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})


# The provider shows the secret of MAIL_WEBHOOK_SECRET (anymail checks it), and has no cookie of us.
@csrf_exempt
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what the provider reports; not there without a secret that keeps strangers out."""
    if provider not in PROVIDERS or not _is_guarded(provider):
        raise Http404
    response: HttpResponse = PROVIDERS[provider].as_view()(request)
    return response


def _is_guarded(provider: str) -> bool:
    """Without user:password anymail would let everybody in; MailerSend signs instead."""
    secret: str = settings.MAIL_WEBHOOK_SECRET
    return ":" in secret or (bool(secret) and provider == SIGNS_ITSELF)


@receiver(tracking, dispatch_uid="timeline.views.mail_events")
def take_event(event: AnymailTrackingEvent, esp_name: str = "", **_: Any) -> None:
    """Switch off the address that a bounce or a complaint is about; what is unknown is nothing."""
    subscriber = find_subscriber(event.recipient or "")
    if subscriber is None:
        return
    text = " ".join(filter(None, (event.reject_reason, event.mta_response, event.description)))
    now = timezone.now()
    # Not by the reason "spam": that is said of mail which a host, and no reader, has turned away.
    if event.event_type == EventType.COMPLAINED:
        note_complaint(subscriber=subscriber, text=text or "complaint", now=now)
    elif event.event_type == EventType.UNSUBSCRIBED:
        leave(subscriber=subscriber, now=now)
    elif event.event_type in FAILED:
        is_permanent = _is_permanent(event, esp_name)
        note_bounce(subscriber=subscriber, is_permanent=is_permanent, text=text, now=now)


def _is_permanent(event: AnymailTrackingEvent, esp_name: str) -> bool:
    """By the provider's own word: anymail has one for a full mailbox and for one that is gone."""
    told = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    if esp_name == "SparkPost":
        return _within(told, "msys", None, "bounce_class") in PERMANENT_AT_SPARKPOST
    if esp_name == "Resend":
        return _within(told, "data", "bounce", "type") == PERMANENT_AT_RESEND
    word = str(told.get("Type") or told.get("event") or told.get("type") or "").lower()
    return event.reject_reason in PERMANENT and not any(one in word for one in PASSING)


def _within(told: Any, *names: str | None) -> str:
    """What stands under `names`, one within the other; None is whichever is first."""
    for name in names:
        if not isinstance(told, Mapping) or not told:
            return ""
        told = told.get(next(iter(told)) if name is None else name)
    return str(told)
