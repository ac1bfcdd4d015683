"""How the writes describe themselves in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from commitments.api.errors import MEDIA_TYPE
from commitments.api.schema import ApiSchema
from commitments.api.serializers.commitments import CommitmentDetailSerializer
from commitments.api.serializers.parties import PartySerializer, TopicSerializer
from commitments.api.serializers.problems import ProblemSerializer
from commitments.api.serializers.sources import SourceSerializer
from commitments.api.writing.examples import EXAMPLES
from commitments.models import Commitment, Party, Source, Topic

_SHAPES: Final[dict[Any, Any]] = {
    Commitment: CommitmentDetailSerializer,
    Party: PartySerializer,
    Topic: TopicSerializer,
    Source: SourceSerializer,
}
_PROBLEMS: Final = {
    400: "The body, or a parameter, is not valid.",
    401: "No key, or not a good one.",
    403: "The key has not the scope, or its user not the right.",
    406: "No such format.",
    409: "The record refuses the move, or the same request is still running.",
    413: "The body is too long.",
    415: "The body is in no format that we read.",
    422: "The Idempotency-Key came before with another request.",
    429: "Too many requests.",
}
_DRY_RUN: Final = OpenApiParameter(
    "dry_run",
    str,
    enum=["true", "false"],
    description="true: check and show all of it, and write nothing.",
)
_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that you have read; * for any.",
)
# A string of RFC 8941, or the bare text that many clients send (`api/idempotency.py`).
_KEY: Final = r'^("([ !#-\[\]-~]|\\["\\]){1,255}"|[!#-+\--:<-\[\]-~]{1,255})$'
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": _KEY},
    OpenApiParameter.HEADER,
    description="What is sent twice with it is done once: a UUID, say, in quotes.",
)
_OF_A_TARGET: Final = {
    404: "There is nothing at this address.",
    412: "Somebody else has changed it; “current” is its revision now.",
    428: "Send If-Match with the ETag that you have read.",
}


class WriteSchema(ApiSchema):
    """Adds to a write what `views.Writing` does for all of them."""

    @property
    def _operation(self) -> Any:
        view: Any = self.view
        return view.operations.get(self.method)

    def get_operation_id(self) -> str:
        """The name of the operation, as in a batch: it becomes a function of a client."""
        if self._operation is None:
            return str(super().get_operation_id())
        return str(self._operation.name)

    def get_request_serializer(self) -> Any:
        return self._operation.input if self._operation else super().get_request_serializer()

    def map_parsers(self) -> Any:
        """A PATCH may come in its own media type."""
        own = ["application/merge-patch+json"] if self.method == "PATCH" else []
        return [*super().map_parsers(), *own]

    def get_examples(self) -> list[Any]:
        """A body, where one is sent."""
        body = EXAMPLES.get(self.get_operation_id())
        return [OpenApiExample("example", value=body, request_only=True)] if body else []

    def get_override_parameters(self) -> list[Any]:
        if self.method == "GET":
            return super().get_override_parameters()
        sent = [_DRY_RUN]
        if self._operation is not None and not self._operation.creates:
            sent.append(_IF_MATCH)
        if self.method == "POST":
            sent.append(IDEMPOTENCY_KEY)
        return [*AutoSchema.get_override_parameters(self), *self._common_parameters(), *sent]

    def get_response_serializers(self) -> Any:
        if self._operation is None:
            return super().get_response_serializers()
        shape = _SHAPES[self._operation.record]
        done = {code: OpenApiResponse(shape, description=told) for code, told in self._done()}
        return {**done, **problem_responses(on_a_record=not self._operation.creates)}

    def _done(self) -> list[tuple[int, str]]:
        made = (201, "The record as it is now.")
        if self._operation.name == "change_status":
            return [made, (202, "A second person has to agree; Location is the proposal.")]
        if self._operation.name == "set_target":
            return [(200, "The record as it is now."), made]
        if self._operation.name == "add_occurrences":
            return [(200, "All of them are on record already."), made]
        if self._operation.creates or self._operation.adds:
            return [made]
        return [(200, "The record as it is now.")]


def problem_responses(*, on_a_record: bool) -> dict[tuple[int, str], OpenApiResponse]:
    """The problems that a write can answer, on a record that there is or on none."""
    told = {**_PROBLEMS, **(_OF_A_TARGET if on_a_record else {})}
    return {
        (code, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=description)
        for code, description in sorted(told.items())
    }


class ClosedInput(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # it has no types
    """Every body is closed: a field that it does not name is an error, so the document says so."""

    target_class = "commitments.api.serializers.inputs.Input"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        untyped: Any = auto_schema
        schema: Any = untyped._map_serializer(  # noqa: SLF001 - its documented way to go on
            self.target, direction, bypass_extensions=True
        )
        for name, field in self.target.fields.items():
            told = schema.get("properties", {}).get(name, {})
            told.update(_bounds(field))
            if isinstance(field, serializers.ListField) and "items" in told:
                told["items"] = told["items"] | _bounds(field.child)
        return schema | {"additionalProperties": False}


def _bounds(field: serializers.Field[Any, Any, Any, Any]) -> dict[str, Any]:
    """What drf-spectacular leaves out of how short or long a text or a list may be."""
    bounds: dict[str, Any] = {}
    if isinstance(field, serializers.CharField):
        bounds = {"minLength": None if field.allow_blank else 1, "maxLength": field.max_length}
    elif isinstance(field, serializers.ListField):
        bounds = {"minItems": None if field.allow_empty else 1, "maxItems": field.max_length}
    elif isinstance(field, serializers.ListSerializer):
        untyped: Any = field
        bounds = {"minItems": untyped.min_length, "maxItems": untyped.max_length}
    return {name: bound for name, bound in bounds.items() if bound}
