"""The links of the picture in time: closer, further, beside, in other groups, and to its lists.

A pile links to the list of just those that it counts, written in the shared filter. All links keep
the filter of the page. Texts are made in the active language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from commitments.enums import FINAL_STATUSES
from timeline.dates_in_words import days_in_short
from timeline.layout.axis import (
    Axis,
    Closer,
    Period,
    Zoom,
    last_day_of_month,
    look_at,
    name_of_view,
    neighbour,
    neighbour_of_stretch,
    stretch_in_months,
)
from timeline.layout.placing import OTHERS
from timeline.numbers_in_words import number_in_words
from timeline.picture_reader import Grouping
from timeline.presentation.picture_choice import PictureChoice, query_of

_ZOOM_WORDS: Final = {
    Zoom.DECADE: gettext_lazy("Decade"),
    Zoom.YEAR: gettext_lazy("Year"),
    Zoom.QUARTER: gettext_lazy("Quarter"),
}
GROUP_WORDS: Final = {
    Grouping.TOPIC: gettext_lazy("Topic"),
    Grouping.PARTY: gettext_lazy("Party"),
    Grouping.STATUS: gettext_lazy("Status"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another look at the picture; `query` is its address, without the "?"."""

    words: str
    query: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A period of the axis; `query` leads to a closer look, "" where there is none."""

    period: Period
    words: str
    query: str


def outside(
    query: QueryDict | None,
    count: int,
    language: str,
    *,
    first: int | None = None,
    end: int | None = None,
) -> Link | None:
    if not count:
        return None
    words = _("%(count)s earlier") if first is None else _("%(count)s later")
    counted = words % {"count": number_in_words(str(count), language)}
    return Link(counted, between(query, first, end))


def between(query: QueryDict | None, first: int | None, end: int | None) -> str:
    """The list of those whose last possible day is `first` or later and before `end`."""
    if query is None:
        return ""
    narrowed = query.copy()
    if first is not None:
        day = date.fromordinal(min(first, date.max.toordinal())).isoformat()
        narrowed["from"] = max(day, query.get("from", ""))
    if end is not None:
        day = date.fromordinal(min(end, date.max.toordinal())).isoformat()
        narrowed["latest_before"] = min(day, query.get("latest_before", "") or day)
    return narrowed.urlencode()


def narrowed(params: QueryDict, key: str, grouping: Grouping | None) -> QueryDict | None:
    """The filter that selects a group of `params`; None for the rest, which no filter names."""
    if key == OTHERS:
        return None
    query = params.copy()
    if grouping is None or not key:
        return query
    name = grouping.value
    if grouping is Grouping.STATUS:
        name = "status" if key in FINAL_STATUSES else "schedule"
    query.setlist(name, [key])
    return query


def ticks_of(
    axis: Axis, params: QueryDict, choice: PictureChoice, language: str
) -> tuple[Tick, ...]:
    return tuple(
        Tick(
            period,
            period_in_words(period, language),
            query_of(params, period.closer, choice.grouping) if period.closer else "",
        )
        for period in axis.periods
    )


def name_of(choice: PictureChoice, language: str) -> str:
    view = choice.view
    if view.at is not None and view.until is not None:
        return days_in_short(view.at, last_day_of_month(view.until), language)
    if view.zoom is None or view.at is None:
        return pgettext("all of time", "All")
    return name_of_view(view.zoom, view.at, language)


def zooms(axis: Axis, params: QueryDict, choice: PictureChoice, today: date) -> tuple[Link, ...]:
    """All, decade, year, quarter: around today where it is in view, else around the middle."""
    middle = date.fromordinal(min((axis.first + axis.end) // 2, date.max.toordinal()))
    is_all = choice.view.at is None
    focus = today if is_all or axis.holds(today.toordinal()) else middle
    links = [Link(pgettext("all of time", "All"), query_of(params, None, choice.grouping), is_all)]
    for zoom, words in _ZOOM_WORDS.items():
        query = query_of(params, look_at(zoom, focus), choice.grouping)
        links.append(Link(str(words), query, choice.view.zoom is zoom))
    return tuple(links)


def groupings(
    params: QueryDict, choice: PictureChoice, needless: Grouping | None
) -> tuple[Link, ...]:
    closer = closer_of(choice)
    links = [
        Link(
            pgettext("grouped by", "None"), query_of(params, closer, None), choice.grouping is None
        )
    ]
    for grouping, words in GROUP_WORDS.items():
        if grouping is needless:
            continue
        query = query_of(params, closer, grouping)
        links.append(Link(str(words), query, choice.grouping is grouping))
    return tuple(links)


def closer_of(choice: PictureChoice) -> Closer | None:
    view = choice.view
    if view.at is not None and view.until is not None:
        return Closer(stretch_in_months(view.at, view.until))
    return look_at(view.zoom, view.at) if view.zoom and view.at else None


def beside(params: QueryDict, choice: PictureChoice, steps: int, language: str) -> Link | None:
    view = choice.view
    if view.at is not None and view.until is not None:
        found = neighbour_of_stretch(view.at, view.until, steps)
        if found is None:
            return None
        named = days_in_short(found[0], last_day_of_month(found[1]), language)
        stretch = Closer(stretch_in_months(*found))
        return Link(named, query_of(params, stretch, choice.grouping))
    closer = neighbour(view.zoom, view.at, steps) if view.zoom and view.at else None
    if closer is None:
        return None
    year, _dash, month = closer.at.partition("-")
    words = name_of_view(Zoom(closer.zoom), date(int(year), int(month or 1), 1), language)
    return Link(words, query_of(params, closer, choice.grouping))


def period_in_words(period: Period, language: str) -> str:
    return days_in_short(date.fromordinal(period.first), date.fromordinal(period.end - 1), language)
