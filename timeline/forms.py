"""What readers type about reminders: the checks are those of the models, with forms around."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from timeline.models import Subscriber, Subscription
from timeline.validators import FURTHEST_OFFSET, normalised_address

MOST_LEAD_DAYS: Final = 10


class AddressField(forms.CharField):
    """One mail address, in its stored form once it is clean."""

    def __init__(self, **kwargs: Any) -> None:
        # Not stripped: a line break at the end is a sign of somebody who tries to add headers.
        attributes = {"autocomplete": "email", "inputmode": "email", "type": "email"}
        super().__init__(strip=False, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> str:
        return normalised_address(super().clean(value))


class LeadDaysField(forms.CharField):
    """Days before the last possible day, with commas: "7, 1"; a list of numbers once clean."""

    def clean(self, value: Any) -> list[int]:
        words = [word for word in super().clean(value).replace(",", " ").split() if word]
        days = {int(word) for word in words if word.isascii() and word.isdecimal()}
        fits = days and max(days) <= FURTHEST_OFFSET and len(days) <= MOST_LEAD_DAYS
        if not fits or not all(word.isascii() and word.isdecimal() for word in words):
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
    """A first subscription."""

    address = AddressField(label=_("Your mail address"))
    lead_days = LeadDaysField(
        label=_("Days before the last possible day"),
        help_text=_("One mail on each of these days; 0 is the last possible day itself."),
    )
    field_order = ("address", "lead_days", "time_zone", "language")


class SettingsForm(ReaderForm):
    """The settings of a subscriber: one field with days for each subscription."""

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        self.subscriptions: list[Subscription] = list(
            subscriber.subscriptions.live().order_by("pk")
        )
        days = {self._name(one): one.lead_days for one in self.subscriptions}
        initial = {"language": subscriber.language, "time_zone": subscriber.time_zone, **days}
        super().__init__(data, initial=initial)
        for name in days:
            self.fields[name] = LeadDaysField(label=_("Days before the last possible day"))

    @staticmethod
    def _name(subscription: Subscription) -> str:
        return f"lead_days_{subscription.pk}"

    def lead_days(self) -> dict[int, list[int]]:
        """The days of each subscription by its key."""
        return {one.pk: self.cleaned_data[self._name(one)] for one in self.subscriptions}

    def rows(self) -> list[tuple[Subscription, forms.BoundField]]:
        """The subscriptions beside their fields."""
        return [(one, self[self._name(one)]) for one in self.subscriptions]
