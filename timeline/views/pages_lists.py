"""What every list on a page needs: the filter of the address, one page of it, and where else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from commitments.as_of import AsOf
from commitments.exceptions import InvalidInput
from commitments.time_zones import day_at
from timeline.list_reader import ListPage, Selected, read_list_page, select_list
from timeline.presentation import filters, lists
from timeline.presentation.outlets import outlets_of_list
from timeline.presentation.picture_choice import without_choice

PAGE: Final = "page"
EFFECTIVE: Final = "effective"
"""`as_of_time` of who asks how things stood by what is known now."""
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Moment:
    """For whom and for when a page is made; `now` is the clock, `shown` what the page tells of."""

    language: str
    now: datetime
    as_of: AsOf | None = None

    @property
    def shown(self) -> datetime:
        """The instant that the page tells of."""
        return self.as_of.instant if self.as_of else self.now


def this_moment(as_of: AsOf | None = None) -> Moment:
    """The language of the address and the clock."""
    return Moment(get_language() or settings.LANGUAGE_CODE, timezone.now(), as_of)


def refuse_invalid(view: View[Arguments]) -> View[Arguments]:
    """Answer 400 with the field and the sentence where the address asks for what there is not."""

    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except InvalidInput as error:
            context = {"problems": error.errors.items()}
            return render(request, "timeline/refused.html", context, status=400)

    return answer


def not_found(request: HttpRequest) -> HttpResponse:
    """What is unknown, a draft, or was taken back looks the same."""
    return render(request, "timeline/not_found.html", status=404)


def list_context(
    asked: QueryDict, moment: Moment, *, fixed: QueryDict | None = None
) -> tuple[Selected, ListPage, dict[str, Any]]:
    """What the address `asked` for, one page of it, and what the template needs of the list.

    `fixed` is what this page always narrows to (its party, say); it stands in no form. Raises
    InvalidInput for an unknown filter.
    """
    params = without_choice(asked)
    selection = params.copy()
    for name, values in fixed.lists() if fixed else ():
        selection.setlist(name, values)
    selected = select_list(selection, now=moment.now)
    page = read_list_page(selected, page=asked.get(PAGE, ""), language=moment.language)
    offered = filters.counted_fields(params, page.offered)
    # Who narrows the list goes on looking at the picture as closely, and in the same groups.
    seen = asked.copy()
    seen.pop(PAGE, None)
    return (
        selected,
        page,
        {
            "sections": lists.sections(
                page.entries,
                now=selected.moment,
                counts=page.by_schedule,
                in_given_order="ordering" in params,
            ),
            "tally": filters.linked_tally(lists.tally(page.by_schedule), seen),
            "statuses": filters.linked_statuses(page.by_status, seen),
            "pages": filters.page_links(asked, number=page.number, pages=page.pages),
            "today": today_of(moment.now, page.as_of),
            "as_of": page.as_of,
            "total": page.total,
            "total_of_all": page.total_of_all,
            "params": params,
            "fields": offered,
            "chosen": filters.chosen(params, offered, seen),
            "orders": filters.orders(),
            "hidden": filters.hidden(seen, offered),
            "outlets": outlets_of_list(selection, language=moment.language),
        },
    )


def day_query(as_of: AsOf | None) -> str:
    """What a link adds to its address to stay on the day of this page."""
    if as_of is None:
        return ""
    axis = f"&as_of_time={EFFECTIVE}" if as_of.axis.value == EFFECTIVE else ""
    return f"?as_of={as_of.day.isoformat()}{axis}"


def today_of(now: datetime, as_of: AsOf | None) -> date:
    """The day that a page is about, for the desk's own place; each entry stands by its own."""
    return as_of.day if as_of else day_at(settings.DEFAULT_PLACE_TIME_ZONE, now)
