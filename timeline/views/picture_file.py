"""The picture in time as a file of its own: to be saved, printed, or shown elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.as_of import PARAMETERS
from commitments.exceptions import InvalidInput
from timeline.dates_in_words import day_in_words
from timeline.narrowing import Dimension
from timeline.presentation import filters
from timeline.presentation.lists import capitalised
from timeline.presentation.picture import PicturePage
from timeline.presentation.picture_choice import without_choice
from timeline.presentation.picture_file import MARGIN, WIDTH, picture_file
from timeline.views.pages_lists import (
    Moment,
    list_context,
    not_found,
    refuse_invalid,
    this_moment,
)
from timeline.views.pages_records import READERS
from timeline.views.pages_unchanged import answer_kept
from timeline.views.picture import picture_of


@require_safe
@answer_kept
@refuse_invalid
def picture_file_of_all(request: HttpRequest) -> HttpResponseBase:
    """`/picture.svg`: the picture of the front page, with the same parameters."""
    title = _("What was promised, and by when")
    return _file(request, this_moment(), title, reverse("timeline:home"))


def picture_file_about(dimension: Dimension) -> Callable[..., HttpResponseBase]:
    """The view of the same for the page of one party, topic or source."""

    @require_safe
    @answer_kept
    @refuse_invalid
    def view(request: HttpRequest, key: str) -> HttpResponseBase:
        moment = this_moment()
        shown = READERS[dimension](key, language=moment.language)
        if shown is None:
            return not_found(request)
        title = shown.title if dimension == "source" else capitalised(shown.name)
        here = reverse(f"timeline:{dimension}", args=[key])
        return _file(request, moment, title, here, dimension, key)

    return view


def _file(
    request: HttpRequest,
    moment: Moment,
    title: str,
    here: str,
    dimension: Dimension | None = None,
    key: str = "",
) -> HttpResponseBase:
    asked = filters.without_empty(request.GET)
    fixed = QueryDict(mutable=True)
    if dimension is not None:
        fixed[dimension] = key
    try:
        selected, page, context = list_context(asked, moment, fixed=fixed)
    except InvalidInput as error:
        # As of a day on which nothing named it yet there is no such picture.
        if dimension is not None and error.field == dimension:
            return not_found(request)
        raise
    address = settings.SITE_URL + here
    picture = picture_of(
        asked, selected, moment, here=address, dimension=dimension, offered=page.offered
    )
    if picture is None:
        return not_found(request)
    query = without_choice(asked).urlencode()
    context |= {
        "picture": picture,
        "origin": settings.SITE_URL,
        "width": WIDTH,
        "margin": MARGIN,
        "inside": WIDTH - 2 * MARGIN,
        "file": picture_file(
            picture,
            title=title,
            about=_about(context, asked, picture, moment),
            address=f"{address}?{query}" if query else address,
            licence=settings.RECORD_LICENCE,
        ),
    }
    response = render(request, "timeline/picture.svg", context, content_type="image/svg+xml")
    name = f"{key or 'timeline'}-{context['today'].isoformat()}.svg"
    # Saved, never shown from here: a page of this site has no styles of its own.
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Robots-Tag"] = "noindex"
    return response


def _about(
    context: Mapping[str, Any], asked: QueryDict, picture: PicturePage, moment: Moment
) -> Iterator[str]:
    """The day, what is looked at, and what the list is narrowed to."""
    yield _("As of %(day)s.") % {"day": day_in_words(context["today"], moment.language)}
    if picture.previous or picture.following:
        yield picture.name
    narrowed = without_choice(asked)
    for name in PARAMETERS:
        narrowed.pop(name, None)
    for one in filters.chosen(narrowed, context["fields"]):
        yield f"{one.label}: {one.value}"
