"""The picture in time: for the page that it stands on, and alone for the script that changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.as_of import PARAMETERS
from commitments.exceptions import InvalidInput
from timeline.layout.placing import MOST_GROUPS
from timeline.list_reader import Counted, Selected, select_list
from timeline.narrowing import Dimension
from timeline.picture_reader import Grouping, read_picture
from timeline.presentation.outlets import csv_of_list
from timeline.presentation.picture import PicturePage, picture_page
from timeline.presentation.picture_choice import read_choice, without_choice
from timeline.views.pages_lists import (
    Moment,
    not_found,
    refuse_invalid,
    this_moment,
    today_of,
)
from timeline.views.pages_unchanged import answer_kept

NARROWED_TO: Final[Mapping[str, Grouping]] = {"party": Grouping.PARTY, "topic": Grouping.TOPIC}
"""By what a page that is about one of them need not group."""


def picture_of(
    asked: QueryDict,
    selected: Selected,
    moment: Moment,
    *,
    here: str,
    dimension: Dimension | None = None,
    offered: Mapping[str, Sequence[Counted]] | None = None,
) -> PicturePage | None:
    """The picture that the address `asked` for; None where nothing has a date.

    `here` is the address of the page that it stands on, `dimension` what that page is about.
    `offered` has the names of topics and parties, where they were read already. Raises
    InvalidInput for an unknown look.
    """
    today = today_of(moment.now, selected.as_of)
    choice = read_choice(asked, today=today)
    known = (offered or {}).get(choice.grouping or "", ())
    drawn = read_picture(
        selected,
        grouping=choice.grouping,
        most=MOST_GROUPS,
        language=moment.language,
        names={key: name for key, name, _count in known},
        # About one party, topic or source it is small: what was said stands in the list.
        has_statements=dimension is None,
    )
    return picture_page(
        drawn,
        choice,
        without_choice(asked),
        here=here,
        today=today,
        language=moment.language,
        csv=csv_of_list(_rows_of(asked, selected)),
        needless=NARROWED_TO.get(dimension or ""),
    )


def _rows_of(asked: QueryDict, selected: Selected) -> QueryDict:
    """The filter of what is drawn, with what the page is about, and the day of the address."""
    rows = selected.filters.copy()
    for name in PARAMETERS:
        if name in asked:
            rows.setlist(name, asked.getlist(name))
    return rows


@require_safe
@answer_kept
@refuse_invalid
def picture(request: HttpRequest) -> HttpResponseBase:
    """The picture of everything without a page around it; its links lead to the page."""
    return _alone(request, reverse("timeline:home"), None, "")


def picture_about(dimension: Dimension) -> Callable[..., HttpResponseBase]:
    """The view of the same for the page of one party, topic or source."""

    @require_safe
    @answer_kept
    @refuse_invalid
    def view(request: HttpRequest, key: str) -> HttpResponseBase:
        here = reverse(f"timeline:{dimension}", args=[key])
        return _alone(request, here, dimension, key)

    return view


def _alone(
    request: HttpRequest, here: str, dimension: Dimension | None, key: str
) -> HttpResponseBase:
    moment = this_moment()
    filters = without_choice(request.GET)
    if dimension is not None:
        filters[dimension] = key
    try:
        selected = select_list(filters, now=moment.now)
        drawn = picture_of(request.GET, selected, moment, here=here, dimension=dimension)
        if drawn is None:
            selected.refuse_unknown_names()
    except InvalidInput as error:
        if dimension is not None and error.field == dimension:
            return not_found(request)
        raise
    context = {
        "picture": drawn,
        "today": today_of(moment.now, selected.as_of),
    }
    response = render(request, "timeline/_timeline.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
