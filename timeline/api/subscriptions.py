"""`/api/v1/subscriptions/`: the mails that the caller gets at the address of the account.

The address is that of the account, which only an administrator can change; and a subscription
begins when the link in a mail to it was followed, as for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.idempotency import idempotent
from commitments.api.permissions import caller
from commitments.api.serializers.inputs import Count, Input, Line
from commitments.api.writing.schema import IDEMPOTENCY_KEY
from commitments.exceptions import InvalidInput
from commitments.models import Scope
from timeline.actions.selections import canonical_query
from timeline.actions.subscribing import end_subscription, request_subscription
from timeline.api.addresses import address
from timeline.api.signed_in import CallersOwn, problems, unchanged
from timeline.exceptions import TooManyRequests
from timeline.models import Subscription
from timeline.record_reader import read_selected_ids
from timeline.validators import FURTHEST_OFFSET, normalised_address

MOST_LEAD_DAYS = 10
AN_HOUR = 3600


class SubscriptionInput(Input):
    """What to be reminded of, and when."""

    filter = Line(
        max_length=2000,
        required=False,
        help_text="As in the lists: “kind=event&party=kz”. Empty: everything.",
    )
    lead_days = serializers.ListField(
        child=Count(min_value=0, max_value=FURTHEST_OFFSET),
        min_length=1,
        max_length=MOST_LEAD_DAYS,
        help_text="So many days before the last possible day.",
    )
    time_zone = Line(max_length=64, required=False, help_text="Yours, as “Asia/Almaty”.")


class SubscriptionSerializer(serializers.Serializer[Subscription]):
    """A selection that the caller is reminded of."""

    id = serializers.IntegerField(source="pk")
    url = serializers.SerializerMethodField()
    filter = serializers.CharField(source="query", help_text="Empty: everything.")
    lead_days = serializers.ListField(child=serializers.IntegerField())
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


class Subscriptions(CallersOwn):
    """The caller's subscriptions."""

    serializer_class = SubscriptionsSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="subscriptions_list",
        responses={200: SubscriptionsSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request) -> Response:
        """List what the caller is reminded of by mail."""
        return Response(SubscriptionsSerializer({"results": own_subscriptions(request)}).data)

    @extend_schema(
        operation_id="subscriptions_create",
        request=SubscriptionInput,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: AskedSerializer, **problems(with_body=True)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask for mails; they begin once the link in the mail that comes now was followed."""
        sent = SubscriptionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        params = QueryDict(asked.get("filter", "").lstrip("?"))
        try:
            read_selected_ids(params, now=self.now)
        except InvalidInput as error:
            message = f"{error.field}: {error.message}"
            raise InvalidInput(message, field="filter", code=error.specific_code) from error
        body = {
            "address": self._ask(request, params, asked),
            "filter": canonical_query(params),
            "lead_days": sorted(set(asked["lead_days"]), reverse=True),
        }
        return Response(AskedSerializer(body).data, status=202)

    def _ask(self, request: Request, params: QueryDict, asked: Mapping[str, Any]) -> str:
        """Send the link; returns the address that it goes to."""
        to = own_address(request)
        if not to:
            sentence = _("Your account has no mail address; an administrator can enter it.")
            raise InvalidInput(sentence, code="no_address")
        try:
            request_subscription(
                address=to,
                query=canonical_query(params),
                lead_days=asked["lead_days"],
                language=self.language,
                time_zone=asked.get("time_zone") or settings.DEFAULT_PLACE_TIME_ZONE,
                client=f"user {caller(request).pk}",
                now=self.now,
            )
        except TooManyRequests as error:
            raise Throttled(AN_HOUR, error.message) from error
        except ValidationError as error:
            field = "time_zone" if "time_zone" in error.message_dict else ""
            raise InvalidInput(str(error.messages[0]), field=field) from error
        return to


class OneSubscription(CallersOwn):
    """One subscription of the caller."""

    serializer_class = SubscriptionSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.READ, "DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="subscriptions_retrieve",
        responses={200: SubscriptionSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request, number: int) -> Response:
        """Show one subscription of the caller."""
        return Response(SubscriptionSerializer(self._own(request, number)).data)

    @extend_schema(operation_id="subscriptions_delete", responses={204: None, **problems()})
    def delete(self, request: Request, number: int) -> Response:
        """Get no more mails of it; the caller's others go on."""
        end_subscription(subscription=self._own(request, number), now=self.now)
        return Response(status=204)

    def _own(self, request: Request, number: int) -> Subscription:
        found = own_subscriptions(request).filter(pk=min(number, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return found


def own_subscriptions(request: Request) -> QuerySet[Subscription]:
    """Those of the caller's account, and of its address."""
    mine = Q(subscriber__user=caller(request))
    if to := own_address(request):
        mine |= Q(subscriber__address=to)
    return Subscription.objects.live().filter(mine).order_by("pk")


def own_address(request: Request) -> str:
    """The address of the caller's account in its stored form; "" where there is none."""
    try:
        return normalised_address(caller(request).email)
    except ValidationError:
        return ""
