"""Calendar feeds over HTTP (RFC 9110): strong ETag, 304, HEAD. Public, so anybody may keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from commitments.exceptions import InvalidInput
from timeline.feeds import read_choices, render_feed

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponseBase:
    """`/feeds/commitments.ics?<the same filter as the page and the API>`; GET and HEAD."""
    try:
        choices, selection = read_choices(request.GET)
        feed = render_feed(choices, selection, now=timezone.now())
    except InvalidInput as error:
        sentence = f"{error.field}: {error.message}\n"
        return HttpResponse(sentence, status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(feed.body, content_type=CALENDAR_TYPE)
    response["ETag"] = feed.etag
    if feed.changed_at is not None:
        response["Last-Modified"] = http_date(feed.changed_at.timestamp())
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Disposition"] = 'inline; filename="commitments.ics"'
    response["Access-Control-Allow-Origin"] = "*"
    # Only the ETag decides: the date of the last change can stand still while an item leaves.
    conditional = get_conditional_response(request, etag=feed.etag, response=response)
    return conditional if conditional is not None else response
