"""The pages of subscribing and leaving, for browsers, mail programs and link scanners."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import NOW
from tests.timeline.mail.builders import (
    make_due,
    make_queued,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.actions.subscribing import leave
from timeline.enums import MailState, SubscriberState
from timeline.mail.links import manage_url, unsubscribe_url
from timeline.models import OutboxEmail, Subscriber, Subscription, SubscriptionRequest

pytestmark = pytest.mark.django_db

WISHES = {
    "address": "ann@example.org",
    "lead_days": "7",
    "language": "en",
    "time_zone": "Asia/Almaty",
}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Collect what the views hand to the workers."""
    handed: list[list[int]] = []
    monkeypatch.setattr("timeline.views.subscriptions.deliver_soon", handed.append)
    return handed


def path_in_last_mail() -> str:
    found = re.search(r"http://localhost:8000(/\S+/confirm/\S+/)", text_of(sent_mails()[-1]))
    assert found is not None
    return found[1]


def ask(client: Client, query: str = "", **wishes: str) -> Any:
    return client.post(reverse("timeline:subscribe") + query, {**WISHES, **wishes})


def ask_and_open_mail(client: Client, query: str = "", **wishes: str) -> str:
    assert ask(client, query, **wishes).status_code == 200
    call_command("tick", stdout=StringIO())
    return path_in_last_mail()


def test_form_shows_the_list_and_the_usual_days(client: Client) -> None:
    make_due(kind="event")
    make_due()
    response = client.get(reverse("timeline:subscribe") + "?kind=event")
    assert response.status_code == 200
    assert response.context["total"] == 1
    assert [one.value for one in response.context["chosen"]] == ["Event"]
    assert 'value="7"' in response.content.decode()


def test_unknown_filter_is_refused(client: Client) -> None:
    assert client.get(reverse("timeline:subscribe") + "?colour=red").status_code == 400
    assert ask(client, "?colour=red").status_code == 400
    assert SubscriptionRequest.objects.count() == 0


def test_whole_way_from_the_form_to_the_reminder(
    client: Client, no_broker: list[list[int]]
) -> None:
    path = ask_and_open_mail(client, "?kind=event&ordering=title")
    assert no_broker == [[OutboxEmail.objects.get().pk]]
    assert client.get(path).status_code == 200
    assert Subscriber.objects.count() == 0, "opening the link changes nothing"
    response = client.post(path)
    assert response.status_code == 200
    subscription = Subscription.objects.get()
    assert subscription.query == "kind=event"
    assert manage_url(subscription.subscriber) in response.content.decode()


def test_answer_is_the_same_for_known_and_unknown_addresses_acc03(client: Client) -> None:
    make_subscription(make_subscriber("ainur@example.org"))
    ask(client, address="first@example.org")  # what is looked up once for all is known now
    answers = []
    for address in ("ainur@example.org", "botaq@example.org"):
        mails_before = OutboxEmail.objects.count()
        with CaptureQueriesContext(connection) as captured:
            answer = ask(client, address=address)
        body = re.sub(r"\w+@example\.org", "", answer.content.decode())
        headers = {name: said for name, said in answer.items() if name != "Expires"}
        asked = [re.split(r"WHERE|VALUES", query["sql"])[0] for query in captured]
        statements = [re.sub(r"\bs\d+_x\d+", "", text) for text in asked]
        mails = OutboxEmail.objects.count() - mails_before, len(mail.outbox)
        answers.append((answer.status_code, body, headers, statements, mails))
    assert answers[0][-1] == (1, 0)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "address",
    ["a@b,c@d", '"a"@b\r\n', "ann@example.org\r\n", "ann@example.org\nBcc: x@y.org", "x" * 300, ""],
)
def test_bad_address_is_refused_eml08(address: str, client: Client) -> None:
    response = ask(client, address=address)
    assert response.status_code == 400
    assert SubscriptionRequest.objects.count() == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ann+tag@Example.org", "ann+tag@example.org"),
        ("ann@пример.рф", "ann@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_good_address_is_one_recipient_eml08(typed: str, stored: str, client: Client) -> None:
    ask_and_open_mail(client, address=typed)
    assert [message.to for message in mail.outbox] == [[stored]]


@pytest.mark.parametrize("days", ["", "soon", "-1", "367", "1.5", "7;1", "٧", "1 " * 11])
def test_bad_days_are_refused(days: str, client: Client) -> None:
    days = " ".join(f"{n}" for n in range(11)) if days.startswith("1 ") else days
    assert ask(client, lead_days=days).status_code == 400
    assert SubscriptionRequest.objects.count() == 0


@pytest.mark.parametrize("wishes", [{"language": "xx"}, {"time_zone": "Moon/Base"}])
def test_bad_choices_are_refused(wishes: dict[str, str], client: Client) -> None:
    assert ask(client, **wishes).status_code == 400


def test_client_that_asks_too_often_is_told_to_wait(client: Client) -> None:
    answers = [ask(client, address=f"r{n}@example.org").status_code for n in range(21)]
    assert answers == [200] * 20 + [429]
    assert ask(client)["Retry-After"] == "3600"


def test_forged_header_is_no_new_client(client: Client, settings: Any) -> None:
    for number in range(21):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = client.post(
            reverse("timeline:subscribe"),
            {**WISHES, "address": f"r{number}@example.org"},
            headers=headers,
        )
    assert answer.status_code == 429
    settings.NUM_PROXIES = 1
    headers = {"X-Forwarded-For": "spoofed, 203.0.113.9"}
    assert client.post(reverse("timeline:subscribe"), WISHES, headers=headers).status_code == 200


def test_confirm_page_says_what_it_is_about(client: Client) -> None:
    make_due(kind="event")
    page = client.get(ask_and_open_mail(client, "?kind=event")).content.decode()
    assert "Shall reminders go to ann@example.org?" in page
    assert "Kind: Event" in page


@pytest.mark.parametrize("hours", [49, 24 * 30])
def test_old_link_is_gone_and_a_new_mail_is_offered_eml05(hours: int, client: Client) -> None:
    path = ask_and_open_mail(client, "?kind=event")
    with time_machine.travel(SubscriptionRequest.objects.get().created_at + timedelta(hours=hours)):
        answers = [client.get(path), client.post(path)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert "/subscribe/mail/?kind=event" in answers[1].content.decode()
    assert Subscription.objects.count() == 0


def test_used_link_is_gone_eml05(client: Client) -> None:
    path = ask_and_open_mail(client)
    assert client.post(path).status_code == 200
    assert [client.get(path).status_code, client.post(path).status_code] == [410, 410]


def test_link_of_another_kind_or_none_is_unknown_eml05(client: Client) -> None:
    reader = make_subscriber()
    token = unsubscribe_url(reader).rstrip("/").rpartition("/")[2]
    for foreign in (token, "nonsense"):
        path = reverse("timeline:confirm", args=[foreign])
        assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert Subscription.objects.count() == 0


def test_link_subscribes_its_own_address_whatever_else_is_posted_eml05(client: Client) -> None:
    path = ask_and_open_mail(client)
    client.post(path, {"address": "eve@example.org"})
    assert list(Subscriber.objects.values_list("address", flat=True)) == ["ann@example.org"]


def test_confirming_needs_the_page_s_own_button() -> None:
    client = Client(enforce_csrf_checks=True)
    path = reverse("timeline:confirm", args=["anything"])
    assert client.post(path).status_code == 403


def test_one_click_unsubscribes_without_anything_else_eml04() -> None:
    client = Client(enforce_csrf_checks=True)
    subscription = make_subscription()
    path = unsubscribe_url(subscription.subscriber).removeprefix("http://localhost:8000")
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        response = client.post(path, body)
        assert (response.status_code, response.cookies) == (200, {})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.state == SubscriberState.LEFT


def test_unsubscribe_page_changes_nothing_until_its_button_is_pressed(client: Client) -> None:
    reader = make_subscriber(language="ru")
    path = unsubscribe_url(reader).removeprefix("http://localhost:8000")
    assert path.startswith("/ru/")
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    reader.refresh_from_db()
    assert reader.state == SubscriberState.ACTIVE
    response = client.post(path)
    assert response.status_code == 200
    reader.refresh_from_db()
    assert reader.state == SubscriberState.LEFT


def test_page_after_leaving_says_that_one_more_may_come_rem35(client: Client) -> None:
    path = unsubscribe_url(make_subscriber()).removeprefix("http://localhost:8000")
    assert "may still arrive" in client.post(path).content.decode()


def test_unknown_unsubscribe_link_is_not_found(client: Client) -> None:
    path = reverse("timeline:unsubscribe", args=["1.nonsense"])
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]


def settings_path(reader: Subscriber) -> str:
    return manage_url(reader).removeprefix("http://localhost:8000")


def test_settings_are_shown_and_saved(client: Client) -> None:
    reader = make_subscriber()
    one, two = make_subscription(reader), make_subscription(reader, query="kind=event")
    page = client.get(settings_path(reader)).content.decode()
    assert "All commitments" in page
    assert "Kind: Event" in page
    response = client.post(
        settings_path(reader),
        {
            f"lead_days_{one.pk}": "30, 7",
            f"lead_days_{two.pk}": "0",
            "language": "kk",
            "time_zone": "Europe/Berlin",
        },
    )
    assert response.status_code == 302
    assert response["Location"].startswith("http://localhost:8000/kk/subscriptions/manage/")
    for subscription in (one, two):
        subscription.refresh_from_db()
    assert (one.lead_days, two.lead_days) == ([30, 7], [0])
    reader.refresh_from_db()
    assert (reader.language, reader.time_zone) == ("kk", "Europe/Berlin")


def test_enter_key_in_a_field_saves_and_ends_nothing(client: Client) -> None:
    """A browser presses the first button of the field's own form."""
    page = client.get(settings_path(make_subscription().subscriber)).content.decode()
    form = page[page.index('name="lead_days_') : page.index('id="endings"')]
    buttons = re.findall(r"<button[^>]*>", form)
    assert [button for button in buttons if 'form="endings"' not in button] == [
        '<button type="submit">'
    ]


def test_bad_settings_are_refused_and_shown_again(client: Client) -> None:
    subscription = make_subscription()
    wishes = {"language": "en", "time_zone": "UTC", f"lead_days_{subscription.pk}": "soon"}
    response = client.post(settings_path(subscription.subscriber), wishes)
    assert response.status_code == 400
    assert 'value="soon"' in response.content.decode()
    subscription.refresh_from_db()
    assert subscription.lead_days == [7]


def test_one_subscription_can_be_ended_and_only_one_s_own(client: Client) -> None:
    reader = make_subscriber()
    own, kept = make_subscription(reader), make_subscription(reader, query="kind=event")
    foreign = make_subscription()
    for number in (own.pk, foreign.pk, "nonsense"):
        client.post(settings_path(reader), {"end": str(number)})
    live = set(Subscription.objects.live().values_list("pk", flat=True))
    assert live == {kept.pk, foreign.pk}


def test_leaving_on_the_settings_page_voids_its_address(client: Client) -> None:
    reader = make_subscriber()
    path = settings_path(reader)
    assert client.post(path, {"leave": "1"}).status_code == 200
    reader.refresh_from_db()
    assert reader.state == SubscriberState.LEFT
    assert client.get(path).status_code == 410


def test_settings_of_another_cannot_be_reached(client: Client) -> None:
    reader, other = make_subscriber(), make_subscriber()
    path = settings_path(reader).replace(f"/{reader.pk}-", f"/{other.pk}-")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("state", [MailState.EXPIRED, MailState.UNRESOLVED, MailState.FAILED])
def test_mail_that_did_not_arrive_stands_on_the_settings_page_rem17(
    state: MailState, client: Client
) -> None:
    (email,) = make_queued()
    copies = 2 if state == MailState.UNRESOLVED else 0
    OutboxEmail.objects.update(state=state, settled_at=NOW, maybe_delivered=copies)
    assert email.subscriber is not None
    page = client.get(settings_path(email.subscriber)).content.decode()
    assert "Mails that may not have reached you" in page
    assert email.reminders.get().commitment.title in page


def test_pages_are_neither_kept_nor_found_by_search_engines(client: Client) -> None:
    reader = make_subscriber()
    for path in (
        settings_path(reader),
        unsubscribe_url(reader).removeprefix("http://localhost:8000"),
    ):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in response.content.decode()
    leave(subscriber=reader, now=NOW)
    tick(NOW)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_pages_are_there_in_every_language(language: str, client: Client) -> None:
    prefix = "" if language == "en" else f"/{language}"
    response = client.get(f"{prefix}/subscribe/mail/")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
