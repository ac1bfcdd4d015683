"""What readers type about reminders: the checks are those of the models, with forms around."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.enums import OwnerAnswer, ReminderKind, Rhythm
from timeline.models import Subscriber, Subscription
from timeline.moments import MIDNIGHT, Habits, instant_of
from timeline.validators import FURTHEST_OFFSET, MOST_MOMENTS, normalised_address

MOST_LEAD_DAYS: Final = 10
MOST_PAUSE_DAYS: Final = 366

Moments = list[list[str | int]]
WEEKDAYS: Final = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)
NEWS: Final = (
    (ReminderKind.STATUS_CHANGED.value, _("its status changes")),
    (ReminderKind.DATE_MOVED.value, _("its date moves")),
    (ReminderKind.WEEKLY.value, _("once a week: all that has changed in the list")),
)
# Beside the days before the last one: what a first subscription may ask for by a tick.
ALSO: Final = (
    (f"{ReminderKind.OPENS}:0", _("on its first possible day")),
    (f"{ReminderKind.HALF_WAY}:0", _("when half of the time is over")),
    (f"{ReminderKind.LAST_DAY}:1", _("on the day after the last possible day")),
    *((f"{kind}:0", words) for kind, words in NEWS[:2]),
    (f"{ReminderKind.WEEKLY}:0", NEWS[2][1]),
)
USUALLY_ALSO: Final = (f"{ReminderKind.STATUS_CHANGED}:0", f"{ReminderKind.DATE_MOVED}:0")

# The fields with days of one subscription: what they begin with, the kind, before or after.
DAY_FIELDS: Final = (
    ("lead_days", ReminderKind.LAST_DAY, -1, _("Days before the last possible day")),
    ("after_days", ReminderKind.LAST_DAY, 1, _("Days after the last possible day")),
    ("opens_before", ReminderKind.OPENS, -1, _("Days before the first possible day")),
    ("opens_after", ReminderKind.OPENS, 1, _("Days after the first possible day")),
    ("middle_before", ReminderKind.HALF_WAY, -1, _("Days before the middle")),
    ("middle_after", ReminderKind.HALF_WAY, 1, _("Days after the middle")),
)


class AddressField(forms.CharField):
    """One mail address, in its stored form once it is clean."""

    def __init__(self, **kwargs: Any) -> None:
        # Not stripped: a line break at the end is a sign of somebody who tries to add headers.
        attributes = {"autocomplete": "email", "inputmode": "email", "type": "email"}
        super().__init__(strip=False, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> str:
        return normalised_address(super().clean(value))


class DaysField(forms.CharField):
    """Numbers of days with commas: "7, 1"; a list of numbers, the furthest first, once clean."""

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        self.least = least
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)

    def clean(self, value: Any) -> list[int]:
        words = [word for word in super().clean(value).replace(",", " ").split() if word]
        if not words and not self.required:
            return []
        days = {int(word) for word in words if word.isascii() and word.isdecimal()}
        fits = days and self.least <= min(days) and max(days) <= FURTHEST_OFFSET
        are_numbers = all(word.isascii() and word.isdecimal() for word in words)
        if not fits or len(days) > MOST_LEAD_DAYS or not are_numbers:
            raise ValidationError(
                _("Write up to %(most)s numbers of days with commas, such as 7, 1."),
                code="lead_days",
                params={"most": MOST_LEAD_DAYS},
            )
        return sorted(days, reverse=True)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


@lru_cache(maxsize=1)
def _time_zones() -> list[tuple[str, str]]:
    """The zones that are named after places, and UTC."""
    names = zoneinfo.available_timezones()
    placed = {name for name in names if "/" in name and not name.startswith(("Etc/", "SystemV/"))}
    return [(name, name.replace("_", " ")) for name in sorted(placed | {"UTC"})]


class ReaderForm(forms.Form):
    """What every reader chooses."""

    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Your time zone"), choices=_time_zones)


class SubscribeForm(ReaderForm):
    """A first subscription; without an address for who is known by an account."""

    address = AddressField(label=_("Your mail address"))
    lead_days = DaysField(
        label=_("Days before the last possible day"),
        help_text=_("One mail on each of these days; 0 is the last possible day itself."),
        required=False,
    )
    also = forms.MultipleChoiceField(
        label=_("And when"),
        choices=ALSO,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("address", "lead_days", "also", "time_zone", "language")

    def __init__(self, *args: Any, has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            del self.fields["address"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "lead_days" in self.cleaned_data and not self.moments():
            self.add_error("lead_days", _("Choose at least one time."))
        return cleaned

    def moments(self) -> Moments:
        """All moments that were chosen."""
        before = _offsets(ReminderKind.LAST_DAY, -1, self.cleaned_data["lead_days"])
        chosen = (value.split(":") for value in self.cleaned_data.get("also", []))
        return [*before, *([kind, int(days)] for kind, days in chosen)]


class OwnerAnswerForm(forms.Form):
    """What a responsible party says of its own."""

    answer = forms.ChoiceField(
        label=_("It is"), choices=OwnerAnswer.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("What has been done, what is in the way, where it can be read."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class HabitsForm(ReaderForm):
    """How often, at what time and when not."""

    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, required=False)
    weekly_day = forms.TypedChoiceField(
        label=_("Day of the weekly mail"), choices=WEEKDAYS, coerce=int, required=False
    )
    wall_time = forms.TimeField(
        label=_("At what time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_from = forms.TimeField(
        label=_("No mail from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("No mail on"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pause_until = forms.DateField(
        label=_("No mail before this day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def clean_quiet_days(self) -> list[int]:
        days: list[int] = self.cleaned_data["quiet_days"]
        if len(set(days)) == len(WEEKDAYS):
            raise ValidationError(
                _("Leave one day of the week without a tick, or stop all mails."), code="quiet_days"
            )
        return days

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if bool(self._time("quiet_from")) != bool(self._time("quiet_until")):
            self.add_error("quiet_until", _("Give both times, or neither."))
        return cleaned

    def _time(self, name: str) -> str | None:
        # Midnight is a time like all others, so what counts is whether there is any.
        value = self.cleaned_data.get(name)
        return None if value is None else str(value)

    def habits(self) -> Habits:
        """What was chosen."""
        chosen = self.cleaned_data
        paused: date | None = chosen["pause_until"]
        return Habits(
            time_zone=chosen["time_zone"],
            wall_time=chosen["wall_time"] or time(9, 0),
            rhythm=chosen["rhythm"] or Rhythm.IMMEDIATE,
            weekly_day=chosen["weekly_day"] or 1,
            quiet_from=chosen["quiet_from"],
            quiet_until=chosen["quiet_until"],
            quiet_days=sum(1 << (day - 1) for day in set(chosen["quiet_days"])),
            paused_until=_begin_of(paused, chosen["time_zone"]),
        )


def _begin_of(day: date | None, time_zone: str) -> datetime | None:
    return None if day is None else instant_of(day, 0, MIDNIGHT, time_zone)


@dataclass(frozen=True, slots=True)
class SubscriptionFields:
    """The fields of one subscription: those of its days, and what else is told of it."""

    subscription: Subscription
    days: list[forms.BoundField]
    news: forms.BoundField


class SettingsForm(HabitsForm):
    """All settings of a subscriber: habits once, moments for each subscription."""

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        self.subscriptions: list[Subscription] = list(
            subscriber.subscriptions.live().order_by("pk")
        )
        initial = _initial(subscriber)
        for one in self.subscriptions:
            initial |= dict(_initial_of(one))
        super().__init__(data, initial=initial)
        for one in self.subscriptions:
            for name, _kind, sign, label in DAY_FIELDS:
                field = DaysField(label=label, required=False, least=int(sign > 0))
                self.fields[f"{name}_{one.pk}"] = field
            self.fields[f"news_{one.pk}"] = forms.MultipleChoiceField(
                label=_("And when"),
                choices=NEWS,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for one in self.subscriptions:
            count = len(self._moments(one))
            first = f"{DAY_FIELDS[0][0]}_{one.pk}"
            if not count and not any(name in self.errors for name in self._names(one)):
                self.add_error(first, _("Choose at least one time, or end this subscription."))
            if count > MOST_MOMENTS:
                sentence = _("Choose at most %(most)s times.")
                self.add_error(
                    first, ValidationError(sentence, code="moments", params={"most": MOST_MOMENTS})
                )
        return cleaned

    def moments(self) -> Mapping[int, Moments]:
        """What was chosen for each subscription, by its key."""
        return {one.pk: self._moments(one) for one in self.subscriptions}

    def _moments(self, one: Subscription) -> Moments:
        cleaned = self.cleaned_data
        chosen: Moments = []
        for name, kind, sign, _label in DAY_FIELDS:
            chosen += _offsets(kind, sign, cleaned.get(f"{name}_{one.pk}", []))
        return chosen + [[kind, 0] for kind in cleaned.get(f"news_{one.pk}", [])]

    @staticmethod
    def _names(one: Subscription) -> list[str]:
        return [f"{name}_{one.pk}" for name, *_ in DAY_FIELDS]

    def rows(self) -> list[SubscriptionFields]:
        """The subscriptions with their fields."""
        return [
            SubscriptionFields(
                one, [self[name] for name in self._names(one)], self[f"news_{one.pk}"]
            )
            for one in self.subscriptions
        ]


def _initial(subscriber: Subscriber) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(subscriber.time_zone)
    paused = subscriber.paused_until
    names = ("language", "time_zone", "rhythm", "weekly_day", "wall_time")
    return {
        **{name: getattr(subscriber, name) for name in (*names, "quiet_from", "quiet_until")},
        "quiet_days": [day for day, _words in WEEKDAYS if subscriber.quiet_days >> (day - 1) & 1],
        "pause_until": paused.astimezone(zone).date() if paused else None,
    }


def _initial_of(one: Subscription) -> Iterator[tuple[str, Any]]:
    for name, kind, sign, _label in DAY_FIELDS:
        mine = [days for of, days in one.moments if of == kind and _is_on_side(days, sign)]
        yield f"{name}_{one.pk}", sorted(map(abs, mine), reverse=True)
    yield f"news_{one.pk}", [kind for kind, _days in one.moments if kind in dict(NEWS)]


def _is_on_side(days: int, sign: int) -> bool:
    return days > 0 if sign > 0 else days <= 0


def _offsets(kind: str, sign: int, days: Iterable[int]) -> Moments:
    return [[str(ReminderKind(kind).value), sign * one] for one in days]
