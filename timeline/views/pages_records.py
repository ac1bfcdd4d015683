"""A source, a party, a topic: what was promised there, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from commitments.as_of import read_as_of
from commitments.exceptions import InvalidInput
from timeline.narrowing import Dimension
from timeline.presentation import filters, scores
from timeline.record_pages import (
    read_figures,
    read_party,
    read_scoreboard,
    read_source,
    read_topic,
)
from timeline.views.pages_lists import (
    day_query,
    list_context,
    not_found,
    refuse_invalid,
    this_moment,
)
from timeline.views.pages_unchanged import answer_kept
from timeline.views.picture import picture_of

_TITLES: Final = {
    "party": gettext_lazy("Parties"),
    "source": gettext_lazy("Sources"),
    "topic": gettext_lazy("Topics"),
}
READERS: Final[dict[Dimension, Any]] = {
    "party": read_party,
    "source": read_source,
    "topic": read_topic,
}


@require_safe
@answer_kept
@refuse_invalid
def party(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/parties/<key>/`: its commitments, its scoreboard, and the criteria."""
    return _page(request, "party", key)


@require_safe
@answer_kept
@refuse_invalid
def topic(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/topics/<key>/`: the same of a topic."""
    return _page(request, "topic", key)


@require_safe
@answer_kept
@refuse_invalid
def source(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/sources/<public id>/`: what a source announced, and what became of it."""
    return _page(request, "source", key)


@require_safe
@answer_kept
@refuse_invalid
def parties(request: HttpRequest) -> HttpResponseBase:
    """`/parties/`: the scoreboard of all parties."""
    return _index(request, "party")


@require_safe
@answer_kept
@refuse_invalid
def topics(request: HttpRequest) -> HttpResponseBase:
    """`/topics/`: the scoreboard of all topics."""
    return _index(request, "topic")


@require_safe
@answer_kept
@refuse_invalid
def sources(request: HttpRequest) -> HttpResponseBase:
    """`/sources/`: every source, with what became of its promises."""
    return _index(request, "source")


def _page(request: HttpRequest, dimension: Dimension, key: str) -> HttpResponseBase:
    moment = this_moment()
    shown = READERS[dimension](key, language=moment.language)
    if shown is None:
        return not_found(request)
    fixed = QueryDict(mutable=True)
    fixed[dimension] = key
    asked = filters.without_empty(request.GET)
    try:
        selected, page, context = list_context(asked, moment, fixed=fixed)
    except InvalidInput as error:
        # As of a day on which nothing named it yet there is no such page.
        if error.field == dimension:
            return not_found(request)
        raise
    figures = read_figures(dimension, key, now=moment.now, as_of=page.as_of)
    context |= {
        "dimension": dimension,
        "shown": shown,
        "picture": picture_of(
            asked,
            selected,
            moment,
            here=request.path,
            dimension=dimension,
            offered=page.offered,
        ),
        "fields": [field for field in context["fields"] if field.name != dimension],
        "figures": scores.lines(figures),
        "score": scores.score(figures, moment.language),
        "criteria": scores.criteria(),
        "whole_list": f"{reverse('timeline:home')}?{fixed.urlencode()}",
    }
    return render(request, f"timeline/{dimension}.html", context)


def _index(request: HttpRequest, dimension: Dimension) -> HttpResponseBase:
    moment = this_moment()
    as_of, _rest = read_as_of(request.GET, now=moment.now)
    rows = read_scoreboard(dimension, language=moment.language, now=moment.now, as_of=as_of)
    context = {
        "title": _TITLES[dimension],
        "heading_of_names": _("Name"),
        "route": f"timeline:{dimension}",
        "as_of": as_of,
        "day_query": day_query(as_of),
        "rows": [(named, scores.score(figures, moment.language)) for named, figures in rows],
        "criteria": scores.criteria(),
    }
    return render(request, "timeline/scoreboard.html", context)
