"""The language of an answer: a page has it in its address, at the desk the editor chooses it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but for the admin.

    Django gives every page without a language in its address the default one. The admin has none
    in its addresses either: there the editor's choice decides (a cookie), or else the browser's.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of this request."""
        super().process_request(request)
        if request.path_info.startswith(reverse("admin:index")):
            translation.activate(translation.get_language_from_request(request))
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave alone what says itself in which language it is: its address decided that."""
        if response.has_header("Content-Language"):
            return response
        return super().process_response(request, response)
