"""Where a responsible party answers the mail that asks it: the answer is a proposal to the desk.

A GET never changes anything: programs that scan mails for bad links open all of them, and the
buttons of the mail are links. What counts is the button on the page.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from timeline.actions.owners import send_owner_report
from timeline.entries import Entry
from timeline.enums import OwnerAnswer
from timeline.exceptions import LinkExpired, TooManyRequests
from timeline.forms.subscriptions import OwnerAnswerForm
from timeline.mail.links import OwnerLink, link_expired, owner_link_of_token
from timeline.record_reader import read_entries_by_id
from timeline.views.subscriptions import answering_for_links

FOLDER: Final = "timeline/owner"
A_DAY: Final = "86400"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answering_for_links
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the question, POST puts the answer into the queue of the desk."""
    link = owner_link_of_token(token, now=timezone.now())
    entry = _entry(link)
    if request.method != "POST":
        asked = request.GET.get("answer")
        initial = {"answer": asked} if asked in OwnerAnswer.values else {}
        return _page(request, OwnerAnswerForm(initial=initial), entry)
    form = OwnerAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, entry, status=400)
    return _send(request, form, link, entry)


def _send(
    request: HttpRequest, form: OwnerAnswerForm, link: OwnerLink, entry: Entry
) -> HttpResponse:
    try:
        report = send_owner_report(
            subscription=link.subscription,
            commitment_id=link.commitment_id,
            revision=entry.revision,
            answer=OwnerAnswer(form.cleaned_data["answer"]),
            words=form.cleaned_data["words"],
            now=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error.messages[0])
        return _page(request, form, entry, status=400)
    except TooManyRequests as error:
        form.add_error(None, error.message)
        response = _page(request, form, entry, status=429)
        response["Retry-After"] = A_DAY
        return response
    return render(request, f"{FOLDER}/received.html", {"report": report, "entry": entry})


def _entry(link: OwnerLink) -> Entry:
    """The commitment as it stands; one that is no longer public is nothing to ask about."""
    language = link.subscription.subscriber.language
    ids = [link.commitment_id]
    entries = read_entries_by_id(ids, language=language, now=timezone.now())
    if link.commitment_id not in entries:
        raise LinkExpired(link_expired())
    return entries[link.commitment_id]


def _page(
    request: HttpRequest, form: OwnerAnswerForm, entry: Entry, *, status: int = 200
) -> HttpResponse:
    return render(request, f"{FOLDER}/answer.html", {"form": form, "entry": entry}, status=status)
