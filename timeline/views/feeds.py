"""Calendar feeds over HTTP (RFC 9110): strong ETags, 304, HEAD, gzip that was made before.

Two representations, two strong ETags: `"<digest>"` for the plain bytes, `"<digest>-gzip"` for the
packed ones (RFC 9110 section 8.8.3.3). Whoever asks with either gets 304 for the one they have:
which of them is sent is ours to choose, and we choose theirs. Only the ETag decides: dates have
whole seconds, and the changes of two editors are not recorded in the order of their clocks.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from commitments.exceptions import InvalidInput
from commitments.public_ids import PATTERN
from timeline.actions.feed_fetches import fetch_key, note_fetch
from timeline.feed_clients import family_of
from timeline.feeds import asking
from timeline.feeds.bytes import Stamp, Wanted, find_stamp, read_body, stamp_key
from timeline.feeds.personal import feed_for
from timeline.models import PersonalFeed
from timeline.record_reader import read_head, read_merged_into
from timeline.record_stamp import last_number_and
from timeline.views.clients import guesses_too_much

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"
TEXT_TYPE: Final = "text/plain; charset=utf-8"
_PUBLIC_ID: Final = re.compile(PATTERN)
_NO_WEIGHT: Final = re.compile(r"q=0(\.0*)?")

PUBLIC: Final = {
    # A minute for everybody on the way; a proxy of ours may give an old one while it gets the new.
    "Cache-Control": "public, max-age=60, stale-while-revalidate=60",
    "Access-Control-Allow-Origin": "*",
}
PRIVATE: Final = {
    # Kept by the reader's own program only, and asked for anew each time: so that 304 works, and a
    # revoked feed stops at once.
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponseBase:
    """`/feeds/commitments.ics?<the same filter as the page and the API>`; GET and HEAD."""
    try:
        wanted = asking.public_feed_at(_query(request))
        return _public(request, wanted, "commitments.ics")
    except InvalidInput as error:
        return _refused(error)


@require_safe
def one_commitment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/c/<public id>.ics`: one commitment to keep, or the tombstone of one that was taken back."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return _not_found()
    kept = read_merged_into(public_id)
    if kept is not None:
        address, query = reverse("commitment_calendar", args=[kept]), request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    try:
        wanted = asking.feed_of_one(public_id, request.GET)
        return _public(request, wanted, f"{public_id}.ics", is_one=True)
    except InvalidInput as error:
        return _refused(error)


@require_safe
def personal_feed(request: HttpRequest, public_id: str, secret: str) -> HttpResponseBase:
    """`/feeds/<public id>/<secret>.ics`; what is unknown, revoked or wrong is the same 404."""
    feed = feed_for(public_id, secret)
    if feed is None:
        if guesses_too_much(request):
            return _with({"Retry-After": "60"}, _text("Try again in a minute.\n", status=429))
        return _with(PRIVATE, _not_found())
    try:
        return _personal(request, feed)
    except InvalidInput as error:
        return _with(PRIVATE, _refused(error))


def _public(
    request: HttpRequest, wanted: Wanted, file_name: str, *, is_one: bool = False
) -> HttpResponseBase:
    now, family = timezone.now(), family_of(request.headers.get("User-Agent", ""))
    stamped, noted = stamp_key(wanted, now=now), fetch_key(None, family)
    number, known = last_number_and([stamped, noted])
    stamp = find_stamp(wanted, number=number, now=now, kept=known.get(stamped))
    if is_one and not stamp.entries:
        return _not_found()
    disposition = "attachment" if is_one else "inline"
    headers = {**PUBLIC, "Content-Disposition": f'{disposition}; filename="{file_name}"'}
    response = _with(headers, _answer(request, wanted, stamp, now))
    if noted not in known:
        note_fetch(feed=None, family=family, number=stamp.number, now=now)
    return response


def _personal(request: HttpRequest, feed: PersonalFeed) -> HttpResponseBase:
    now, family = timezone.now(), family_of(request.headers.get("User-Agent", ""))
    wanted = asking.personal_feed(feed)
    stamp = find_stamp(wanted, number=read_head(), now=now)
    headers = {**PRIVATE, "Content-Disposition": 'inline; filename="commitments.ics"'}
    response = _with(headers, _answer(request, wanted, stamp, now))
    note_fetch(feed=feed, family=family, number=stamp.number, now=now)
    return response


def _query(request: HttpRequest) -> bytes:
    """The query string as it was sent (WSGI hands out octets as Latin-1, PEP 3333)."""
    return str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")


def _answer(request: HttpRequest, wanted: Wanted, stamp: Stamp, now: datetime) -> HttpResponse:
    """304 where the client has one of our representations, else the one that it takes."""
    packs = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    held = _held(request.headers.get("If-None-Match", ""), stamp, packs=packs)
    if held:
        return _described(HttpResponseNotModified(), wanted, stamp, etag=held)
    stamp, packed = read_body(wanted, stamp, now=now)
    body = packed if packs else gzip.decompress(packed)
    response = HttpResponse(body, content_type=CALENDAR_TYPE)
    if packs:
        response["Content-Encoding"] = "gzip"
    return _described(response, wanted, stamp, etag=_etag(stamp, is_packed=packs))


def _described(response: HttpResponse, wanted: Wanted, stamp: Stamp, *, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Content-Language"] = wanted.choices.language
    if stamp.changed_at is not None:
        response["Last-Modified"] = http_date(stamp.changed_at.timestamp())
    return response


def _etag(stamp: Stamp, *, is_packed: bool) -> str:
    return f'"{stamp.digest}-gzip"' if is_packed else f'"{stamp.digest}"'


def _held(if_none_match: str, stamp: Stamp, *, packs: bool) -> str:
    """The ETag of the representation that the client has, "" for none (RFC 9110 13.1.2).

    The comparison is the weak one: a proxy that packs anew has weakened ours to `W/"..."`.
    """
    theirs = {etag.removeprefix("W/") for etag in parse_etags(if_none_match)}
    ours = [_etag(stamp, is_packed=packs), _etag(stamp, is_packed=not packs)]
    if "*" in theirs:
        return ours[0]
    return next((etag for etag in ours if etag in theirs), "")


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is among the codings that the client takes (RFC 9110 section 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        coding, _semicolon, weight = part.replace(" ", "").partition(";")
        if coding in {"gzip", "x-gzip", "*"}:
            return not _NO_WEIGHT.fullmatch(weight)
    return False


def _with(headers: Mapping[str, str], response: HttpResponse) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


def _refused(error: InvalidInput) -> HttpResponse:
    return _text(f"{error.field}: {error.message}\n", status=400)


def _not_found() -> HttpResponse:
    return _text("There is no such calendar.\n", status=404)


def _text(sentence: str, *, status: int) -> HttpResponse:
    """A sentence for whoever looks; it is in the one language of addresses without any."""
    response = HttpResponse(sentence, status=status, content_type=TEXT_TYPE)
    response["Content-Language"] = settings.LANGUAGE_CODE
    return response
