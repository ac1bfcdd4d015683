"""CalDAV over HTTP: PROPFIND, REPORT, OPTIONS and GET of homes, calendars and items.

Nothing can be written: every other method is a 405 that names those there are. No cookie is read or
set, so that there is nothing for a forged request to use.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from itertools import chain
from typing import Final, TypeAlias

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from commitments.exceptions import InvalidInput
from timeline.actions.feed_fetches import note_fetch
from timeline.caldav.answers import Asked, Parts, tell_calendar, tell_home, tell_report
from timeline.caldav.calendars import DavCalendar, Item, Moment, public_id_in, read_items
from timeline.caldav.finding import Finder
from timeline.caldav.properties import ListedItem, item_type
from timeline.caldav.refusals import Refusal, not_found
from timeline.caldav.requests import (
    CalendarQuery,
    read_depth,
    read_propfind,
    read_report,
    wants_no_missing,
)
from timeline.caldav.xml import XML_TYPE, document, make
from timeline.feed_clients import family_of
from timeline.record_reader import read_head

DAV_CLASSES: Final = "1, 3, calendar-access"
TEXT_TYPE: Final = "text/plain; charset=utf-8"
REALM: Final = 'Basic realm="calendars", charset="UTF-8"'
READS: Final = ("GET", "HEAD", "OPTIONS", "PROPFIND")

View: TypeAlias = Callable[..., HttpResponseBase]
_Respond: TypeAlias = Callable[[HttpRequest, DavCalendar], HttpResponseBase]


@csrf_exempt
def well_known(_request: HttpRequest) -> HttpResponseBase:
    """Where clients begin that know the host only (RFC 6764 section 5)."""
    return HttpResponsePermanentRedirect(reverse("dav:home"))


def home(find: Finder) -> View:
    """The view of a home: what a client asks first, to learn where the calendar is."""
    return _view(find, READS, _respond_of_home)


def calendar(find: Finder) -> View:
    """The view of a calendar."""
    return _view(find, (*READS, "REPORT"), _respond_of_calendar)


def item(find: Finder) -> View:
    """The view of an item, by the keyword `name`."""

    @csrf_exempt
    def view(request: HttpRequest, *, name: str, **where: str) -> HttpResponseBase:
        def respond(request: HttpRequest, calendar: DavCalendar) -> HttpResponseBase:
            return _respond_of_item(request, calendar, name)

        return _answered(request, find, READS, respond, where)

    return view


def _view(find: Finder, methods: tuple[str, ...], respond: _Respond) -> View:
    @csrf_exempt
    def view(request: HttpRequest, **where: str) -> HttpResponseBase:
        return _answered(request, find, methods, respond, where)

    return view


def _answered(
    request: HttpRequest,
    find: Finder,
    methods: tuple[str, ...],
    respond: _Respond,
    where: dict[str, str],
) -> HttpResponseBase:
    """The answer to any method; nothing is looked up for those that there are not."""
    if request.method not in methods or request.method == "OPTIONS":
        is_known = request.method == "OPTIONS"
        response: HttpResponseBase = HttpResponse(status=200 if is_known else 405)
        response["Allow"] = ", ".join(methods)
    else:
        try:
            response = respond(request, find(request, **where))
        except Refusal as error:
            response = _refused(error)
        except InvalidInput:
            response = _refused(not_found())
    response["DAV"] = DAV_CLASSES
    # Kept by the reader's program only, and asked for anew each time.
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Vary"] = "Authorization"
    return response


def _respond_of_home(request: HttpRequest, calendar: DavCalendar) -> HttpResponseBase:
    if request.method != "PROPFIND":
        return _told_to_a_person(calendar)
    depth, asked = _propfind(request, calendar)
    return _multistatus(tell_home(asked, _moment(), depth=depth))


def _respond_of_calendar(request: HttpRequest, calendar: DavCalendar) -> HttpResponseBase:
    if request.method not in {"PROPFIND", "REPORT"}:
        return _told_to_a_person(calendar)
    moment = _moment()
    if request.method == "PROPFIND":
        depth, asked = _propfind(request, calendar)
        response = _multistatus(tell_calendar(asked, moment, depth=depth))
    else:
        response = _multistatus(_report(request, calendar, moment))
    family = family_of(request.headers.get("User-Agent", ""))
    note_fetch(feed=calendar.feed, family=family, number=moment.head, now=moment.now)
    return response


def _report(request: HttpRequest, calendar: DavCalendar, moment: Moment) -> Parts:
    report = read_report(request)
    depth = read_depth(request.headers, default="1")
    if isinstance(report, CalendarQuery) and depth == "0":
        return iter(())  # about the collection itself, which is no item (RFC 4791 section 7.8)
    asked = Asked(calendar, report.wanted, is_brief=wants_no_missing(request.headers))
    return tell_report(asked, report, moment)


def _respond_of_item(request: HttpRequest, calendar: DavCalendar, name: str) -> HttpResponseBase:
    public_id = public_id_in(name)
    found = read_items(calendar, _moment(), among={public_id}).get(name) if public_id else None
    if found is None:
        raise not_found()
    if request.method != "PROPFIND":
        return _served(request, found)
    asked = _asked(request, calendar)
    return _multistatus(iter([asked.of(calendar.path + name, ListedItem(calendar, found.facts))]))


def _propfind(request: HttpRequest, calendar: DavCalendar) -> tuple[str, Asked]:
    """The depth of a PROPFIND and what it asks for; RFC 4918 section 9.1 for "infinity"."""
    depth = read_depth(request.headers, default="infinity")
    if depth == "infinity":
        sentence = "Depth: send 0 or 1."
        raise Refusal(HTTPStatus.FORBIDDEN, sentence, condition="D:propfind-finite-depth")
    return depth, _asked(request, calendar)


def _asked(request: HttpRequest, calendar: DavCalendar) -> Asked:
    wanted = read_propfind(request)
    return Asked(calendar, wanted, is_brief=wants_no_missing(request.headers))


def _moment() -> Moment:
    return Moment(now=timezone.now(), head=read_head())


def _served(request: HttpRequest, found: Item) -> HttpResponseBase:
    """The bytes of an item, or 304 for who has them."""
    response = HttpResponse(found.body, content_type=item_type(found.facts))
    response["ETag"] = found.facts.etag
    response["Last-Modified"] = http_date(found.facts.changed_at.timestamp())
    conditional = get_conditional_response(request, etag=found.facts.etag, response=response)
    return conditional if conditional is not None else response


def _told_to_a_person(calendar: DavCalendar) -> HttpResponse:
    sentence = f"{calendar.name}\n\nThis address is for calendar programs that know CalDAV.\n"
    return HttpResponse(sentence, content_type=TEXT_TYPE)


def _multistatus(parts: Parts) -> HttpResponseBase:
    """The answer in one piece, or where it has more than a block, in blocks as they are made.

    What can be refused is refused while the first is made.
    """
    blocks = document("D:multistatus", parts)
    first, second = next(blocks), next(blocks, None)
    status = HTTPStatus.MULTI_STATUS
    if second is None:
        return HttpResponse(first, status=status, content_type=XML_TYPE)
    rest = chain((first, second), blocks)
    return StreamingHttpResponse(rest, status=status, content_type=XML_TYPE)


def _refused(error: Refusal) -> HttpResponse:
    if error.condition:
        body: bytes | str = b"".join(document("D:error", [make(error.condition)]))
        response = HttpResponse(body, status=error.status, content_type=XML_TYPE)
    else:
        body = f"{error.message}\n"
        response = HttpResponse(body, status=error.status, content_type=TEXT_TYPE)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = REALM
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "60"
    return response
