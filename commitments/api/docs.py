"""The description of the API: for programs (OpenAPI), and for people to read and try."""

from __future__ import annotations

import functools
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.base import PublicView
from commitments.api.negotiation import OnlyFormat


@functools.cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document, in English: it is part of the contract and never varies."""
    with translation.override("en"):
        generator: Any = SchemaGenerator  # it bears no types
        document: dict[str, Any] = generator().get_schema(public=True)
    return document


class Schema(PublicView):
    """The OpenAPI document, as JSON or (`?format=yaml`, or by Accept) as YAML."""

    renderer_classes = (
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    )

    @extend_schema(exclude=True)
    def get(self, _request: Request) -> Response:
        return Response(openapi())


class Docs(PublicView):
    """The same document to read and to try, by Swagger UI; nothing is loaded from elsewhere."""

    content_negotiation_class = OnlyFormat

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        return render(request, "commitments/api/docs.html")
