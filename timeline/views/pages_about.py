"""Pages about the record itself: how it is kept, what changed, and what was wrong in it."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.as_of import AsOf, read_as_of
from commitments.exceptions import InvalidInput
from timeline.change_reader import ToldChange, read_told_changes, tell_changes
from timeline.presentation import filters, method
from timeline.presentation.changes import by_day, corrections_in_words
from timeline.presentation.outlets import outlets_of_list
from timeline.presentation.picture_choice import without_choice
from timeline.record_pages import CORRECTIONS_AT_ONCE, read_changes_at, read_corrections
from timeline.record_reader import check_change_filter
from timeline.views.pages_lists import (
    EFFECTIVE,
    Moment,
    day_query,
    refuse_invalid,
    this_moment,
)
from timeline.views.pages_unchanged import answer_unchanged

CHANGES_AT_ONCE: Final = 50


@require_safe
@answer_unchanged
def methodology(request: HttpRequest) -> HttpResponseBase:
    """`/methodology/`: the table of moves as it is enforced, evidence and time."""
    context = {
        "statuses": method.statuses(),
        "moves": method.moves(second_person=settings.REQUIRE_SECOND_PERSON),
        "levels": method.levels_of_evidence(),
        "schedules": method.schedules(due_soon_days=settings.DUE_SOON_DAYS),
        "two_people": settings.REQUIRE_SECOND_PERSON,
    }
    return render(request, "timeline/methodology.html", context)


@require_safe
@answer_unchanged
@refuse_invalid
def changes(request: HttpRequest) -> HttpResponseBase:
    """`/changes/?since=2026-11-01&<the same filter>`: what changed, the newest first."""
    moment = this_moment()
    asked = filters.without_empty(request.GET)
    since, before = _day(asked, "since"), _number(asked, "before")
    as_of, params = _recorded_by(without_choice(asked), moment)
    for name in ("since", "before", "ordering"):
        params.pop(name, None)
    check_change_filter(params)
    told = _told(params, before, as_of, moment)
    shown = [one for one in told if since is None or one.told_at.date() >= since]
    older = asked.copy()
    if len(told) == CHANGES_AT_ONCE and len(shown) == len(told):
        older["before"] = str(told[-1].number)
    context = {
        "days": by_day(shown),
        "since": since,
        "params": params,
        "hidden": [(name, value) for name, values in params.lists() for value in values],
        "older": older.urlencode() if older.get("before") != asked.get("before") else "",
        "is_newest": before is None,
        "list_query": _filter_of(asked).urlencode(),
        "as_of": as_of,
        "day_query": day_query(as_of),
        "outlets": outlets_of_list(params, language=moment.language),
    }
    return render(request, "timeline/changes.html", context)


def _filter_of(asked: QueryDict) -> QueryDict:
    """What the list is narrowed to, of the same day."""
    rest = without_choice(asked)
    for name in ("since", "before"):
        rest.pop(name, None)
    return rest


def _recorded_by(params: QueryDict, moment: Moment) -> tuple[AsOf | None, QueryDict]:
    """The day by whose end the changes were recorded, and the rest of `params`."""
    as_of, rest = read_as_of(params, now=moment.now)
    if as_of is not None and as_of.axis.value == EFFECTIVE:
        # When a change came about in the world is often vague; the log has no order by that.
        sentence = _("What changed is told by when it was recorded. Leave this out.")
        raise InvalidInput(sentence, field="as_of_time", code="invalid_parameter")
    return as_of, rest


def _told(
    params: QueryDict, before: int | None, as_of: AsOf | None, moment: Moment
) -> list[ToldChange]:
    language, now = moment.language, moment.now
    if as_of is None:
        return read_told_changes(
            params, before=before, limit=CHANGES_AT_ONCE, language=language, now=now
        )
    changes = read_changes_at(as_of, params, before=before, limit=CHANGES_AT_ONCE)
    return tell_changes(changes, language=language, now=now, as_of=as_of)


@require_safe
@answer_unchanged
@refuse_invalid
def corrections(request: HttpRequest) -> HttpResponseBase:
    """`/corrections/`: what was wrong in the record, or was taken back, the newest first."""
    moment = this_moment()
    as_of, rest = read_as_of(request.GET, now=moment.now)
    before = _number(rest, "before")
    found = read_corrections(before=before, as_of=as_of, language=moment.language)
    older = request.GET.copy()
    if len(found) > CORRECTIONS_AT_ONCE:
        older["before"] = str(found[CORRECTIONS_AT_ONCE - 1].number)
    shown = found[:CORRECTIONS_AT_ONCE]
    context = {
        "corrections": corrections_in_words(shown, moment.language),
        "older": older.urlencode() if len(found) > CORRECTIONS_AT_ONCE else "",
        "as_of": as_of,
    }
    return render(request, "timeline/corrections.html", context)


def _day(params: QueryDict, name: str) -> date | None:
    text = params.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput(
            _("Write a day as 2026-12-31."), field=name, code="invalid_parameter"
        ) from error


def _number(params: QueryDict, name: str) -> int | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise InvalidInput(_("Give the number of a change."), field=name, code="invalid_parameter")
    return int(text)
