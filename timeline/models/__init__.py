"""The tables of subscriptions, reminders and mail, a file each; written by `timeline/actions/`."""

from timeline.models.outbox_email import OutboxEmail
from timeline.models.owner_report import OwnerReport
from timeline.models.personal_feed import FeedFetch, PersonalFeed
from timeline.models.reminder import Reminder
from timeline.models.sending_hold import SendingHold
from timeline.models.subscriber import Subscriber, SubscriptionRequest
from timeline.models.subscription import Mute, Subscription
from timeline.models.ticker import SendingPace, TickState
from timeline.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "FeedFetch",
    "Mute",
    "OutboxEmail",
    "OwnerReport",
    "PersonalFeed",
    "Reminder",
    "SendingHold",
    "SendingPace",
    "Subscriber",
    "Subscription",
    "SubscriptionRequest",
    "TickState",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
