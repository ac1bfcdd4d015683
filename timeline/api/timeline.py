"""`/api/v1/timeline/`: windows, statements and changes as one list in the order of time."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.base import COMMON_PARAMETERS, PublicView
from commitments.api.pagination import DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE
from commitments.api.schema import filter_parameters
from commitments.api.serializers.windows import WindowSerializer
from commitments.enums import ChangeKind, SourceKind
from commitments.exceptions import InvalidInput
from commitments.in_time import TYPES, Place, Span, Type, read_place
from timeline.api.addresses import address
from timeline.api.changes import whole_number
from timeline.record_reader import all_filters, record_url, repeatable_filters
from timeline.timeline_reader import (
    TimelineCommitment,
    TimelineItem,
    TimelineSource,
    read_timeline,
)

LONGEST_CURSOR = 300
ORDERINGS = ("time", "-time")
_OWN = ("type", "starting", "cursor", "page_size", "ordering")


class TimelineCommitmentSerializer(serializers.Serializer[TimelineCommitment]):
    """A commitment where the timeline names it."""

    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    title = serializers.CharField()

    def get_url(self, commitment: TimelineCommitment) -> str:
        return record_url("commitment", commitment.public_id)


class TimelineChangeSerializer(serializers.Serializer[Any]):
    """What happened to the commitment."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    label = serializers.CharField(source="kind_label")  # type: ignore[assignment]  # of the answer
    revision = serializers.IntegerField(help_text="Of the commitment, by this change.")
    recorded_at = serializers.DateTimeField()


class TimelineSourceSerializer(serializers.Serializer[TimelineSource]):
    """What was said or published."""

    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    publisher = serializers.CharField()
    web_url = serializers.CharField(help_text="Its own address; empty if unknown.")

    def get_url(self, source: TimelineSource) -> str:
        return record_url("source", source.public_id)


class TimelineItemSerializer(serializers.Serializer[TimelineItem]):
    """What stands on a day; the fields that its type does not have are null."""

    type = serializers.ChoiceField(source="place.type", choices=TYPES)
    day = serializers.DateField(
        source="place.day",
        help_text="Of a window the last possible one, of a change that of its recording in UTC.",
    )
    commitment = TimelineCommitmentSerializer(allow_null=True)
    window = WindowSerializer(allow_null=True)
    change = TimelineChangeSerializer(allow_null=True)
    source = TimelineSourceSerializer(  # type: ignore[assignment]  # a field of the answer
        allow_null=True
    )


class TimelineSerializer(serializers.Serializer[dict[str, Any]]):
    """A page of the timeline."""

    results = TimelineItemSerializer(many=True)
    next = serializers.URLField(allow_null=True)


def _parameters() -> list[OpenApiParameter]:
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE}
    types = {"type": "array", "items": {"type": "string", "enum": list(TYPES)}}
    return [
        OpenApiParameter("type", types, description="Only these."),
        OpenApiParameter("starting", OpenApiTypes.DATE, description="The day to begin with."),
        OpenApiParameter("ordering", str, enum=ORDERINGS, description="-time: the latest first."),
        OpenApiParameter(
            "cursor",
            {"type": "string", "maxLength": LONGEST_CURSOR},
            description="The place where the page begins; from `next`.",
        ),
        OpenApiParameter(
            "page_size", size | {"default": DEFAULT_PAGE_SIZE}, description="How many rows."
        ),
        *(one for one in filter_parameters() if one.name != "ordering"),
    ]


class Timeline(PublicView):
    """What is due, what was said and what changed, in the order of time.

    The filters select commitments; with them come the sources that they name and the changes that
    they went through. What has no last possible day has no place in time, and is not here.
    """

    serializer_class = TimelineSerializer
    parameters: ClassVar[Any] = (*COMMON_PARAMETERS, *_OWN, *all_filters())
    repeatable: ClassVar[Any] = (*repeatable_filters(), "type")

    @extend_schema(operation_id="timeline_list", parameters=_parameters())
    def get(self, request: Request) -> Response:
        asked = request.query_params
        size = whole_number(
            asked, "page_size", least=1, most=LARGEST_PAGE_SIZE, default=DEFAULT_PAGE_SIZE
        )
        filters = asked.copy()
        for name in (*COMMON_PARAMETERS, *_OWN):
            filters.pop(name, None)
        found = read_timeline(
            filters, _span(asked), limit=size + 1, language=self.language, now=self.now
        )
        following = None
        if len(found) > size:
            query = {**dict(asked.lists()), "cursor": encode(found[size - 1].place)}
            following = address("timeline", query=query)
        body = TimelineSerializer(
            {"results": found[:size], "next": following}, context={"language": self.language}
        )
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response(body.data, headers=headers)


def _span(params: QueryDict) -> Span:
    """The part of the list that is asked for; raises InvalidInput that names the parameter."""
    types = [one for one in params.getlist("type") if one]
    unknown = set(types) - set(TYPES)
    ordering = params.get("ordering", "") or ORDERINGS[0]
    if unknown or ordering not in ORDERINGS:
        known = TYPES if unknown else ORDERINGS
        sentence = _("Choose one of: %(known)s.") % {"known": ", ".join(known)}
        field = "type" if unknown else "ordering"
        raise InvalidInput(sentence, field=field, code="invalid_parameter")
    chosen: tuple[Type, ...] = tuple(one for one in TYPES if one in types) or TYPES
    return Span(
        types=chosen,
        descending=ordering == "-time",
        after=decode(params.get("cursor", "")),
        starting=_starting(params.get("starting", "")),
    )


def _starting(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        sentence = _("Write a day as 2026-12-31.")
        raise InvalidInput(sentence, field="starting", code="invalid_parameter") from error


def encode(place: Place) -> str:
    """A place as text that may stand in an address."""
    packed = json.dumps([place.day.isoformat(), place.rank, place.key], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode(text: str) -> Place | None:
    """Read what `encode` wrote; None for ""; raises InvalidInput for anything else."""
    if not text:
        return None
    try:
        return _unpacked(text)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        sentence = _("This is no cursor of this list: take it from “next”.")
        raise InvalidInput(sentence, field="cursor", code="invalid_cursor") from error


def _unpacked(text: str) -> Place:
    if len(text) > LONGEST_CURSOR:
        raise ValueError(len(text))
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    day, rank, key = json.loads(packed)
    if not (isinstance(day, str) and type(rank) is int and isinstance(key, str)):
        raise TypeError(text)
    return read_place(day, rank, key)
