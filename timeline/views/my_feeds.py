"""The personal feeds of whoever is logged in: make, see whether they arrive, change, revoke.

A secret is shown on the page that answers the POST which made it, and never again. It stands in
no address of these pages; other sites are told no address of ours at all (`same-origin`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commitments.exceptions import InvalidInput
from timeline.actions.personal_feeds import change_feed, create_feed, renew_secret, revoke_feed
from timeline.feeds.asking import params_of
from timeline.feeds.health import FeedHealth, health_by_feed, health_of
from timeline.forms.feeds import FeedForm, choices_in_words, initial_of
from timeline.models import PersonalFeed
from timeline.record_reader import read_head

FOLDER = "timeline/my_feeds"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_feeds(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more; what the address asks for stands in it already."""
    now = timezone.now()
    language = get_language() or settings.LANGUAGE_CODE
    initial = {"language": language, **initial_of(request.GET)}
    form = FeedForm(request.POST if request.method == "POST" else None, initial=initial)
    made = _made(request, form, now) if form.is_valid() else None
    if made is not None:
        return _with_secret(request, *made)
    context = {**_listed(request, now), "form": form}
    return render(request, f"{FOLDER}/list.html", context, status=_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_feed(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of them: rename, change, get another address, revoke."""
    now = timezone.now()
    own = PersonalFeed.objects.owned_by(request.user).live()  # type: ignore[arg-type]
    feed = get_object_or_404(own, public_id=public_id)
    if request.method == "POST" and "revoke" in request.POST:
        revoke_feed(feed=feed, now=now)
        messages.success(request, _("This calendar has stopped; its address works no more."))
        return HttpResponseRedirect(reverse("timeline:my_feeds"))
    if request.method == "POST" and "renew" in request.POST:
        return _with_secret(request, *renew_secret(feed=feed))
    form = FeedForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(params_of(feed), feed.name),
    )
    if form.is_valid() and _changed(form, feed, now):
        messages.success(request, _("Your calendar is saved."))
        return HttpResponseRedirect(reverse("timeline:my_feeds"))
    context = {"feed": feed, "form": form}
    return render(request, f"{FOLDER}/one.html", context, status=_status(form))


def _made(request: HttpRequest, form: FeedForm, now: datetime) -> tuple[PersonalFeed, str] | None:
    name, user = form.cleaned_data["name"], request.user
    try:
        return create_feed(name=name, params=form.params(), now=now, user=user)  # type: ignore[arg-type]
    except InvalidInput as error:
        form.show_refusal(error)
        return None


def _changed(form: FeedForm, feed: PersonalFeed, now: datetime) -> bool:
    try:
        change_feed(feed=feed, name=form.cleaned_data["name"], params=form.params(), now=now)
    except InvalidInput as error:
        form.show_refusal(error)
        return False
    return True


def _listed(request: HttpRequest, now: datetime) -> dict[str, Any]:
    head = read_head()
    own = list(PersonalFeed.objects.owned_by(request.user).live())  # type: ignore[arg-type]
    health = health_by_feed(own, head=head, now=now)
    return {
        "rows": [_row(feed, health[feed.pk]) for feed in own],
        "public_health": health_of(None, head=head, now=now),
        "head": head,
    }


def _row(feed: PersonalFeed, health: list[FeedHealth]) -> dict[str, Any]:
    selection = [
        f"{name}: {', '.join(map(str, values))}" for name, values in QueryDict(feed.query).lists()
    ]
    choices = choices_in_words(QueryDict(feed.choices))
    return {"feed": feed, "selection": selection, "choices": choices, "health": health}


def _with_secret(request: HttpRequest, feed: PersonalFeed, secret: str) -> HttpResponse:
    address, caldav = (
        settings.SITE_URL + reverse(name, args=[feed.public_id, secret])
        for name in ("feeds:personal", "dav:secret-calendar")
    )
    context = {"feed": feed, "address": address, "caldav": caldav}
    response = render(request, f"{FOLDER}/made.html", context)
    # Of this page alone, which has no form: with it a browser sends a form's Origin as "null", and
    # the check of forged requests refuses that.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _status(form: FeedForm) -> int:
    return 400 if form.is_bound else 200
