"""Work through one statement: its text beside the form, candidates, and what was entered already.

All of it works without script; `commitments/statement.js` turns marked words into the quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.admin.record_admin import person
from commitments.admin.similar_titles import warning_with_links
from commitments.admin.statement_candidates import (
    Candidate,
    all_candidates,
    bring_back,
    drop,
    dropped_spans,
    open_candidates,
    span_of,
)
from commitments.admin.statement_entry import enter, first_values
from commitments.admin.statement_words import Marked, marked
from commitments.enums import Kind
from commitments.exceptions import NotAllowed, RecordError
from commitments.forms.statement import StatementForm
from commitments.forms.windows import understood, window_words
from commitments.models import Citation, Commitment, Source, User
from commitments.roles import CHANGE, may

ADD: Final = "commitments.add_commitment"
MOST_SHOWN: Final = 100
"""Candidates on one page; the next come up as these are entered or dropped."""
_SPAN: Final = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text; `mark` is "" or why it is marked: "entered", "chosen", "candidate"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate in words, with its place as an address has it."""

    candidate: Candidate
    span: str
    when: str
    kind: str


def statement_address(source: Source) -> str:
    """Where one works through `source`."""
    return reverse("admin:commitments_source_statement", args=[source.pk])


def may_enter(user: User) -> bool:
    """Whether `user` may enter commitments from a statement."""
    return may(user, CHANGE) and may(user, ADD)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_view(request: HttpRequest, object_id: int) -> HttpResponse:
    """The screen; POST enters a commitment, drops a candidate, or brings the dropped back."""
    source = _source_for(request, object_id)
    if request.method != "POST":
        return _screen(request, source, _fresh_form(request, source))
    if span := request.POST.get("drop"):
        if _SPAN.fullmatch(span):
            drop(request.session, source, span)
        return HttpResponseRedirect(f"{statement_address(source)}#candidates")
    if "bring_back" in request.POST:
        bring_back(request.session, source)
        return HttpResponseRedirect(f"{statement_address(source)}#candidates")
    return _save(request, source)


@require_safe
def marked_view(request: HttpRequest, object_id: int) -> JsonResponse:
    """GET `start` and `end`, offsets into the text: the quote and what is proposed for it."""
    source = _source_for(request, object_id)
    found = _marked(request, source, all_candidates(source))
    if found is None:
        return JsonResponse({"error": _("Give the place of some words of the text.")}, status=400)
    return JsonResponse(
        {
            "start": found.start,
            "end": found.end,
            "quote": found.quote,
            "date_words": list(found.date_words),
            "title": found.title,
            "kind": found.kind,
            "said_by": found.said_by,
            "locator": found.locator,
            "place": _place(found.start, found.end),
        }
    )


def _source_for(request: HttpRequest, object_id: int) -> Source:
    if not may_enter(person(request)):
        raise PermissionDenied
    return get_object_or_404(Source, pk=object_id)


def _marked(request: HttpRequest, source: Source, candidates: Sequence[Candidate]) -> Marked | None:
    texts = [request.GET.get(name, "") for name in ("start", "end")]
    if not _SPAN.fullmatch("-".join(texts)):
        return None
    start, end = map(int, texts)
    return marked(source, start, end, candidates)


def _fresh_form(request: HttpRequest, source: Source) -> StatementForm:
    """As the one before, and with the words that the address names."""
    initial = first_values(source)
    if "start" in request.GET:
        found = _marked(request, source, all_candidates(source))
        initial |= found.initial if found else {}
    return StatementForm(source=source, initial=initial)


def _save(request: HttpRequest, source: Source) -> HttpResponse:
    form, status = StatementForm(request.POST, source=source), 200
    if form.is_valid():
        try:
            commitment = enter(form=form, source=source, actor=person(request), now=timezone.now())
        except RecordError as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 200
        else:
            _tell(request, commitment)
            return HttpResponseRedirect(_after(request, source, commitment))
    return _screen(request, source, form, status=status)


def _tell(request: HttpRequest, commitment: Commitment) -> None:
    messages.success(request, _("Entered as a draft: “%(title)s”.") % {"title": commitment.title})
    window = commitment.window_value
    messages.info(request, understood(window, time_zone=commitment.time_zone))
    if alike := warning_with_links(commitment.title, besides=commitment.pk):
        messages.warning(request, alike)


def _after(request: HttpRequest, source: Source, commitment: Commitment) -> str:
    if "_open" in request.POST:
        return reverse("admin:commitments_commitment_change", args=[commitment.pk])
    return f"{statement_address(source)}#entry"


def _screen(
    request: HttpRequest, source: Source, form: StatementForm, *, status: int = 200
) -> HttpResponse:
    cited = list(source.citations.select_related("commitment", "said_by").order_by("start", "pk"))
    dropped = dropped_spans(request.session, source)
    candidates = open_candidates(all_candidates(source), cited, dropped)
    chosen = (form["start"].value(), form["end"].value())
    context = {
        **admin.site.each_context(request),
        "title": _("Work through this statement"),
        "subtitle": str(source),
        "opts": Source._meta,  # noqa: SLF001  # documented
        "source": source,
        "form": form,
        "media": form.media,
        "pieces": pieces_of(source.text, cited, candidates, chosen),
        "cited": cited,
        "candidates": [_shown(one) for one in candidates[:MOST_SHOWN]],
        "candidate_count": len(candidates),
        "dropped_count": len(dropped),
        "chosen_place": _place(*chosen) if all(chosen) else "",
        "source_page": reverse("admin:commitments_source_change", args=[source.pk]),
        "marked_address": reverse("admin:commitments_source_marked", args=[source.pk]),
    }
    template = "commitments/admin/statement_page.html"
    return TemplateResponse(request, template, context, status=status)


def _shown(candidate: Candidate) -> ShownCandidate:
    return ShownCandidate(
        candidate=candidate,
        span=span_of(candidate),
        when=window_words(candidate.window),
        kind=str(Kind(candidate.kind).label),
    )


def _place(start: Any, end: Any) -> str:
    return _("characters %(start)s to %(end)s") % {"start": start, "end": end}


def pieces_of(
    text: str,
    cited: Sequence[Citation],
    candidates: Sequence[Candidate],
    chosen: tuple[Any, Any] = (None, None),
) -> list[Piece]:
    """The whole text in order, cut where a mark begins or ends; the earlier kind of mark wins."""
    spans = [
        (one.start, one.end, "entered")
        for one in cited
        if one.start is not None and one.end is not None
    ]
    if all(str(side or "").isdecimal() for side in chosen):
        spans.append((int(chosen[0]), int(chosen[1]), "chosen"))
    spans += [(one.start, one.end, "candidate") for one in candidates]
    taken: list[tuple[int, int, str]] = []
    for start, end, mark in spans:
        free = not any(start < last and first < end for first, last, _mark in taken)
        if free and start < end <= len(text):
            taken.append((start, end, mark))
    pieces, position = [], 0
    for start, end, mark in sorted(taken):
        pieces += [Piece(text[position:start], ""), Piece(text[start:end], mark)]
        position = end
    return [piece for piece in (*pieces, Piece(text[position:], "")) if piece.text]
