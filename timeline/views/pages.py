"""The public pages: the timeline and one commitment."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.as_of import read_as_of
from commitments.time_zones import day_at
from timeline.entries import Entry
from timeline.presentation import facts, filters, lists
from timeline.presentation.outlets import (
    api_of_one,
    cite,
    outlets_around,
    outlets_of_one,
    sharing_of_one,
)
from timeline.record_pages import ReportedValue, read_milestones, read_values
from timeline.record_reader import read_entry, read_merged_into
from timeline.views.pages_lists import (
    Moment,
    list_context,
    not_found,
    refuse_invalid,
    this_moment,
)
from timeline.views.pages_unchanged import answer_kept, answer_unchanged
from timeline.views.picture import picture_of


@require_safe
@answer_kept
@refuse_invalid
def home(request: HttpRequest) -> HttpResponseBase:
    """The timeline of what the filter in the address asks for."""
    params = filters.without_empty(request.GET)
    if params != request.GET:
        # So that the address to share and to subscribe to says no more than it has to.
        query = params.urlencode()
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
    moment = this_moment()
    selected, page, context = list_context(params, moment)
    context["picture"] = picture_of(
        params, selected, moment, here=request.path, offered=page.offered
    )
    return render(request, "timeline/home.html", context)


@require_safe
@answer_unchanged
@refuse_invalid
def commitment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """One commitment with its words, source, parties and story; also `?as_of=2026-03-01`."""
    moment = this_moment()
    as_of, _rest = read_as_of(request.GET, now=moment.now)
    moment = Moment(moment.language, moment.now, as_of)
    entry = read_entry(public_id, language=moment.language, now=moment.now, as_of=as_of)
    if entry is None:
        kept = read_merged_into(public_id)
        if kept is not None:
            return HttpResponsePermanentRedirect(reverse("timeline:commitment", args=[kept]))
        return not_found(request)
    return render(request, "timeline/commitment.html", _about(entry, moment))


def _about(entry: Entry, moment: Moment) -> dict[str, object]:
    today = moment.as_of.day if moment.as_of else day_at(entry.time_zone, moment.now)
    card = lists.card(entry, now=moment.shown)
    language, as_of = moment.language, moment.as_of
    values = read_values(entry.public_id, language=language, as_of=as_of) if entry.target else []
    milestones = read_milestones(entry.public_id, language=language, now=moment.now, as_of=as_of)
    return {
        "card": card,
        "entry": entry,
        "as_of": moment.as_of,
        "changed_on": day_at(entry.time_zone, entry.changed_at),
        "today": today,
        "picture": lists.story_line(card, today=today),
        **_facts(entry, values),
        "milestones": lists.parts_of(milestones, language=moment.language),
        "api": api_of_one(entry.public_id),
        "alone": outlets_of_one(entry),
        "around": outlets_around(entry),
        "sharing": sharing_of_one(entry),
        "citation": cite(entry, day=today, is_as_of=moment.as_of is not None),
    }


def _facts(entry: Entry, values: Sequence[ReportedValue]) -> dict[str, object]:
    return {
        "overdue_sentence": facts.overdue_sentence(entry),
        "evidence_sentence": facts.evidence_sentence(entry),
        "target_sentence": facts.target_sentence(entry),
        "window_in_days": facts.window_in_days(entry),
        "parties": facts.parties_by_role(entry),
        "story": facts.story(entry, values),
        "values": values,
        "chart": facts.target_chart(entry, values),
        "goal": facts.goal_in_words(entry),
    }
