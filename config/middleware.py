"""The content security policy: strict everywhere, a little looser in the admin and the API docs."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

# The admin's theme computes in attributes (Alpine.js), which a browser counts as "eval"; theme and
# API docs set styles. No script of a page itself runs anywhere.
LOOSER = {
    "/admin/": {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]},
    "/api/v1/docs/": {"style-src": [SELF, UNSAFE_INLINE]},
}


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp's middleware, with exceptions by address."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - the signature is django-csp's
    ) -> PolicyParts:
        """Return the parts of the header for one response."""
        parts = super().get_policy_parts(request, response, report_only=report_only)
        for path, directives in LOOSER.items():
            if request.path.startswith(path):
                parts.update = directives | dict(parts.update or {})
        return parts
