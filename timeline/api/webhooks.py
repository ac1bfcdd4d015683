"""`/api/v1/webhooks/`: the caller's own webhooks, their secrets, and what they were told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.base import COMMON_PARAMETERS
from commitments.api.idempotency import idempotent
from commitments.api.permissions import caller
from commitments.api.serializers.inputs import Input, Line
from commitments.api.writing.schema import IDEMPOTENCY_KEY
from commitments.exceptions import InvalidInput
from commitments.models import Scope
from timeline.actions.webhook_delivery import message_of, replay_delivery
from timeline.actions.webhook_endpoints import (
    create_webhook,
    delete_webhook,
    rotate_webhook_secret,
    signing_secrets,
)
from timeline.api.addresses import address
from timeline.api.changes import whole_number
from timeline.api.signed_in import CallersOwn, problems, unchanged
from timeline.enums import SwitchedOff, WebhookState
from timeline.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

MOST_DELIVERIES = 100
HIGHEST = 10**15 - 1


class WebhookInput(Input):
    """Where to tell what."""

    target_url = Line(max_length=500, allow_blank=False, help_text="It begins with https://.")
    filter = Line(
        max_length=2000,
        required=False,
        help_text="As in the lists: “kind=event&party=kz”. Empty: every change.",
    )


class WebhookSerializer(serializers.Serializer[WebhookEndpoint]):
    """A webhook of the caller."""

    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    target_url = serializers.CharField(source="url")
    filter = serializers.CharField(source="query", help_text="What it is told of; empty: all.")
    active = serializers.BooleanField(source="is_active")
    switched_off_because = serializers.ChoiceField(
        choices=SwitchedOff.choices, allow_null=True, help_text="Null while it is active."
    )
    created_at = serializers.DateTimeField()
    last_delivered_at = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    secret_url = serializers.SerializerMethodField(help_text="Where its secret can be read.")
    deliveries_url = serializers.SerializerMethodField()

    def get_url(self, endpoint: WebhookEndpoint) -> str:
        return address("webhook", endpoint.public_id)

    def get_secret_url(self, endpoint: WebhookEndpoint) -> str:
        return address("webhook-secret", endpoint.public_id)

    def get_deliveries_url(self, endpoint: WebhookEndpoint) -> str:
        return address("webhook-deliveries", endpoint.public_id)

    def to_representation(self, instance: WebhookEndpoint) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return shown | {"switched_off_because": instance.switched_off_because or None}


class WebhooksSerializer(serializers.Serializer[dict[str, Any]]):
    """All webhooks of the caller."""

    results = WebhookSerializer(many=True)


class SecretSerializer(serializers.Serializer[dict[str, Any]]):
    """What messages are signed with."""

    secret = serializers.CharField(help_text="As Standard Webhooks writes it: whsec_…")
    earlier_signs_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then messages bear the signature of the one before, too."
    )


class AttemptSerializer(serializers.Serializer[WebhookAttempt]):
    """One attempt."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="Null where nobody answered.")
    text = serializers.CharField(help_text="What went wrong, where something did.")
    milliseconds = serializers.IntegerField()


class DeliverySerializer(serializers.Serializer[WebhookDelivery]):
    """That a webhook is to be told of a change, and what became of it."""

    webhook_id = serializers.CharField(help_text="The header webhook-id, in every attempt.")
    number = serializers.IntegerField()
    event = serializers.SerializerMethodField(help_text="As in the message: commitment.changed.")
    record = serializers.CharField(source="record_type")
    record_id = serializers.CharField()
    state = serializers.ChoiceField(choices=WebhookState.choices)
    attempts = serializers.IntegerField()
    next_try_at = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(help_text="Of the last attempt.")
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    log = AttemptSerializer(many=True)

    def get_event(self, delivery: WebhookDelivery) -> str:
        return message_of(delivery).event

    def get_next_try_at(self, delivery: WebhookDelivery) -> str | None:
        waits = delivery.state == WebhookState.QUEUED
        shown = serializers.DateTimeField().to_representation(delivery.next_try_at)
        return str(shown) if waits else None


class DeliveriesSerializer(serializers.Serializer[dict[str, Any]]):
    """A page of deliveries, the newest change first."""

    results = DeliverySerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The page of older ones.")


class Webhooks(CallersOwn):
    """The caller's webhooks."""

    serializer_class = WebhooksSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="webhooks_list",
        responses={200: WebhooksSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request) -> Response:
        """List the caller's webhooks."""
        rows = WebhookEndpoint.objects.filter(owner=caller(request))
        return Response(WebhooksSerializer({"results": rows}).data)

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookInput,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: WebhookSerializer, **problems(with_body=True)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Be told of changes from now on; the secret can be read at `secret_url`."""
        sent = WebhookInput(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            endpoint, _secret = create_webhook(
                owner=caller(request),
                url=sent.validated_data["target_url"],
                params=QueryDict(sent.validated_data.get("filter", "").lstrip("?")),
                now=self.now,
            )
        except InvalidInput as error:
            raise _by_field_of_body(error) from error
        location = {"Location": address("webhook", endpoint.public_id)}
        return Response(WebhookSerializer(endpoint).data, status=201, headers=location)


class OneWebhook(CallersOwn):
    """One webhook of the caller."""

    serializer_class = WebhookSerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.READ, "DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="webhooks_retrieve",
        responses={200: WebhookSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Show one webhook of the caller."""
        return Response(WebhookSerializer(own_webhook(request, public_id)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None, **problems()})
    def delete(self, request: Request, public_id: str) -> Response:
        """Be told of nothing more, and forget what it was told."""
        delete_webhook(endpoint=own_webhook(request, public_id))
        return Response(status=204)


class WebhookSecret(CallersOwn):
    """What the messages of a webhook are signed with."""

    serializer_class = SecretSerializer
    # Who may read it could sign in our name to this receiver: that is no reading of public data.
    scopes: ClassVar[Mapping[str, Scope | None]] = {"GET": Scope.WRITE, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="webhooks_secret_retrieve",
        responses={200: SecretSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Show the secret of a webhook."""
        return self._shown(own_webhook(request, public_id))

    @extend_schema(
        operation_id="webhooks_secret_rotate",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={204: None, **problems(with_body=True)},
    )
    @idempotent
    def post(self, request: Request, public_id: str) -> Response:
        """Make a new secret; for a day messages bear the signature of the old one as well."""
        rotate_webhook_secret(endpoint=own_webhook(request, public_id), now=self.now)
        # Not the secret: with an Idempotency-Key the answer is kept for a day.
        return Response(status=204)

    def _shown(self, endpoint: WebhookEndpoint) -> Response:
        secrets = signing_secrets(endpoint, now=self.now)
        until = endpoint.earlier_until if len(secrets) > 1 else None
        body = {"secret": secrets[0], "earlier_signs_until": until}
        return Response(SecretSerializer(body).data)


class WebhookDeliveries(CallersOwn):
    """What a webhook of the caller was told, and is still to be told."""

    serializer_class = DeliveriesSerializer
    parameters: ClassVar[Any] = (*COMMON_PARAMETERS, "before", "limit", "state")

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        parameters=[
            OpenApiParameter(
                "before",
                {"type": "integer", "minimum": 1, "maximum": HIGHEST},
                description="Older than this change number.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST_DELIVERIES, "default": 50},
                description="How many at most.",
            ),
            OpenApiParameter("state", str, enum=WebhookState.values, description="Only those."),
        ],
        responses={200: DeliveriesSerializer, 304: unchanged(), **problems()},
    )
    def get(self, request: Request, public_id: str) -> Response:
        """List the deliveries of a webhook with every attempt, the newest change first."""
        asked = request.query_params
        rows = WebhookDelivery.objects.filter(endpoint=own_webhook(request, public_id))
        before = whole_number(asked, "before", least=1, most=HIGHEST, default=0)
        limit = whole_number(asked, "limit", least=1, most=MOST_DELIVERIES, default=50)
        if before:
            rows = rows.filter(number__lt=before)
        found = list(_with_log(_in_state(rows, asked)).order_by("-number")[: limit + 1])
        following = None
        if len(found) > limit:
            query = {**asked.dict(), "before": found[limit - 1].number}
            following = address("webhook-deliveries", public_id, query=query)
        body = {"results": found[:limit], "next": following}
        return Response(DeliveriesSerializer(body).data)


class WebhookReplay(CallersOwn):
    """A delivery that is to be repeated."""

    serializer_class = DeliverySerializer
    scopes: ClassVar[Mapping[str, Scope | None]] = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="webhooks_deliveries_replay",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: DeliverySerializer, **problems(with_body=True)},
    )
    @idempotent
    def post(self, request: Request, public_id: str, number: int) -> Response:
        """Send a delivery again, under the same webhook-id; it goes out with the next tick."""
        rows = WebhookDelivery.objects.filter(endpoint=own_webhook(request, public_id))
        delivery = rows.filter(number=min(number, HIGHEST)).first()
        if delivery is None:
            raise Http404
        with transaction.atomic():
            replay_delivery(delivery=delivery, now=self.now)
            shown = _with_log(rows).get(pk=delivery.pk)
        return Response(DeliverySerializer(shown).data, status=202)


def own_webhook(request: Request, public_id: str) -> WebhookEndpoint:
    """The caller's webhook of this id; Http404 also where it is somebody else's."""
    found = WebhookEndpoint.objects.filter(owner=caller(request), public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _with_log(rows: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
    log = Prefetch("log", queryset=WebhookAttempt.objects.order_by("pk"))
    return rows.select_related("endpoint").prefetch_related(log)


def _in_state(rows: QuerySet[WebhookDelivery], params: QueryDict) -> QuerySet[WebhookDelivery]:
    state = params.get("state", "")
    if state and state not in WebhookState.values:
        sentence = _("Choose one of: %(known)s.") % {"known": ", ".join(WebhookState.values)}
        raise InvalidInput(sentence, field="state", code="invalid_parameter")
    return rows.filter(state=state) if state else rows


def _by_field_of_body(error: InvalidInput) -> InvalidInput:
    """The error of an action, at the field of the body that it comes from."""
    field = {"url": "target_url", "": ""}.get(error.field, "filter")
    message = f"{error.field}: {error.message}" if field == "filter" else error.message
    return InvalidInput(message, field=field, code=error.specific_code)
