"""Commitments on record whose titles are like one that is being entered.

How much alike two titles are is measured by `difflib`, the same on every database; which ones are
held against each other, the database chooses (`querysets/similar_titles.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.admin.read_back import VIEW
from commitments.admin.record_admin import person
from commitments.forms.windows import window_words
from commitments.models import Commitment
from commitments.roles import may

ALIKE: Final = 0.6
"""The least that counts, from 0 (nothing in common) to 1 (the same)."""
MOST_SHOWN: Final = 5
MOST_WORDS: Final = 6
LEAST_LETTERS: Final = 4
LONGEST_TITLE: Final = 300
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Similar:
    """A commitment on record, and how much alike the titles are."""

    commitment: Commitment
    likeness: float

    @property
    def url(self) -> str:
        """Its page at the desk."""
        return reverse("admin:commitments_commitment_change", args=[self.commitment.pk])

    @property
    def words(self) -> str:
        """Its title, its date and who may see it."""
        one = self.commitment
        when = window_words(one.window_value)
        return f"{one.title} · {when} · {one.get_publication_display()}"


def similar_to(title: str, *, besides: int | None = None) -> list[Similar]:
    """The most alike first, at most `MOST_SHOWN`; `besides` is the id of the one itself."""
    words = _telling_words(title)
    if not words:
        return []
    rows = [
        one for one in Commitment.objects.perhaps_titled(title, words=words) if one.pk != besides
    ]
    found = [Similar(one, _likeness(title, one)) for one in rows]
    alike = [one for one in found if one.likeness >= ALIKE]
    return sorted(alike, key=lambda one: (-one.likeness, one.commitment.pk))[:MOST_SHOWN]


def _telling_words(title: str) -> list[str]:
    """The longest words without their first letter: SQLite knows capitals of ASCII only."""
    words = {word for word in _WORD.findall(title.casefold()) if len(word) >= LEAST_LETTERS}
    return [word[1:] for word in sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]]


def _likeness(title: str, commitment: Commitment) -> float:
    wanted = _in_order(title)
    return max(
        SequenceMatcher(None, wanted, _in_order(one), autojunk=False).ratio()
        for one in _titles(commitment)
    )


def _titles(commitment: Commitment) -> Iterator[str]:
    yield commitment.title
    for texts in commitment.translations.values():
        if other := texts.get("title"):
            yield other


def _in_order(title: str) -> str:
    """Only words, in an order of their own: "launch, first" is "First launch"."""
    return " ".join(sorted(_WORD.findall(title.casefold())))


@require_safe
def similar_view(request: HttpRequest) -> JsonResponse:
    """GET `title`, and `besides`, an id: a sentence and the similar ones, each `words` and `url`.

    400 with `field` and `error` where the question itself is wrong.
    """
    if not may(person(request), VIEW):
        raise PermissionDenied
    title, besides = request.GET.get("title", ""), request.GET.get("besides", "")
    if len(title) > LONGEST_TITLE:
        return _wrong("title", _("Shorten this to 300 characters."))
    if besides and not (besides.isdecimal() and len(besides) <= 18):
        return _wrong("besides", _("Give ids as numbers."))
    found = similar_to(title, besides=int(besides) if besides else None)
    shown: list[dict[str, Any]] = [{"words": one.words, "url": one.url} for one in found]
    return JsonResponse({"sentence": warning() if shown else "", "similar": shown})


def _wrong(field: str, sentence: str) -> JsonResponse:
    return JsonResponse({"field": field, "error": sentence}, status=400)


def warning() -> str:
    """What stands above the similar titles."""
    return _("On record already with a similar title — is it the same?")


def warning_with_links(title: str, *, besides: int | None) -> str:
    """The same for a message on the next page (HTML), "" where nothing is similar."""
    found = similar_to(title, besides=besides)
    if not found:
        return ""
    links = format_html_join("; ", '<a href="{}">{}</a>', ((one.url, one.words) for one in found))
    return format_html("{} {}", warning(), links)
