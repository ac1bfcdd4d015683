"""What every answer of the API shares: parameters, language, validators, and who may read it.

The data are public: a page of any origin may read them, and nobody has to say who they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Model, prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.api import known_tags, languages, limits, pagination
from commitments.api.authentication import caller_name
from commitments.api.csv_lists import csv_answer
from commitments.api.errors import problem_document
from commitments.api.pagination import KeysetPagination
from commitments.api.problems import PRECONDITION_FAILED
from commitments.api.relations import Relations
from commitments.api.renderers import CsvRenderer, JsonRenderer
from commitments.api.shape import EXPAND, FIELDS, WHOLE, Shape, read_shape
from commitments.ordering import Order
from commitments.parameters import refuse_unknown, refuse_unreadable

COMMON_PARAMETERS: Final = (languages.PARAMETER, "format")
READING: Final = frozenset({"GET", "HEAD"})
# What a page of another origin may send, and what of an answer it may read (CORS).
_SENT: Final = "Authorization, Content-Type, If-None-Match, If-Match, Idempotency-Key"
_READ: Final = (
    "ETag, Link, Location, Content-Language, Retry-After, RateLimit, RateLimit-Policy, "
    "Idempotency-Replayed, WWW-Authenticate"
)

AnyModel = TypeVar("AnyModel", bound=Model)


class PublicView(APIView):
    """A view that everybody may read; `parameters` are the names that its query may have."""

    parameters: ClassVar[Collection[str]] = COMMON_PARAMETERS
    repeatable: ClassVar[Collection[str]] = ()
    answers_in_language_parameter: ClassVar[bool] = True
    now: datetime
    language: str
    caller: str = ""  # "" for nobody that we know
    count: limits.Count | None = None
    # Whether the answers hang on the public record, the day and the address alone.
    of_the_record: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by_parameter = self.answers_in_language_parameter
        self.language = languages.asked_language(request, by_parameter=by_parameter)
        self.now = timezone.now()
        with translation.override(self.language):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)  # before what is asked is looked at
        if request.method in READING:
            self._check_parameters(request.query_params)

    def perform_authentication(self, request: Request) -> None:
        """Count the request before anything is refused: guessing keys counts by address."""
        try:
            super().perform_authentication(request)
            self.caller = caller_name(request)
        finally:
            wire = request._request  # noqa: SLF001 - Django's own request
            self.count = limits.count_request(
                caller=self.caller,
                method=str(request.method),
                address=limits.client_address(wire),
                now=self.now,
            )
            limits.demand_below(self.count)

    def _check_parameters(self, params: QueryDict) -> None:
        refuse_unknown(params, self.parameters)
        # These are longer than any other value; what they say is checked where they are read.
        others = params.copy()
        for name in ("cursor", FIELDS, EXPAND):
            if name in params:
                others.setlist(name, ["" for _value in params.getlist(name)])
        refuse_unreadable(others, repeatable=self.repeatable)
        if self.answers_in_language_parameter:
            languages.refuse_unknown_language(params)

    def options(self, *_args: Any, **_kwargs: Any) -> Response:
        """Answer a browser that asks beforehand whether it may read (CORS preflight)."""
        answer = Response()
        answer["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        answer["Access-Control-Allow-Headers"] = _SENT
        answer["Access-Control-Max-Age"] = "86400"
        return answer

    def version(self) -> str:
        """What stands before the hash in the ETag: the revision of what is shown, if it has one."""
        return ""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        final["Content-Language"] = self.language
        patch_vary_headers(final, ["Accept-Language", "Authorization"])
        open_to_all(final)
        limits.tell(self.count, final)
        if isinstance(final, Response) and request.method in READING:
            final.add_post_render_callback(self._validated)
        return final

    def _validated(self, rendered: Any) -> HttpResponseBase:
        """Give the answer its ETag, or answer 304 or 412 in its place (RFC 9110, 13).

        The tag is a hash of the bytes: it stays while nothing that can be seen changes, and
        changes with all that can, such as a schedule that moves on with the day.
        """
        rendered["ETag"] = entity_tag(rendered.content, self.version())
        # Keep it, but ask each time: a change must be seen at once.
        rendered["Cache-Control"] = f"{'private' if self.caller else 'public'}, no-cache"
        request = self.request._request  # noqa: SLF001 - Django wants its own request
        # What somebody with a session sees may be a draft: its tag is not for everybody.
        if self.of_the_record and not self.caller and rendered.status_code == HTTPStatus.OK:
            known_tags.keep(request, rendered)
        answer: Any = get_conditional_response(request, etag=rendered["ETag"], response=rendered)
        if answer.status_code == PRECONDITION_FAILED.status:
            with translation.override(self.language):  # `dispatch` is over
                answer = problem_document(PRECONDITION_FAILED)
            answer["ETag"] = rendered["ETag"]
        limits.tell(self.count, answer)
        return open_to_all(answer)


def reads_or_cannot(view: APIView, request: Any) -> bool:
    """Whether it is read, or is a method that `view` has not: 405 in whatever format was asked."""
    method = str(getattr(request, "method", "GET"))
    return method in READING or not hasattr(view, method.lower())


def entity_tag(content: bytes, version: str) -> str:
    """The strong ETag of an answer with these bytes; `version` is "" where it has none."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return f'"{version}-{digest}"' if version else f'"{digest}"'


def open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    """Let pages of every origin read the answer (CORS)."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = _READ
    return response


class Fetching(PublicView):
    """What list and detail share: relations are fetched for a whole page at once.

    `expandable` are the names that `expand` may have.
    """

    of_the_record = True
    expandable: ClassVar[Collection[str]] = ()
    repeatable: ClassVar[Collection[str]] = (FIELDS, EXPAND)
    shape: Shape = WHOLE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if {FIELDS, EXPAND} & set(request.query_params):
            serializer: Any = self
            self.shape = read_shape(
                request.query_params, serializer.get_serializer_class(), self.expandable
            )

    def get_renderers(self) -> list[Any]:
        """What is written is answered in JSON; other formats are for reading."""
        request = getattr(self, "request", None)
        return super().get_renderers() if reads_or_cannot(self, request) else [JsonRenderer()]

    def relations(self) -> Relations:
        """What to fetch beside the rows."""
        return []

    def get_serializer_context(self) -> dict[str, Any]:
        return {
            "request": self.request,
            "view": self,
            "format": self.format_kwarg,
            "language": getattr(self, "language", ""),
            "now": getattr(self, "now", None),
            # None only where the schema is made: it tells of all that may be asked for.
            "expand": self.shape.expand if getattr(self, "now", None) else None,
        }


class PublicList(Fetching, ListAPIView[AnyModel]):
    """A list in pages, in a stated order."""

    pagination_class = KeysetPagination
    renderer_classes = (JsonRenderer, CsvRenderer)
    parameters: ClassVar[Collection[str]] = (*COMMON_PARAMETERS, *pagination.PARAMETERS, FIELDS)

    def order(self) -> Order:
        raise NotImplementedError

    def ready(self, rows: list[Any]) -> list[Any]:
        """The rows of a page with what is fetched beside them."""
        prefetch_related_objects(rows, *self.relations())
        return rows

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """A page of it, in the shape that was asked for; as CSV the whole of it."""
        queryset = self.get_queryset()
        renderer: Any = getattr(request, "accepted_renderer", None)
        if renderer is not None and renderer.format == CsvRenderer.format:
            return csv_answer(self, queryset)
        rows = self.paginate_queryset(queryset)
        return self.get_paginated_response(self.shape.cut(self.shown(rows)))

    def shown(self, rows: Any) -> Any:
        """`rows` as JSON values."""
        return self.get_serializer(rows, many=True).data


class PublicDetail(Fetching, RetrieveAPIView[AnyModel]):
    """One record by its public name."""

    parameters: ClassVar[Collection[str]] = (*COMMON_PARAMETERS, FIELDS)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002
        """The record, in the shape that was asked for."""
        shown = self.get_serializer(self.get_object()).data
        return Response(self.shape.cut(shown))

    def get_object(self) -> AnyModel:
        row = super().get_object()
        prefetch_related_objects([row], *self.relations())
        return row
