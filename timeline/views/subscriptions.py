"""Subscribe, confirm, change the settings, leave.

A GET never changes anything: programs that scan mails for bad links open all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments.exceptions import InvalidInput
from timeline import presentation_filters
from timeline.actions.selections import canonical_query
from timeline.actions.subscribing import (
    change_settings,
    confirm_subscription,
    end_subscription,
    find_request,
    leave,
    request_subscription,
)
from timeline.exceptions import LinkExpired, LinkUnknown, TooManyRequests
from timeline.forms import SettingsForm, SubscribeForm
from timeline.mail.links import (
    manage_url,
    subscriber_of_manage_token,
    subscriber_of_unsubscribe_token,
)
from timeline.models import Subscriber
from timeline.record_reader import read_entries, read_entries_by_id
from timeline.tasks import deliver_soon

View = Callable[..., HttpResponse]
FOLDER = "timeline/subscriptions"


def _answering_for_links(view: View) -> View:
    """Turn what is wrong with a link into a page: 404 for a foreign one, 410 for an old one."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LinkUnknown as error:
            context = {"message": error.message, "query": ""}
            return render(request, f"{FOLDER}/link_refused.html", context, status=404)
        except LinkExpired as error:
            context = {"message": error.message, "query": error.query}
            return render(request, f"{FOLDER}/link_refused.html", context, status=410)

    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for reminders of the list in the query string; the same answer for every address."""
    language = get_language() or settings.LANGUAGE_CODE
    params = presentation_filters.without_empty(request.GET)
    try:
        entries = read_entries(params, language=language, now=timezone.now())
    except InvalidInput as error:
        problems = {"problems": error.errors.items()}
        return render(request, "timeline/refused.html", problems, status=400)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "lead_days": [settings.REMINDER_LEAD_DAYS],
            "language": language,
            "time_zone": settings.DEFAULT_PLACE_TIME_ZONE,
        },
    )
    if form.is_valid():
        return _ask_to_confirm(request, form, canonical_query(params))
    offered = presentation_filters.fields(params, entries)
    context = {
        "form": form,
        "total": len(entries),
        "chosen": presentation_filters.chosen(params, offered),
    }
    status = 400 if form.is_bound else 200
    return render(request, f"{FOLDER}/subscribe.html", context, status=status)


def _ask_to_confirm(request: HttpRequest, form: SubscribeForm, query: str) -> HttpResponse:
    chosen = form.cleaned_data
    try:
        email = request_subscription(
            address=chosen["address"],
            query=query,
            lead_days=chosen["lead_days"],
            language=chosen["language"],
            time_zone=chosen["time_zone"],
            client=_client_of(request),
            now=timezone.now(),
        )
    except TooManyRequests as error:
        response = render(
            request, f"{FOLDER}/too_many.html", {"message": error.message}, status=429
        )
        response["Retry-After"] = "3600"
        return response
    if email is not None:
        deliver_soon([email.pk])
    return render(request, f"{FOLDER}/asked.html", {"address": chosen["address"]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_answering_for_links
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST subscribes."""
    now = timezone.now()
    if request.method != "POST":
        wanted = find_request(token=token, now=now)
        context = {"wanted": wanted, "selection": _in_words(wanted.query)}
        return render(request, f"{FOLDER}/confirm.html", context)
    subscription = confirm_subscription(token=token, now=now)
    context = {"subscription": subscription, "manage_url": manage_url(subscription.subscriber)}
    return render(request, f"{FOLDER}/confirmed.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_answering_for_links
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The settings of the subscriber whose link this is."""
    subscriber = subscriber_of_manage_token(token)
    if request.method == "POST" and "leave" in request.POST:
        return _left(request, leave(subscriber=subscriber, now=timezone.now()))
    if request.method == "POST" and "end" in request.POST:
        return _end_one(request, subscriber)
    form = SettingsForm(subscriber, request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed = change_settings(
            subscriber=subscriber,
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["time_zone"],
            lead_days=form.lead_days(),
        )
        messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(manage_url(changed))
    context = {
        "subscriber": subscriber,
        "form": form,
        "rows": [(_in_words(one.query), one, field) for one, field in form.rows()],
        "unreached": _unreached(subscriber),
    }
    status = 400 if form.is_bound else 200
    return render(request, f"{FOLDER}/manage.html", context, status=status)


def _end_one(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    number = request.POST["end"]
    live = subscriber.subscriptions.live()
    chosen = live.filter(pk=number).first() if number.isdecimal() else None
    if chosen is not None:
        end_subscription(subscription=chosen, now=timezone.now())
        messages.success(request, _("This subscription has ended."))
    return HttpResponseRedirect(manage_url(subscriber))


# RFC 8058, 3.2: a mail program posts here without cookies, and takes no redirect for a success. Who
# has the link may leave; there is nothing that a forged request could do beyond that.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_answering_for_links
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST stops all mail; the same for people and for mail programs."""
    subscriber = subscriber_of_unsubscribe_token(token)
    if request.method != "POST":
        return render(request, f"{FOLDER}/unsubscribe.html", {"subscriber": subscriber})
    return _left(request, leave(subscriber=subscriber, now=timezone.now()))


def _left(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    return render(request, f"{FOLDER}/left.html", {"subscriber": subscriber})


def _in_words(query: str) -> str:
    """A selection for people; its values have names as long as something of it is published."""
    params, language = QueryDict(query), get_language() or settings.LANGUAGE_CODE
    try:
        entries = read_entries(params, language=language, now=timezone.now()) if query else []
    except InvalidInput:
        entries = []
    offered = presentation_filters.fields(params, entries)
    parts = [f"{one.label}: {one.value}" for one in presentation_filters.chosen(params, offered)]
    return "; ".join(parts) or _("All commitments")


def _unreached(subscriber: Subscriber) -> list[dict[str, Any]]:
    """Mails of which we know that they did not arrive, or do not know that they did."""
    emails = list(subscriber.emails.gone_wrong().prefetch_related("reminders")[:20])
    ids = {row.commitment_id for email in emails for row in email.reminders.all()}
    entries = read_entries_by_id(ids, language=subscriber.language, now=timezone.now())
    return [
        {
            "email": email,
            "entries": [
                entries[number]
                for number in sorted({row.commitment_id for row in email.reminders.all()})
                if number in entries
            ],
        }
        for email in emails
    ]


def _client_of(request: HttpRequest) -> str:
    """The asking host, past as many proxies as are ours; a header alone is never believed."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.NUM_PROXIES and len(forwarded) >= settings.NUM_PROXIES:
        return str(forwarded[-settings.NUM_PROXIES].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
