"""The public pages: the timeline and one commitment."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commitments.exceptions import InvalidInput
from commitments.time_zones import day_at
from timeline import presentation, presentation_facts, presentation_filters
from timeline.entries import Entry
from timeline.layout import lay_out
from timeline.outlets import api_of_one, outlets_around, outlets_of_list, outlets_of_one
from timeline.record_reader import read_entries, read_entry, read_merged_into


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The timeline of what the filter in the address asks for."""
    params = presentation_filters.without_empty(request.GET)
    if params != request.GET:
        # So that the address to share and to subscribe to says no more than it has to.
        query = params.urlencode()
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
    language, now = get_language() or settings.LANGUAGE_CODE, timezone.now()
    try:
        entries = read_entries(params, language=language, now=now)
    except InvalidInput as error:
        return render(
            request, "timeline/refused.html", {"problems": error.errors.items()}, status=400
        )
    everything = read_entries(QueryDict(), language=language, now=now) if params else entries
    offered = presentation_filters.fields(params, everything)
    context = {
        **_timeline(entries, language=language, now=now, in_given_order="ordering" in params),
        "total": len(entries),
        "total_of_all": len(everything),
        "params": params,
        "fields": offered,
        "chosen": presentation_filters.chosen(params, offered),
        "orders": presentation_filters.orders(),
        "hidden": presentation_filters.hidden(params, offered),
        "outlets": outlets_of_list(params, language=language),
    }
    return render(request, "timeline/home.html", context)


def _timeline(
    entries: list[Entry], *, language: str, now: datetime, in_given_order: bool
) -> dict[str, object]:
    """The lists and the picture of `entries`."""
    # The line of today is drawn for the desk's own place; each entry stands by its own day.
    today = day_at(settings.DEFAULT_PLACE_TIME_ZONE, now)
    parts = presentation.sections(entries, now=now, in_given_order=in_given_order)
    spans = [presentation.span(card) for part in parts for card in part.cards]
    return {
        "sections": parts,
        "today": today,
        "picture": lay_out(spans, today=today, language=language),
    }


@require_safe
def commitment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One commitment with its words, source, parties and story."""
    language, now = get_language() or settings.LANGUAGE_CODE, timezone.now()
    entry = read_entry(public_id, language=language, now=now)
    if entry is None:
        kept = read_merged_into(public_id)
        if kept is not None:
            return HttpResponsePermanentRedirect(reverse("timeline:commitment", args=[kept]))
        return render(request, "timeline/not_found.html", status=404)
    today = day_at(entry.time_zone, now)
    card = presentation.card(entry, now=now)
    context = {
        "card": card,
        "entry": entry,
        "changed_on": day_at(entry.time_zone, entry.changed_at),
        "today": today,
        "picture": lay_out(
            [presentation.span(card)], today=today, language=language, labelled=False
        ),
        **_facts(entry),
        "api": api_of_one(entry.public_id),
        "alone": outlets_of_one(entry),
        "around": outlets_around(entry),
    }
    return render(request, "timeline/commitment.html", context)


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "overdue_sentence": presentation_facts.overdue_sentence(entry),
        "evidence_sentence": presentation_facts.evidence_sentence(entry),
        "target_sentence": presentation_facts.target_sentence(entry),
        "window_in_days": presentation_facts.window_in_days(entry),
        "parties": presentation_facts.parties_by_role(entry),
        "story": presentation_facts.story(entry),
    }
