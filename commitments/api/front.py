"""The first address with its links, what the problems mean, and what all other addresses say."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import resolve, reverse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.addresses import address
from commitments.api.base import PublicView
from commitments.api.problems import KINDS
from commitments.api.serializers.problems import ProblemKindSerializer, ProblemKindsSerializer

ROUTES = (
    *("commitments", "parties", "topics", "sources"),
    *("citations", "status_changes", "date_moves", "values", "statistics"),
    *("windows", "problems", "schema", "docs"),
)
UNKNOWN = "unknown"


def _routes_above() -> dict[str, str]:
    """What the rooms above add to the API, as the settings say: nothing here may import them."""
    return {at.rpartition(":")[2]: at for at in settings.API_FRONT}


class Front(PublicView):
    """Where everything begins: the address of each resource."""

    serializer_class = inline_serializer(
        "Front", {name: serializers.URLField() for name in (*ROUTES, *_routes_above())}
    ).__class__

    @extend_schema(operation_id="front", tags=["front"])
    def get(self, _request: Request) -> Response:
        links = {"Link": f'<{address("schema")}>; rel="service-desc"'}
        above = {name: settings.SITE_URL + reverse(at) for name, at in _routes_above().items()}
        return Response({name: address(name) for name in ROUTES} | above, headers=links)


class ProblemList(PublicView):
    """The kinds of problem that this API tells of."""

    serializer_class = ProblemKindsSerializer

    @extend_schema(operation_id="problems_list")
    def get(self, _request: Request) -> Response:
        return Response(ProblemKindsSerializer({"results": KINDS.values()}).data)


class ProblemDetail(PublicView):
    """What a problem means and what to do."""

    serializer_class = ProblemKindSerializer

    @extend_schema(operation_id="problems_retrieve")
    def get(self, _request: Request, name: str) -> Response:
        if name not in KINDS:
            raise NotFound
        return Response(ProblemKindSerializer(KINDS[name]).data)


class UnknownAddress(PublicView):
    """Everything else below `/api/v1/`: 404 as a problem; a forgotten slash is put right."""

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        # An address that does not exist has no parameters that could be wrong.
        self.perform_content_negotiation(request, force=True)

    @extend_schema(exclude=True)
    def get(self, request: Request, path: str) -> HttpResponsePermanentRedirect:
        try:
            known = resolve(f"{request.path_info}/").url_name != UNKNOWN
        except Http404:
            known = False
        if path.endswith("/") or not known:
            raise NotFound
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return HttpResponsePermanentRedirect(f"{request.path}/{query}")

    def http_method_not_allowed(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise NotFound
