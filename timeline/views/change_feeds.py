"""Feeds of changes over HTTP (RFC 9110): strong ETag, 304, HEAD. Anybody may keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from commitments.exceptions import InvalidInput
from timeline.feeds.changes import MEDIA_TYPES, Format, render_change_feed


@require_safe
def atom_feed(request: HttpRequest) -> HttpResponseBase:
    """`/feeds/changes.atom?<the same filter as the page and the API>`; GET and HEAD."""
    return _feed(request, "atom")


@require_safe
def json_feed(request: HttpRequest) -> HttpResponseBase:
    """`/feeds/changes.json?<the same filter>`; GET and HEAD."""
    return _feed(request, "json")


def _feed(request: HttpRequest, form: Format) -> HttpResponseBase:
    try:
        feed = render_change_feed(request.GET, form=form, now=timezone.now())
    except InvalidInput as error:
        sentence = f"{error.field}: {error.message}\n"
        return HttpResponse(sentence, status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(feed.body, content_type=MEDIA_TYPES[form])
    response["ETag"] = feed.etag
    response["Last-Modified"] = http_date(feed.changed_at.timestamp())
    response["Cache-Control"] = "public, max-age=60, stale-while-revalidate=60"
    response["Access-Control-Allow-Origin"] = "*"
    # Only the ETag decides: the date of the last change can stand still while an entry leaves.
    conditional = get_conditional_response(request, etag=feed.etag, response=response)
    return conditional if conditional is not None else response
