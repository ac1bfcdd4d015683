"""Subscribe, confirm, change the settings, leave.

A GET never changes anything: programs that scan mails for bad links open all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments.api.limits import asking_host
from commitments.exceptions import InvalidInput
from commitments.models import User
from timeline.actions.selections import canonical_query
from timeline.actions.subscribing import (
    change_settings,
    confirm_subscription,
    end_subscription,
    find_request,
    leave,
    mute_commitment,
    request_subscription,
    subscribe_account,
    unmute_commitment,
)
from timeline.exceptions import LinkExpired, LinkUnknown, TooManyRequests
from timeline.forms.subscriptions import USUALLY_ALSO, SettingsForm, SubscribeForm
from timeline.mail.links import (
    manage_url,
    subscriber_of_manage_token,
    subscriber_of_unsubscribe_token,
)
from timeline.models import Reminder, Subscriber, Subscription
from timeline.presentation import filters
from timeline.record_reader import read_entries, read_entries_by_id, read_keys
from timeline.tasks import deliver_soon

View = Callable[..., HttpResponse]
FOLDER = "timeline/subscriptions"
MOST_SHOWN: Final = 20
ONE_COMMITMENT: Final = "id"
ZONE_AND_LANGUAGE: Final = ("time_zone", "language")


def answering_for_links(view: View) -> View:
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
    params = filters.without_empty(request.GET)
    try:
        entries = read_entries(params, language=language, now=timezone.now())
    except InvalidInput as error:
        problems = {"problems": error.errors.items()}
        return render(request, "timeline/refused.html", problems, status=400)
    account = _account_of(request)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None,
        has_account=account is not None,
        initial={
            "lead_days": [settings.REMINDER_LEAD_DAYS],
            "also": USUALLY_ALSO,
            "language": language,
            "time_zone": settings.DEFAULT_PLACE_TIME_ZONE,
        },
    )
    if form.is_valid():
        query = canonical_query(params)
        if account is None:
            return _ask_to_confirm(request, form, query)
        if (response := _subscribe_at_once(request, account, form, query)) is not None:
            return response
    offered = filters.fields(params, entries)
    context = {
        "form": form,
        "account": account,
        "total": len(entries),
        "chosen": filters.chosen(params, offered),
    }
    status = 400 if form.is_bound else 200
    return render(request, f"{FOLDER}/subscribe.html", context, status=status)


def _account_of(request: HttpRequest) -> User | None:
    """Who works here and has an address: they need not show that it is theirs."""
    user = request.user
    return user if isinstance(user, User) and user.is_staff and user.email else None


def _subscribe_at_once(
    request: HttpRequest, account: User, form: SubscribeForm, query: str
) -> HttpResponse | None:
    """The page that says so; None where the form has to say what is wrong."""
    try:
        subscription = subscribe_account(
            user=account,
            query=query,
            moments=form.moments(),
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["time_zone"],
            now=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error.messages[0])
        return None
    return _confirmed(request, subscription)


def _confirmed(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    context = {"subscription": subscription, "manage_url": manage_url(subscription.subscriber)}
    return render(request, f"{FOLDER}/confirmed.html", context)


def _ask_to_confirm(request: HttpRequest, form: SubscribeForm, query: str) -> HttpResponse:
    chosen = form.cleaned_data
    try:
        email = request_subscription(
            address=chosen["address"],
            query=query,
            also=form.moments(),
            language=chosen["language"],
            time_zone=chosen["time_zone"],
            client=asking_host(request),
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
@answering_for_links
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST subscribes."""
    now = timezone.now()
    if request.method != "POST":
        wanted = find_request(token=token, now=now)
        context = {"wanted": wanted, "selection": _in_words(wanted.query)}
        return render(request, f"{FOLDER}/confirm.html", context)
    return _confirmed(request, confirm_subscription(token=token, now=now))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answering_for_links
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The settings of the subscriber whose link this is."""
    subscriber = subscriber_of_manage_token(token)
    if request.method == "POST" and "leave" in request.POST:
        return _left(request, leave(subscriber=subscriber, now=timezone.now()))
    if request.method == "POST" and "end" in request.POST:
        return _end_one(request, subscriber)
    if request.method == "POST" and {"mute", "unmute"} & request.POST.keys():
        return _mute_one(request, subscriber)
    form = SettingsForm(subscriber, request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed = change_settings(
            subscriber=subscriber,
            language=form.cleaned_data["language"],
            habits=form.habits(),
            moments=form.moments(),
        )
        messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(manage_url(changed))
    context = {
        "subscriber": subscriber,
        "form": form,
        "rows": [(_in_words(row.subscription.query), row) for row in form.rows()],
        "often": [form[name] for name in ("rhythm", "wall_time", "weekly_day", *ZONE_AND_LANGUAGE)],
        "quiet": [form[name] for name in ("quiet_from", "quiet_until", "pause_until")],
        "unreached": _unreached(subscriber),
        **_told_next(request, subscriber),
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


def _mute_one(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Mute or unmute what the button names; what is not public cannot be named."""
    public_id = request.POST.get("mute") or request.POST.get("unmute") or ""
    keys = read_keys([public_id])
    if public_id in keys and "mute" in request.POST:
        mute_commitment(subscriber=subscriber, commitment_id=keys[public_id], now=timezone.now())
        messages.success(request, _("You will hear nothing more of it."))
    elif public_id in keys:
        unmute_commitment(subscriber=subscriber, commitment_id=keys[public_id])
        messages.success(request, _("You will hear of it again."))
    return HttpResponseRedirect(manage_url(subscriber))


def _told_next(request: HttpRequest, subscriber: Subscriber) -> dict[str, Any]:
    """What comes next and what is muted; `asked` is what a link in a mail asks to mute."""
    planned = Reminder.objects.planned().filter(subscription__subscriber=subscriber)
    following = list(planned.order_by("send_at", "pk")[:MOST_SHOWN])
    muted = list(subscriber.mutes.order_by("pk").values_list("commitment_id", flat=True))
    asked = read_keys([request.GET.get("mute", "")])
    ids = {*muted, *asked.values(), *(row.commitment_id for row in following)}
    entries = read_entries_by_id(ids, language=subscriber.language, now=timezone.now())
    zone = ZoneInfo(subscriber.time_zone)
    first_of: dict[int, date] = {}
    for row in following:
        first_of.setdefault(row.commitment_id, row.send_at.astimezone(zone).date())
    return {
        "following": [(entries[key], day) for key, day in first_of.items() if key in entries],
        "muted": [entries[key] for key in muted if key in entries],
        "asked": [
            entries[key] for key in asked.values() if key in entries and key not in set(muted)
        ],
    }


# RFC 8058, 3.2: a mail program posts here without cookies, and takes no redirect for a success. Who
# has the link may leave; there is nothing that a forged request could do beyond that.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@answering_for_links
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
    if set(params) == {ONE_COMMITMENT} and entries:
        return "; ".join(entry.title for entry in entries)
    offered = filters.fields(params, entries)
    parts = [f"{one.label}: {one.value}" for one in filters.chosen(params, offered)]
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
