"""A commitment on other sites: a page to frame, a badge, and the picture of a shared link.

None of them sets a cookie or runs a script, and all may be kept by anybody for some minutes.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from typing import Final
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from timeline.keeping import keep, recall
from timeline.presentation import lists
from timeline.presentation.lists import Card
from timeline.presentation.share_cards import CardWords, draw_card, tone_of, width_of_words
from timeline.record_reader import read_entry
from timeline.views.pages_lists import not_found, this_moment
from timeline.views.pages_unchanged import answer_unchanged

_PUBLIC: Final = "public, max-age=300, stale-while-revalidate=600"
_CARD_KEPT: Final = 7 * 24 * 3600


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # typed for plain views only
@answer_unchanged
def embed(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/c/<public id>/embed/`: a small page for an iframe on any site."""
    card = _card(public_id)
    if card is None:
        return not_found(request)
    return _public(render(request, "timeline/embed.html", {"card": card, "entry": card.entry}))


@require_safe
@answer_unchanged
def badge(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/c/<public id>/badge.svg`: two words, for a line of text."""
    card = _card(public_id)
    if card is None:
        raise Http404
    left, right = _("commitment"), card.word
    widths = width_of_words(left) + 20, width_of_words(right) + 20
    context = {
        "left": left,
        "right": right,
        "title": f"{card.entry.title}: {right}",
        "left_path": widths[0] - 3,
        "width": sum(widths),
        "left_middle": widths[0] // 2,
        "right_middle": widths[0] + widths[1] // 2,
        "tone": tone_of(card.look),
    }
    response = render(request, "timeline/badge.svg", context, content_type="image/svg+xml")
    return _public(response)


@require_safe
@answer_unchanged
def share_card(_request: HttpRequest, public_id: str) -> HttpResponseBase:
    """`/c/<public id>/card.png`: what a shared link looks like, in the language of the address."""
    card = _card(public_id)
    if card is None:
        raise Http404
    words = _words(card)
    key = f"share-card-{hashlib.sha256(repr(astuple(words)).encode()).hexdigest()}"
    picture = recall(key)
    if not isinstance(picture, bytes):
        picture = draw_card(words)
        keep({key: picture}, seconds=_CARD_KEPT)
    return _public(HttpResponse(picture, content_type="image/png"))


def _words(card: Card) -> CardWords:
    entry = card.entry
    topics = [topic.name for topic in entry.topics]
    return CardWords(
        look=card.look,
        kicker=" · ".join([lists.capitalised(entry.kind_label), *topics]),
        title=entry.title,
        sentence=card.sentence,
        who=" · ".join(part for part in (card.who, entry.window_words) if part),
        site=f"{_('Commitments')} · {urlsplit(settings.SITE_URL).netloc}",
    )


def _card(public_id: str) -> Card | None:
    moment = this_moment()
    entry = read_entry(public_id, language=moment.language, now=moment.now)
    return lists.card(entry, now=moment.now) if entry else None


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = _PUBLIC
    response["Access-Control-Allow-Origin"] = "*"
    # A picture is shown on other sites (Cross-Origin-Resource-Policy of the Fetch standard).
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
