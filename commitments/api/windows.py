"""Read the words of a date: the same answers as `manage.py read_date`."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.base import PublicView
from commitments.api.languages import known_languages
from commitments.api.serializers.windows import PhraseSerializer
from commitments.exceptions import InvalidInput
from commitments.parameters import LONGEST_VALUE
from commitments.phrases import read_phrase, window_answer
from commitments.window import Hemisphere


class PhraseReading(PublicView):
    """Read the words of a date, in English, Russian or Kazakh, as a window of time.

    No part of a date is ever invented: what is not understood is an error with the `nearest`
    phrases that are. `language` is that of the words; the answer has all three.
    """

    serializer_class = PhraseSerializer
    parameters = ("text", "said_on", "language", "hemisphere", "format")
    answers_in_language_parameter = False

    @extend_schema(
        operation_id="windows_read",
        parameters=[
            OpenApiParameter(
                "text",
                {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE},
                required=True,
                description="As “spring 2025”, or EDTF.",
            ),
            OpenApiParameter(
                "said_on",
                OpenApiTypes.DATE,
                description="The date of the source: “next year” counts from it.",
            ),
            OpenApiParameter(
                "language", str, enum=["en", "ru", "kk"], default="en", description="Of the words."
            ),
            OpenApiParameter(
                "hemisphere",
                str,
                enum=[one.value for one in Hemisphere],
                default=Hemisphere.NORTH.value,
                description="Of the place: it decides which months a season is.",
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        params = request.query_params
        text = params.get("text", "")
        if not text:
            raise InvalidInput(
                _("Write the words of a date here, as “spring 2025”."),
                field="text",
                code="required",
            )
        reading = read_phrase(
            text,
            said_on=_day(params.get("said_on", "")),
            language=_one_of(known_languages(), "language", params.get("language", "")),
            hemisphere=Hemisphere(
                _one_of(list(Hemisphere), "hemisphere", params.get("hemisphere", ""))
            ),
        )
        return Response(window_answer(reading.window))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            _("Write a day as 2026-12-31."), field="said_on", code="invalid_parameter"
        ) from error


def _one_of(known: list[str], name: str, value: str) -> str:
    """`value` if it is known; the first of `known` where it was not given."""
    if value in known:
        return value
    if not value:
        return known[0]
    sentence = _("“%(value)s” is not known here. Known: %(known)s.")
    values = {"value": value, "known": ", ".join(known)}
    raise InvalidInput(sentence % values, field=name, code="invalid_parameter")
