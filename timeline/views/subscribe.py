"""All ways to follow a list: calendars by program, with how long each takes, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.exceptions import InvalidInput
from timeline.entries import Entry
from timeline.feeds.asking import CHOICE_NAMES, read_choices
from timeline.feeds.client_addresses import addresses_of, is_local, qr_code
from timeline.ical.choices import CalendarChoices
from timeline.ical.events import is_dropped
from timeline.presentation import filters
from timeline.presentation.outlets import outlets_of_list
from timeline.record_reader import read_entries

LEAD_DAYS: Final = (0, 1, 7, 30)
DEFAULTS: Final = {"show": "last-day", "done": "keep", "todos": "no", "links": "no"}


@dataclass(frozen=True, slots=True)
class Option:
    """A box or a line to choose."""

    value: str
    label: str
    is_chosen: bool


@require_safe
def subscribe_page(request: HttpRequest) -> HttpResponse:
    """How to subscribe to what the filter in the address asks for, in the form that it says."""
    language = get_language() or settings.LANGUAGE_CODE
    params = _tidied(request.GET, language)
    if params != request.GET:
        query = params.urlencode()
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)
    given = params.copy()
    given.setdefault("language", language)
    try:
        choices, selection = read_choices(given)
        entries = read_entries(selection, language=language, now=timezone.now())
    except InvalidInput as error:
        problems = {"problems": error.errors.items()}
        return render(request, "timeline/refused.html", problems, status=400)
    return render(
        request,
        "timeline/subscribe.html",
        {
            **_about(params, selection, choices, entries),
            **_form(selection, choices),
            **_ways(request, params, selection, choices),
        },
    )


def _tidied(asked: QueryDict, page_language: str) -> QueryDict:
    """The parameters as short as they can be, so that one list has one address.

    The boxes of the form send an alarm each; the address has them in one.
    """
    params = filters.without_empty(asked)
    params.pop("ordering", None)
    alarms = [part.strip() for value in params.pop("alarms", []) for part in value.split(",")]
    wanted = sorted({part for part in alarms if part}, key=lambda part: (len(part), part))
    if wanted:
        params["alarms"] = ",".join(wanted)
    for name, value in {**DEFAULTS, "language": page_language}.items():
        if params.getlist(name) in ([value], [""]):
            del params[name]
    return params


def _about(
    params: QueryDict, selection: QueryDict, choices: CalendarChoices, entries: Sequence[Entry]
) -> dict[str, object]:
    """What the list is, and how much of it a calendar can show."""
    shown = [one for one in entries if one.is_dated and not is_dropped(one, choices)]
    offered = filters.fields(selection, entries)
    return {
        "total": len(entries),
        "shown": len(shown),
        "undated": sum(not one.is_dated for one in entries),
        "chosen": filters.chosen(selection, offered),
        "list_query": selection.urlencode(),
        "has_choices": bool(CHOICE_NAMES & set(params)),
    }


def _form(selection: QueryDict, choices: CalendarChoices) -> dict[str, object]:
    """The choices as a form, and what it has to send on unseen."""
    shows = (("last-day", _("its last possible day")), ("window", _("all its days")))
    return {
        "choices": choices,
        "hidden": [(name, value) for name, values in selection.lists() for value in values],
        "shows": _options(shows, [choices.show]),
        "calendar_languages": _options(settings.LANGUAGES, [choices.language]),
        "alarms": _options(_lead_days(choices), map(str, choices.alarms)),
    }


def _lead_days(choices: CalendarChoices) -> list[tuple[str, str]]:
    return [
        (
            str(days),
            ngettext("%(days)s day before", "%(days)s days before", days) % {"days": days}
            if days
            else _("on the day itself"),
        )
        for days in sorted({*LEAD_DAYS, *choices.alarms})
    ]


def _options(known: Iterable[tuple[str, str]], chosen: Iterable[str]) -> list[Option]:
    values = set(chosen)
    return [Option(value, label, value in values) for value, label in known]


def _ways(
    request: HttpRequest, params: QueryDict, selection: QueryDict, choices: CalendarChoices
) -> dict[str, object]:
    """The addresses of everything on the page."""
    asked = params.copy()
    asked.pop("language", None)
    if choices.language != settings.LANGUAGE_CODE:
        asked["language"] = choices.language
    told = selection.copy()
    told["language"] = choices.language
    in_table = selection.copy()
    in_table["format"] = "csv"
    page = settings.SITE_URL + request.get_full_path()
    return {
        "addresses": addresses_of(asked, name=_("Public commitments")),
        "outlets": outlets_of_list(selection, language=choices.language),
        "atom": f"{reverse('feeds:changes-atom')}?{told.urlencode()}",
        "json": f"{reverse('feeds:changes-json')}?{told.urlencode()}",
        "csv": _with_query(reverse("api:commitments"), in_table),
        "own": _with_query(reverse("timeline:my_feeds"), asked),
        "site": settings.SITE_URL,
        "is_local": is_local(settings.SITE_URL),
        "qr": _picture(page),
    }


def _picture(page: str) -> SafeString:
    title = _("QR code with the address of this page")
    # Made by us of an address and a text of ours: segno escapes both.
    return mark_safe(qr_code(page, title=title))  # noqa: S308


def _with_query(path: str, params: QueryDict) -> str:
    query = params.urlencode()
    return f"{path}?{query}" if query else path
