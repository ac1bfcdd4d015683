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
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.idempotency import idempotent
from commitments.api.permissions import caller
from commitments.api.writing.schema import IDEMPOTENCY_KEY
from commitments.exceptions import InvalidInput
from commitments.models import Scope
from timeline.actions.selections import canonical_query
from timeline.actions.subscribing import (
    Moments,
    change_settings,
    end_subscription,
    request_subscription,
)
from timeline.api.signed_in import CallersOwn, problems, unchanged
from timeline.api.subscription_shapes import (
    AskedSerializer,
    SubscriptionCorrectionInput,
    SubscriptionInput,
    SubscriptionSerializer,
    SubscriptionsSerializer,
    lead_days_of,
    moments_of,
)
from timeline.exceptions import TooManyRequests
from timeline.models import Subscription
from timeline.record_reader import read_selected_ids
from timeline.validators import normalised_address

AN_HOUR = 3600


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
        to = own_address(request)
        if not to:
            sentence = _("Your account has no mail address; an administrator can enter it.")
            raise InvalidInput(sentence, code="no_address")
        moments = moments_of(asked)
        self._ask(request, to, params, asked, moments)
        body = {
            "address": to,
            "filter": canonical_query(params),
            "lead_days": lead_days_of(moments),
            "moments": moments,
        }
        return Response(AskedSerializer(body).data, status=202)

    def _ask(
        self,
        request: Request,
        to: str,
        params: QueryDict,
        asked: Mapping[str, Any],
        moments: Moments,
    ) -> None:
        """Send the link."""
        try:
            request_subscription(
                address=to,
                query=canonical_query(params),
                also=moments,
                language=asked.get("language", self.language),
                time_zone=asked.get("time_zone") or settings.DEFAULT_PLACE_TIME_ZONE,
                client=f"user {caller(request).pk}",
                now=self.now,
            )
        except TooManyRequests as error:
            raise Throttled(AN_HOUR, error.message) from error
        except ValidationError as error:
            field = "time_zone" if "time_zone" in error.message_dict else ""
            raise InvalidInput(str(error.messages[0]), field=field) from error


class OneSubscription(CallersOwn):
    """One subscription of the caller."""

    serializer_class = SubscriptionSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {
        "GET": Scope.READ,
        "PATCH": Scope.WRITE,
        "DELETE": Scope.WRITE,
    }

    @extend_schema(
        operation_id="subscriptions_retrieve",
        responses={200: SubscriptionSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request, number: int) -> Response:
        """Show one subscription of the caller."""
        return Response(SubscriptionSerializer(self._own(request, number)).data)

    @extend_schema(
        operation_id="subscriptions_update",
        request=SubscriptionCorrectionInput,
        responses={200: SubscriptionSerializer, **problems(with_body=True)},
    )
    def patch(self, request: Request, number: int) -> Response:
        """Choose other times; what was told already is not told again."""
        subscription = self._own(request, number)
        sent = SubscriptionCorrectionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        subscriber = subscription.subscriber
        change_settings(
            subscriber=subscriber,
            language=subscriber.language,
            habits=subscriber.habits,
            moments={subscription.pk: moments_of(sent.validated_data)},
        )
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
