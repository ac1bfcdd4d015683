"""How the OpenAPI document says who may come: a key, or the session of the desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from commitments.api.permissions import needed_scope

NOBODY: dict[str, list[str]] = {}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it has none
    """`Authorization: Bearer <key>`."""

    target_class = "commitments.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """As OpenAPI has it for RFC 6750."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the API: a person of the desk issues it there.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # as above
    """The cookie of the desk, for trying things out in the page of the docs."""

    target_class = "commitments.api.authentication.SessionWithCsrf"
    name = "session"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """A cookie; writes need the header X-CSRFToken as well."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Being logged in at the desk; writes send X-CSRFToken as well.",
        }


def security_of(view: Any, method: str, schemes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one operation asks for: any of `schemes`, or nothing at all where it is public."""
    named = [scheme for scheme in schemes if scheme]
    return [NOBODY, *named] if needed_scope(view, method) is None else named
