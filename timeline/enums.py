"""The closed vocabularies of subscriptions, reminders and mail. Values are stored: they stay."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubscriberState(TextChoices):
    """Whether mail may go to an address. There is a row only for confirmed ones."""

    ACTIVE = "active", _("active")
    LEFT = "left", _("left")
    SUPPRESSED = "suppressed", _("switched off")


class Suppression(TextChoices):
    """Why an address was switched off."""

    BOUNCED = "bounced", _("mail came back")
    COMPLAINED = "complained", _("marked as spam")
    BY_DESK = "by_desk", _("switched off by the desk")


class Rhythm(TextChoices):
    """How often mail may come."""

    IMMEDIATE = "immediate", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Purpose(TextChoices):
    """For whom a subscription is: somebody who reads, or the office that has promised."""

    READER = "reader", _("reader")
    OWNER = "owner", _("responsible party")


class OwnerAnswer(TextChoices):
    """What the responsible party says of what it has promised."""

    ON_COURSE = "on_course", _("on course")
    SLIPPED = "slipped", _("it will take longer")
    DONE = "done", _("done")


class OwnerReportState(TextChoices):
    """What the desk has done about such an answer."""

    WAITING = "waiting", _("waiting")
    TAKEN_UP = "taken_up", _("taken up")
    SET_ASIDE = "set_aside", _("set aside")


class ReminderKind(TextChoices):
    """What a reminder counts from: a day of the window, or a change of the record.

    With an offset in days, negative before and positive after: ("last_day", -7) is a week
    before the last possible day, ("last_day", 1) tells that it has passed.
    """

    OPENS = "opens", _("first possible day")
    HALF_WAY = "half_way", _("middle of the window")
    LAST_DAY = "last_day", _("last possible day")
    STATUS_CHANGED = "status_changed", _("status changed")
    DATE_MOVED = "date_moved", _("date moved")
    WEEKLY = "weekly", _("what changed in a week")


DAY_KINDS: Final = frozenset({ReminderKind.OPENS, ReminderKind.HALF_WAY, ReminderKind.LAST_DAY})
NEWS_KINDS: Final = frozenset(ReminderKind) - DAY_KINDS
"""What a change of the record makes; days have nothing to do with it."""


class ReminderState(TextChoices):
    """What became of a planned reminder; whether it was read is told by its mail."""

    PLANNED = "planned", _("planned")
    IN_MAIL = "in_mail", _("in a mail")
    DROPPED = "dropped", _("dropped")


class DropReason(TextChoices):
    """Why a planned reminder was not sent."""

    NOT_WANTED = "not_wanted", _("no longer asked for, or the date or status has changed")
    DATE_MOVED = "date_moved", _("the date has moved")
    NOT_PUBLIC = "not_public", _("no longer published")
    MUTED = "muted", _("muted by the reader")
    SUBSCRIPTION_ENDED = "subscription_ended", _("the subscription has ended")


class MailPurpose(TextChoices):
    """What a mail is."""

    CONFIRM = "confirm", _("request to confirm")
    REMINDERS = "reminders", _("reminders")
    OWNER = "owner", _("question to the responsible party")
    WEEKLY = "weekly", _("what changed in a week")


class MailState(TextChoices):
    """Where a mail of the outbox stands.

    `unknown`: the connection broke after the whole message was handed over; one more copy may be
    sent. `unresolved`: that copy was used up, or must not be sent; a person has to look.
    """

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNKNOWN = "unknown", _("may have arrived, will be repeated once")
    UNRESOLVED = "unresolved", _("may have arrived, not repeated")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("given up after too long")


WAITING_STATES: Final = frozenset({MailState.QUEUED, MailState.UNKNOWN})
SETTLED_STATES: Final = frozenset(MailState) - WAITING_STATES - {MailState.SENDING}
ALARMING_STATES: Final = frozenset({MailState.UNRESOLVED, MailState.FAILED, MailState.EXPIRED})
"""Somebody may not have been told: these wait for a person until they are acknowledged."""
UNREACHED_STATES: Final = frozenset({MailState.UNRESOLVED, MailState.EXPIRED})
"""What the next mail to the same reader repeats."""


class WebhookState(TextChoices):
    """Where the delivery of a change to a webhook stands."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    DELIVERED = "delivered", pgettext_lazy("a change, to a webhook", "delivered")
    GIVEN_UP = "given_up", _("given up after too long")
    CANCELLED = "cancelled", _("cancelled")


SETTLED_WEBHOOK_STATES: Final = frozenset(
    {WebhookState.DELIVERED, WebhookState.GIVEN_UP, WebhookState.CANCELLED}
)


class SwitchedOff(TextChoices):
    """Why a webhook is told of nothing any more."""

    FAILING = "failing", _("it has failed for too long")
    GONE = "gone", _("its host says that it is gone for good")
    SELECTION = "selection", _("its selection is no longer understood")
    BY_DESK = "by_desk", _("switched off by the desk")
