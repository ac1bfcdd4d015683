"""`/api/v1/subscriptions/settings/`: how often and when the caller's mails come, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.permissions import caller
from commitments.exceptions import InvalidInput
from commitments.models import Scope
from timeline.actions.subscribing import change_settings, mute_commitment, unmute_commitment
from timeline.api.signed_in import CallersOwn, problems, unchanged
from timeline.api.subscription_shapes import SettingsInput, SettingsSerializer
from timeline.api.subscriptions import own_address
from timeline.models import Subscriber
from timeline.moments import MIDNIGHT, Habits, instant_of
from timeline.record_reader import read_entries_by_id, read_keys

_AS_THEY_COME: Final = (
    *("time_zone", "rhythm", "wall_time", "weekly_day"),
    *("quiet_from", "quiet_until"),
)


class SubscriptionSettings(CallersOwn):
    """How often and when mails come, and when not."""

    serializer_class = SettingsSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.READ, "PATCH": Scope.WRITE}

    @extend_schema(
        operation_id="subscription_settings_retrieve",
        responses={200: SettingsSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request) -> Response:
        """Show how often and when mails come; 404 before the first subscription was confirmed."""
        return self._shown(_own(request))

    @extend_schema(
        operation_id="subscription_settings_update",
        request=SettingsInput,
        responses={200: SettingsSerializer, **problems(with_body=True)},
    )
    def patch(self, request: Request) -> Response:
        """Change how often and when mails come; what is left out stays.

        What was told already is not told again, and what is due meanwhile waits and comes together.
        """
        subscriber = _own(request)
        sent = SettingsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        with transaction.atomic():
            self._mute(subscriber, asked)
            self._change(subscriber, asked)
        return self._shown(_own(request))

    def _change(self, subscriber: Subscriber, asked: Mapping[str, Any]) -> None:
        try:
            change_settings(
                subscriber=subscriber,
                language=asked.get("language", subscriber.language),
                habits=_habits(subscriber, asked),
                moments={},
            )
        except ValidationError as error:
            field = next(iter(error.message_dict))
            raise InvalidInput(str(error.messages[0]), field=field) from error

    def _mute(self, subscriber: Subscriber, asked: Mapping[str, Any]) -> None:
        """Only what is public can be named; what was muted and is so no longer stays muted."""
        if "muted" not in asked:
            return
        wanted = read_keys(asked["muted"])
        for place, public_id in enumerate(asked["muted"]):
            if public_id not in wanted:
                sentence = _("There is no “%(name)s” on record.") % {"name": public_id}
                raise InvalidInput(sentence, field=f"muted/{place}", code="unknown_reference")
        so_far = read_keys(self._muted(subscriber))
        for public_id in wanted.keys() - so_far.keys():
            key = wanted[public_id]
            mute_commitment(subscriber=subscriber, commitment_id=key, now=self.now)
        for public_id in so_far.keys() - wanted.keys():
            unmute_commitment(subscriber=subscriber, commitment_id=so_far[public_id])

    def _muted(self, subscriber: Subscriber) -> list[str]:
        keys = list(subscriber.mutes.order_by("pk").values_list("commitment_id", flat=True))
        entries = read_entries_by_id(keys, language=self.language, now=self.now) if keys else {}
        return [entries[key].public_id for key in keys if key in entries]

    def _shown(self, subscriber: Subscriber) -> Response:
        context = {"muted": self._muted(subscriber)}
        return Response(SettingsSerializer(subscriber, context=context).data)


def _own(request: Request) -> Subscriber:
    """That of the account's address, else the one of the account; Http404 where there is none."""
    to = own_address(request)
    mine = Q(user=caller(request)) | (Q(address=to) if to else Q())
    found = sorted(Subscriber.objects.filter(mine), key=lambda one: one.address != to)
    if not found:
        raise Http404
    return found[0]


def _habits(subscriber: Subscriber, asked: Mapping[str, Any]) -> Habits:
    changes = {name: asked[name] for name in _AS_THEY_COME if name in asked}
    if "quiet_days" in asked:
        changes["quiet_days"] = sum(1 << (day - 1) for day in set(asked["quiet_days"]))
    habits = replace(subscriber.habits, **changes)
    if (habits.quiet_from is None) != (habits.quiet_until is None):
        sentence = _("Give both times, or neither.")
        raise InvalidInput(sentence, field="quiet_until", code="required")
    if "paused_until" not in asked:
        return habits
    return replace(habits, paused_until=_begin_of(asked["paused_until"], habits.time_zone))


def _begin_of(day: date | None, time_zone: str) -> datetime | None:
    if day is None:
        return None
    try:
        begin = instant_of(day, 0, MIDNIGHT, time_zone)
    except (KeyError, ValueError, OSError):  # no such zone: `change_settings` names it
        return None
    if begin is None:
        raise InvalidInput(_("Choose a nearer day."), field="paused_until")
    return begin
