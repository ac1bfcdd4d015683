"""What the views share that are about the caller alone: who is let in, and what nobody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.authentication import SIGNED_IN
from commitments.api.base import PublicView
from commitments.api.errors import MEDIA_TYPE
from commitments.api.parsing import JsonParser
from commitments.api.serializers.problems import ProblemSerializer
from commitments.models import Scope

READS: Final[Mapping[str, Scope | None]] = {"GET": Scope.READ}
_PROBLEMS: Final = {
    400: "The body, or a parameter, is not valid.",
    401: "No key, or not a good one.",
    403: "The key has not the scope.",
    404: "There is nothing at this address, or it is somebody else's.",
    406: "No such format.",
    429: "Too many requests.",
}
_OF_A_BODY: Final = {
    409: "The same request is still running.",
    413: "The body is too long.",
    415: "The body is in no format that we read.",
    422: "The Idempotency-Key came before with another request.",
}


class CallersOwn(PublicView):
    """A view of what belongs to the caller: a key or a session is needed for all of it."""

    authentication_classes = SIGNED_IN
    scopes: ClassVar[Mapping[str, Scope | None]] = READS

    def get_parsers(self) -> list[BaseParser]:
        return [JsonParser()]

    def check_permissions(self, request: Request) -> None:
        """What is not possible here is so for everybody; a browser asks before it is known."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        if request.method != "OPTIONS":
            super().check_permissions(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response):
            final.add_post_render_callback(_kept_by_nobody)
        else:
            _kept_by_nobody(final)
        return final


def _kept_by_nobody(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Cache-Control"] = "private, no-store"
    return answer


def problems(*, with_body: bool = False) -> dict[Any, OpenApiResponse]:
    """The errors of an operation on the caller's own, for its description."""
    found = _PROBLEMS | (_OF_A_BODY if with_body else {})
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=description)
        for status, description in sorted(found.items())
    }


def unchanged() -> OpenApiResponse:
    """The answer to a validator that still holds."""
    return OpenApiResponse(description="Nothing has changed since the given ETag.")
