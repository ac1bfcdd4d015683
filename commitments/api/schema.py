"""How the API describes itself: what every operation shares, and the filters as parameters."""

from __future__ import annotations

from typing import Any, Final

import django_filters
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.generics import ListAPIView

from commitments.api import languages
from commitments.api.errors import MEDIA_TYPE
from commitments.api.permissions import needed_scope
from commitments.api.renderers import CsvRenderer, JsonLdRenderer, JsonRenderer
from commitments.api.security import security_of
from commitments.api.serializers.problems import ProblemSerializer
from commitments.api.shape import EXPAND, FIELDS
from commitments.filters import CommitmentFilter
from commitments.models.version import Axis
from commitments.parameters import LONGEST_VALUE

_HEADERS: Final = {
    "ETag": "Its version: send it back in If-None-Match, and an unchanged answer is 304.",
    "Link": "The next and the previous page (RFC 8288).",
    "Content-Language": "The language of the texts.",
}

# What the other formats are for a program that does not know them.
_WRITTEN: Final = {
    CsvRenderer.format: OpenApiTypes.STR,
    JsonLdRenderer.format: OpenApiTypes.OBJECT,
}

_FIELDS: Final = (
    "\n\n`fields` may be sent as well: names with commas between them, and dots for what lies "
    "within. Then only these fields are there, though others are required here."
)


class ApiSchema(AutoSchema):
    """Adds what `base.PublicView` does for every view: language, headers and problems."""

    def get_summary(self) -> str:
        """The first sentence about the view: what a reader sees before unfolding anything."""
        return self.get_description().partition("\n")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """With `fields` told in words: as a parameter it would make every field optional."""
        told: str = super().get_description()
        if self.method == "GET" and FIELDS in getattr(self.view, "parameters", ()):
            told += _FIELDS
        return told

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Say what a reader may leave empty: a form sends every field that was not filled in."""
        operation = super().get_operation(*args, **kwargs)
        for parameter in (operation or {}).get("parameters", ()) if self.method == "GET" else ():
            if parameter["in"] != "query" or parameter.get("required"):
                continue
            if (items := parameter["schema"].get("items")) is None:
                parameter["allowEmptyValue"] = True
            elif "enum" in items:
                parameter["schema"]["items"] = {**items, "enum": [*items["enum"], ""]}
        return operation

    def get_auth(self) -> list[dict[str, Any]]:
        return security_of(self.view, self.method, super().get_auth())

    def get_override_parameters(self) -> list[Any]:
        names = ["ETag", "Content-Language"] + (
            ["Link"] if isinstance(self.view, ListAPIView) else []
        )
        headers = [
            OpenApiParameter(
                name,
                str,
                OpenApiParameter.HEADER,
                description=_HEADERS[name],
                response=[200],
            )
            for name in names
        ]
        return [*super().get_override_parameters(), *self._common_parameters(), *headers]

    def _common_parameters(self) -> list[OpenApiParameter]:
        formats = [renderer.format for renderer in self._renderers()]
        common = [OpenApiParameter("format", str, enum=formats, description="Instead of Accept.")]
        if self.method == "GET":
            common += _expand_parameter(self.view)
        if getattr(self.view, "answers_in_language_parameter", False):
            common.append(
                OpenApiParameter(
                    languages.PARAMETER,
                    str,
                    enum=languages.known_languages(),
                    description="Of the texts; without it, the header Accept-Language decides.",
                )
            )
        return common

    def get_response_serializers(self) -> Any:
        problems = {
            (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=description)
            for status, description in self._problems().items()
        }
        unchanged = OpenApiResponse(description="Nothing has changed since the given ETag.")
        others = {
            (200, renderer.media_type): OpenApiResponse(_WRITTEN[renderer.format])
            for renderer in self._renderers()
            if renderer.format in _WRITTEN
        }
        told = {(200, JsonRenderer.media_type): super().get_response_serializers(), **others}
        return {**told, 304: unchanged, **problems}

    def _renderers(self) -> list[Any]:
        """The formats of the answer; what is written is answered in JSON only."""
        classes = getattr(self.view, "renderer_classes", [])
        return list(classes) if self.method == "GET" else [JsonRenderer]

    def _problems(self) -> dict[int, str]:
        found = {
            400: "A parameter is unknown or not valid.",
            401: "The key that was sent is not a good one, or one is needed.",
            406: "No such format.",
            429: "Too many requests.",
        }
        needs_scope = needed_scope(self.view, self.method) is not None
        if needs_scope or getattr(self.view, "may_need_scope", False):
            found[403] = "The key has not the scope."
        if "{" in self.path:
            found[404] = "There is nothing at this address."
        return found


def _expand_parameter(view: Any) -> list[OpenApiParameter]:
    """`expand`, where the view has it, with the names that it may have."""
    if EXPAND not in view.parameters:
        return []
    items = {"type": "string", "enum": sorted(view.expandable)}
    return [
        OpenApiParameter(
            EXPAND,
            {"type": "array", "items": items},
            style="form",
            explode=False,
            description="In full what is only named else. Between names stand commas.",
        )
    ]


def filter_parameters() -> list[OpenApiParameter]:
    """The filters of `CommitmentFilter`, each as a parameter of the query."""
    return [_parameter(name, one) for name, one in CommitmentFilter.base_filters.items()]


def _parameter(name: str, declared: django_filters.Filter) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "string", "maxLength": LONGEST_VALUE}
    if isinstance(declared, django_filters.DateFilter):
        schema = {"type": "string", "format": "date"}
    elif choices := declared.extra.get("choices"):
        schema = {"type": "string", "enum": [value for value, _label in choices]}
    if isinstance(declared, django_filters.MultipleChoiceFilter):
        schema = {"type": "array", "items": schema}
    description = declared.extra.get("help_text") or declared.label
    return OpenApiParameter(name, schema, description=str(description))


def as_of_parameters() -> list[OpenApiParameter]:
    """The day that commitments can be asked for, as parameters."""
    return [
        OpenApiParameter("as_of", OpenApiTypes.DATE, description="As of the end of that day, UTC."),
        OpenApiParameter(
            "as_of_time",
            str,
            enum=Axis.values,
            description="What was known on that day, or how it stood then by what is known now.",
        ),
    ]
