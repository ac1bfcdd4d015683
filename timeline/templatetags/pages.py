"""What every public page needs and no view has to pass: languages, days, the desk's rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language

from timeline.dates_in_words import day_in_words
from timeline.numbers_in_words import number_in_words
from timeline.presentation.lists import capitalised

register = template.Library()

register.filter("capitalised", capitalised)


@dataclass(frozen=True, slots=True)
class PageInLanguage:
    """The same page in one language; `url` is absolute."""

    code: str
    name: str
    path: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def page_in_languages(context: dict[str, Any]) -> list[PageInLanguage]:
    """This page in every language, its query string kept."""
    address = context["request"].get_full_path()
    current = get_language()
    found = []
    for code, name in settings.LANGUAGES:
        path = translate_url(address, code)
        found.append(PageInLanguage(code, name, path, settings.SITE_URL + path, code == current))
    return found


@register.simple_tag
def second_person_required() -> bool:
    """Whether a verdict takes two people here."""
    return bool(settings.REQUIRE_SECOND_PERSON)


@register.filter
def in_words(day: date) -> str:
    """A day in the reader's language: "1 January 2026"."""
    return day_in_words(day, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def without_as_of(context: dict[str, Any]) -> str:
    """The address of this page as it is today, its filter kept."""
    request = context["request"]
    rest = request.GET.copy()
    for name in ("as_of", "as_of_time", "page"):
        rest.pop(name, None)
    query = rest.urlencode()
    return f"{request.path}?{query}" if query else str(request.path)


@register.simple_tag(takes_context=True)
def page_address(context: dict[str, Any]) -> str:
    """The absolute address of this page, without its query string."""
    return settings.SITE_URL + str(context["request"].path)


@register.filter("number_in_words")
def number_as_said(number: str | int) -> str:
    """Plain digits or a count in the reader's language: "28.4 billion", "10,000"."""
    return number_in_words(str(number), get_language() or settings.LANGUAGE_CODE)
