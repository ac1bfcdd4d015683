"""What every answer of the API shares: parameters, language, validators, and who may read it.

The data are public: a page of any origin may read them, and nobody has to say who they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Model, prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.api import languages, pagination
from commitments.api.errors import problem_document
from commitments.api.pagination import KeysetPagination
from commitments.api.problems import PRECONDITION_FAILED
from commitments.api.relations import Relations
from commitments.exceptions import InvalidInput
from commitments.ordering import Order
from commitments.parameters import refuse_unknown, refuse_unreadable

COMMON_PARAMETERS: Final = (languages.PARAMETER, "format")
READING: Final = frozenset({"GET", "HEAD"})

AnyModel = TypeVar("AnyModel", bound=Model)


class PublicView(APIView):
    """A view that everybody may read; `parameters` are the names that its query may have."""

    parameters: ClassVar[Collection[str]] = COMMON_PARAMETERS
    repeatable: ClassVar[Collection[str]] = ()
    answers_in_language_parameter: ClassVar[bool] = True
    now: datetime
    language: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by_parameter = self.answers_in_language_parameter
        self.language = languages.asked_language(request, by_parameter=by_parameter)
        with translation.override(self.language):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        if request.method in READING:
            self._check_parameters(request.query_params)

    def _check_parameters(self, params: QueryDict) -> None:
        refuse_unknown(params, self.parameters)
        # A cursor is longer than any other value; what it says is checked where it is read.
        others = params.copy()
        others.setlist("cursor", ["" for _cursor in params.getlist("cursor")])
        refuse_unreadable(others, repeatable=self.repeatable)
        asked = params.get(languages.PARAMETER, "")
        known = languages.known_languages()
        if self.answers_in_language_parameter and asked and asked not in known:
            sentence = _("“%(value)s” is not known here. Known: %(known)s.")
            values = {"value": asked, "known": ", ".join(known)}
            raise InvalidInput(
                sentence % values, field=languages.PARAMETER, code="unknown_language"
            )

    def options(self, *_args: Any, **_kwargs: Any) -> Response:
        """Answer a browser that asks beforehand whether it may read (CORS preflight)."""
        answer = Response()
        answer["Access-Control-Allow-Methods"] = ", ".join(self.allowed_methods)
        answer["Access-Control-Allow-Headers"] = "If-None-Match, If-Match"
        answer["Access-Control-Max-Age"] = "86400"
        return answer

    def version(self) -> str:
        """What stands before the hash in the ETag: the revision of what is shown, if it has one."""
        return ""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        final["Content-Language"] = self.language
        patch_vary_headers(final, ["Accept-Language"])
        _open_to_all(final)
        if isinstance(final, Response) and request.method in READING:
            final.add_post_render_callback(self._validated)
        return final

    def _validated(self, rendered: Any) -> HttpResponseBase:
        """Give the answer its ETag, or answer 304 or 412 in its place (RFC 9110, 13).

        The tag is a hash of the bytes: it stays while nothing that can be seen changes, and
        changes with all that can, such as a schedule that moves on with the day.
        """
        digest = hashlib.sha256(rendered.content).hexdigest()[:32]
        version = self.version()
        rendered["ETag"] = f'"{version}-{digest}"' if version else f'"{digest}"'
        # Keep it, but ask each time: a change must be seen at once.
        rendered["Cache-Control"] = "public, no-cache"
        request = self.request._request  # noqa: SLF001 - Django wants its own request
        answer: Any = get_conditional_response(request, etag=rendered["ETag"], response=rendered)
        if answer.status_code == PRECONDITION_FAILED.status:
            with translation.override(self.language):  # `dispatch` is over
                answer = problem_document(PRECONDITION_FAILED)
            answer["ETag"] = rendered["ETag"]
        return _open_to_all(answer)


def _open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Content-Language"
    return response


class Fetching(PublicView):
    """What list and detail share: relations are fetched for a whole page at once."""

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
        }


class PublicList(Fetching, ListAPIView[AnyModel]):
    """A list in pages, in a stated order."""

    pagination_class = KeysetPagination
    parameters: ClassVar[Collection[str]] = (*COMMON_PARAMETERS, *pagination.PARAMETERS)

    def order(self) -> Order:
        raise NotImplementedError

    def ready(self, rows: list[Any]) -> list[Any]:
        """The rows of a page with what is fetched beside them."""
        prefetch_related_objects(rows, *self.relations())
        return rows


class PublicDetail(Fetching, RetrieveAPIView[AnyModel]):
    """One record by its public name."""

    def get_object(self) -> AnyModel:
        row = super().get_object()
        prefetch_related_objects([row], *self.relations())
        return row
