"""The tables of subscriptions, reminders and mail, a file each; written by `timeline/actions/`."""

from timeline.models.outbox_email import OutboxEmail
from timeline.models.reminder import Reminder
from timeline.models.subscriber import Subscriber, SubscriptionRequest
from timeline.models.subscription import Mute, Subscription
from timeline.models.ticker import SendingPace, TickState

__all__ = [
    "Mute",
    "OutboxEmail",
    "Reminder",
    "SendingPace",
    "Subscriber",
    "Subscription",
    "SubscriptionRequest",
    "TickState",
]
