"""What a browser is told with every answer.

The content security policy is strict everywhere, a little looser in the admin and the API docs.
"""

from collections.abc import Callable

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


# Nothing here looks, listens or pays. The lists of subscriptions copy an address when asked to.
_UNUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in _UNUSED)


def headers_of_every_answer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Say which powers of a browser a page may use, and that other sites may not load it.

    What is made for other sites says so itself: a feed or an answer of the API by its CORS header
    (Fetch standard, Access-Control-Allow-Origin), a picture by the header that would be set here.
    The first middleware: it sees redirects and refusals of the others as well.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        is_open = response.has_header("Access-Control-Allow-Origin") or getattr(
            response, "xframe_options_exempt", False
        )
        policy = "cross-origin" if is_open else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", policy)
        return response

    return answer
