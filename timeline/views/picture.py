"""The picture in time: for the page that it stands on, and alone for the script that changes it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.as_of import read_as_of
from commitments.time_zones import day_at
from timeline.layout import MOST_GROUPS
from timeline.picture_choice import read_choice, without_choice
from timeline.picture_reader import read_picture
from timeline.presentation_picture import PicturePage, picture_page
from timeline.views.pages_lists import Moment, refuse_invalid, this_moment
from timeline.views.pages_unchanged import answer_unchanged


def picture_of(asked: QueryDict, moment: Moment) -> PicturePage | None:
    """The picture that the address `asked` for; None where nothing has a date.

    Raises InvalidInput for an unknown filter or look.
    """
    as_of, _rest = read_as_of(without_choice(asked), now=moment.now)
    # The line of today is drawn for the desk's own place.
    today = as_of.day if as_of else day_at(settings.DEFAULT_PLACE_TIME_ZONE, moment.now)
    choice = read_choice(asked, today=today)
    params = without_choice(asked)
    drawn = read_picture(
        params,
        grouping=choice.grouping,
        most=MOST_GROUPS,
        language=moment.language,
        now=moment.now,
    )
    return picture_page(drawn, choice, params, today=today, language=moment.language)


@require_safe
@answer_unchanged
@refuse_invalid
def picture(request: HttpRequest) -> HttpResponseBase:
    """The picture without a page around it; its links lead to the page."""
    moment = this_moment()
    as_of, _rest = read_as_of(without_choice(request.GET), now=moment.now)
    context = {
        "picture": picture_of(request.GET, moment),
        "today": as_of.day if as_of else day_at(settings.DEFAULT_PLACE_TIME_ZONE, moment.now),
    }
    response = render(request, "timeline/_timeline.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
