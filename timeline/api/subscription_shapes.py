"""What is sent and shown of the caller's mails: when they come, how often, and when not."""

from __future__ import annotations

from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.languages import known_languages
from commitments.api.serializers.fields import Word
from commitments.api.serializers.inputs import Choice, Count, Day, Input, Line, Name
from commitments.exceptions import InvalidInput
from timeline.actions.subscribing import moments_before_last_day
from timeline.api.addresses import address
from timeline.enums import DAY_KINDS, ReminderKind, Rhythm, SubscriberState
from timeline.models import Subscriber, Subscription
from timeline.validators import FURTHEST_OFFSET, MOST_MOMENTS

MOST_LEAD_DAYS: Final = 10
MOST_MUTED: Final = 500
DAYS_OF_A_WEEK: Final = 7
_CLOCK: Final = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}


@extend_schema_field(_CLOCK)
class Clock(serializers.TimeField):
    """A time on the wall, as 09:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)

    def to_internal_value(self, value: Any) -> time:
        """The time; ValidationError where the text is none."""
        if not isinstance(value, str):
            self.fail("invalid", format="hh:mm")
        return super().to_internal_value(value)


class MomentInput(Input):
    """One of the times at which a mail is due."""

    kind = Choice(ReminderKind, help_text="What it counts from: a day of the window, or a change.")
    days = Count(
        min_value=-FURTHEST_OFFSET,
        max_value=FURTHEST_OFFSET,
        default=0,
        help_text="From that day: -7 is a week before it. 0 where a change is told.",
    )


class WhenInput(Input):
    """The times of one subscription."""

    lead_days = serializers.ListField(
        child=Count(min_value=0, max_value=FURTHEST_OFFSET),
        required=False,
        min_length=1,
        max_length=MOST_LEAD_DAYS,
        help_text="So many days before the last possible day: short for such `moments`.",
    )
    moments: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=MomentInput(), required=False, max_length=MOST_MOMENTS
    )


class SubscriptionInput(WhenInput):
    """What to be told of, and when: `lead_days`, `moments` or both."""

    filter = Line(
        max_length=2000,
        required=False,
        help_text="As in the lists: “kind=event&party=kz”. Empty: everything.",
    )
    time_zone = Line(max_length=64, required=False, help_text="Yours, as “Asia/Almaty”.")
    language = serializers.ChoiceField(
        choices=known_languages(),
        required=False,
        help_text="Of the mails; without it, that of the answer.",
    )


class SubscriptionCorrectionInput(WhenInput):
    """Other times for a subscription: all of them, by `lead_days`, `moments` or both."""


class SettingsInput(Input):
    """What to change of how often and when mails come; what is left out stays."""

    language = serializers.ChoiceField(choices=known_languages(), required=False)
    time_zone = Line(max_length=64, allow_blank=False, required=False)
    rhythm = Choice(Rhythm, required=False)
    wall_time = Clock(required=False, help_text="At what time mails come, there.")
    weekly_day = Count(
        min_value=1, max_value=DAYS_OF_A_WEEK, required=False, help_text="1 is Monday."
    )
    quiet_from = Clock(required=False, allow_null=True, help_text="No mail from this time…")
    quiet_until = Clock(required=False, allow_null=True, help_text="… until this one.")
    quiet_days = serializers.ListField(
        child=Count(min_value=1, max_value=DAYS_OF_A_WEEK),
        required=False,
        max_length=DAYS_OF_A_WEEK - 1,
        help_text="No mail on these days of the week; 1 is Monday.",
    )
    paused_until = Day(
        required=False, allow_null=True, help_text="No mail before this day begins, there."
    )
    muted = serializers.ListField(
        child=Name(),
        required=False,
        max_length=MOST_MUTED,
        help_text="The ids of all commitments of which nothing more is told.",
    )


class MomentSerializer(serializers.Serializer[Any]):
    """One of the times at which a mail is due."""

    kind = Word(ReminderKind)
    days = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """From the pair that a subscription stores."""
        kind, days = instance
        return {"kind": str(kind), "days": days}


class SubscriptionSerializer(serializers.Serializer[Subscription]):
    """A selection that the caller is told of."""

    id = serializers.IntegerField(source="pk")
    url = serializers.SerializerMethodField()
    filter = serializers.CharField(source="query", help_text="Empty: everything.")
    lead_days = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Those of `moments` that lie before the last possible day, or on it.",
    )
    moments = MomentSerializer(many=True)
    created_at = serializers.DateTimeField()

    def get_url(self, subscription: Subscription) -> str:
        return address("subscription", str(subscription.pk))


class SubscriptionsSerializer(serializers.Serializer[dict[str, Any]]):
    """All subscriptions of the caller."""

    results = SubscriptionSerializer(many=True)


class AskedSerializer(serializers.Serializer[dict[str, Any]]):
    """That a mail was sent with the link that begins the subscription."""

    address = serializers.EmailField(help_text="Where the link went.")
    filter = serializers.CharField()
    lead_days = serializers.ListField(child=serializers.IntegerField())
    moments = MomentSerializer(many=True)


class SettingsSerializer(serializers.Serializer[Subscriber]):
    """How often and when mails come to the caller's address, the same for all subscriptions."""

    address = serializers.EmailField()
    state = Word(SubscriberState, help_text="Mail comes only to an active one.")
    language = serializers.CharField()
    time_zone = serializers.CharField()
    rhythm = Word(Rhythm)
    wall_time = Clock()
    weekly_day = serializers.IntegerField(help_text="1 is Monday.")
    quiet_from = Clock(allow_null=True)
    quiet_until = Clock(allow_null=True)
    quiet_days = serializers.SerializerMethodField(help_text="1 is Monday.")
    paused_until = serializers.SerializerMethodField(help_text="No mail before this day.")
    muted = serializers.SerializerMethodField(help_text="Ids of commitments.")

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_quiet_days(self, row: Subscriber) -> list[int]:
        return [day for day in range(1, DAYS_OF_A_WEEK + 1) if row.quiet_days >> (day - 1) & 1]

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_paused_until(self, row: Subscriber) -> str | None:
        paused = row.paused_until
        return paused.astimezone(ZoneInfo(row.time_zone)).date().isoformat() if paused else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_muted(self, _row: Subscriber) -> list[str]:
        return list(self.context["muted"])


def moments_of(data: dict[str, Any]) -> list[list[str | int]]:
    """All times that a body of `WhenInput` asks for, each once; raises InvalidInput."""
    given = [[one["kind"], one["days"]] for one in data.get("moments", [])]
    for place, (kind, days) in enumerate(given):
        if days and kind not in DAY_KINDS:
            sentence = _("A change is told when it is recorded: leave days out here, or 0.")
            raise InvalidInput(sentence, field=f"moments/{place}/days", code="invalid_moment")
    found: list[list[str | int]] = []
    for one in [*moments_before_last_day(data.get("lead_days", [])), *given]:
        if one not in found:
            found.append(one)
    if not found:
        sentence = _("Name at least one time, in lead_days or in moments.")
        raise InvalidInput(sentence, field="lead_days", code="required")
    if len(found) > MOST_MOMENTS:
        sentence = _("Name at most %(most)d times.") % {"most": MOST_MOMENTS}
        raise InvalidInput(sentence, field="moments", code="max_length")
    return found


def lead_days_of(moments: list[list[str | int]]) -> list[int]:
    """The days before the last possible day among `moments`, the furthest first."""
    return Subscription(moments=moments).lead_days
