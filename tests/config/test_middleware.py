"""The content security policy of pages, admin and API docs."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.middleware import ContentSecurityPolicy

pytestmark = pytest.mark.once


def _policy(path: str) -> dict[str, str]:
    def answer(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    response = ContentSecurityPolicy(answer)(RequestFactory().get(path))
    assert isinstance(response, HttpResponse)
    directives = response.headers["Content-Security-Policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


STRICT = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@pytest.mark.parametrize("path", ["/", "/ru/", "/administration/", "/api/v1/commitments/"])
def test_policy_is_strict_everywhere(path: str) -> None:
    assert _policy(path) == STRICT


def test_policy_lets_the_theme_of_the_admin_compute() -> None:
    assert _policy("/admin/commitments/") == STRICT | {
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
    }


def test_policy_lets_the_api_docs_have_their_styles() -> None:
    assert _policy("/api/v1/docs/") == STRICT | {"style-src": "'self' 'unsafe-inline'"}


def test_policy_of_one_address_does_not_leak_into_the_next() -> None:
    _policy("/admin/")
    assert _policy("/") == STRICT
