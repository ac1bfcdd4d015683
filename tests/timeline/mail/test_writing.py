"""What stands in the mails, in each language, and in the headers around them."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.template import loader
from django.test import Client

from commitments.models import Commitment
from tests.builders import NOW
from tests.timeline.mail.builders import (
    day_off,
    make_due,
    make_subscriber,
    make_subscription,
    sent_mails,
    text_of,
    tick,
)
from timeline.dates_in_words import day_in_words
from timeline.mail import sheets
from timeline.mail.links import manage_url, unsubscribe_url
from timeline.models import OutboxEmail

pytestmark = pytest.mark.django_db


def html_of(message: Any) -> str:
    return str(message.get_body(preferencelist=("html",)).get_content())


def test_every_reminder_has_its_headers_eml02(settings: Any) -> None:
    settings.SITE_URL = "https://commitments.example.org"
    make_due()
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    email = OutboxEmail.objects.get()
    link = message["List-Unsubscribe"]
    assert re.fullmatch(r"<https://commitments\.example\.org/subscriptions/unsubscribe/\S+/>", link)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == email.message_id
    assert message["Message-ID"].endswith("@commitments.example.org>")
    assert message["List-Id"] == "<reminders.commitments.example.org>"
    assert parsedate_to_datetime(message["Date"]) == NOW
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    assert message.keys() == list(dict.fromkeys(message.keys())), "no header comes twice"


def test_title_with_line_breaks_adds_no_header_eml01() -> None:
    commitment = make_due()
    title = "Launch\r\nBcc: x@y\r\n\r\n" + "long " * 50
    Commitment.objects.filter(pk=commitment.pk).update(title=title)
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Launch Bcc: x@y long")
    assert len(message["Subject"]) <= 900
    assert text_of(message).startswith("* Launch Bcc: x@y long")


def test_subject_of_one_says_when() -> None:
    make_due("The launch")
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    assert message["Subject"] == "The launch: Last possible day: 1 December 2026 (in 7 days)"


@pytest.mark.parametrize(
    ("count", "expected"), [(2, "First, and 1 more"), (3, "First, and 2 more")]
)
def test_subject_of_several_counts_them(count: int, expected: str) -> None:
    for title in ("First", "Second", "Third")[:count]:
        make_due(title)
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    assert message["Subject"] == expected


def test_item_has_words_day_status_and_link() -> None:
    commitment = make_due("The launch")
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    item = text_of(message).split("\n\n")[0].splitlines()
    assert item == [
        "* The launch",
        "  Last possible day: 1 December 2026 (in 7 days)",
        "  Promised for: 1 December 2026",
        "  Status: announced",
        f"  http://localhost:8000/c/{commitment.public_id}/",
    ]
    assert f'href="http://localhost:8000/c/{commitment.public_id}/"' in html_of(message)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (0, "Last possible day: 25 November 2026 (tomorrow)"),
        (15, "Last possible day: 25 November 2026 (today)"),
        (23, "Last possible day: 25 November 2026 (today)"),
    ],
)
def test_distance_is_counted_on_the_day_of_sending(hours: int, sentence: str) -> None:
    make_due(in_days=1)
    make_subscription(lead_days=[1])
    tick(NOW + timedelta(hours=hours))
    (message,) = sent_mails()
    assert sentence in text_of(message)


def test_last_day_that_has_passed_is_told_as_such() -> None:
    make_due(in_days=0)
    subscription = make_subscription()
    subscription.moments = [["last_day", 1]]
    subscription.save()
    tick(NOW)
    tick(NOW + timedelta(days=1))
    (message,) = sent_mails()
    assert "The last possible day was 24 November 2026" in text_of(message)


@pytest.mark.parametrize(
    ("kind", "window", "sentence"),
    [
        ("opens", f"{day_off(0)}/2027", "First possible day: 24 November 2026 (today)"),
        ("half_way", f"{day_off(-2)}/{day_off(2)}", "Half of the time is over: 24 November 2026"),
    ],
)
def test_other_days_of_the_window_have_their_own_words(
    kind: str, window: str, sentence: str
) -> None:
    commitment = make_due()
    Commitment.objects.filter(pk=commitment.pk).update(window=window)
    subscription = make_subscription()
    subscription.moments = [[kind, 0]]
    subscription.save()
    tick(NOW)
    (message,) = sent_mails()
    assert sentence in text_of(message)


@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("ru", "/ru"), ("kk", "/kk")])
def test_mail_is_in_the_language_of_its_reader(language: str, prefix: str) -> None:
    commitment = make_due(translations={"ru": {"title": "Запуск"}, "kk": {"title": "Ұшыру"}})
    make_subscription(make_subscriber(language=language))
    tick(NOW)
    (message,) = sent_mails()
    text = text_of(message)
    assert f"http://localhost:8000{prefix}/c/{commitment.public_id}/" in text
    assert f"http://localhost:8000{prefix}/subscriptions/manage/" in text
    assert f'lang="{language}"' in html_of(message)
    title = {"en": commitment.title, "ru": "Запуск", "kk": "Ұшыру"}[language]
    assert text.startswith(f"* {title}\n")
    assert day_in_words(day_off(7), language) in text


def test_html_is_escaped_and_styled_inline() -> None:
    make_due("Launch <script>alert(1)</script> & more")
    make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    html = html_of(message)
    assert "<script" not in html
    assert "Launch &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
    assert '<div class="item" style="' in html
    assert "prefers-color-scheme: dark" in html
    assert "Launch <script>alert(1)</script> & more" in text_of(message)


def test_links_in_the_mail_work_and_change_nothing_when_opened(client: Client) -> None:
    make_due()
    subscription = make_subscription()
    tick(NOW)
    (message,) = sent_mails()
    links = re.findall(r"http://localhost:8000(/\S+)", text_of(message))
    assert len(links) == 3
    before = OutboxEmail.objects.values().get()
    for link in links:
        assert client.get(link).status_code == 200
    subscription.refresh_from_db()
    assert (subscription.ended_at, subscription.subscriber.state) == (None, "active")
    assert OutboxEmail.objects.values().get() == before


def test_readers_who_are_told_the_same_get_their_own_links_and_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The words are made once for each language; a link of somebody else would open their page."""
    rendered: list[str] = []
    original = loader.render_to_string

    def render_to_string(template: str, context: Any) -> str:
        rendered.append(template)
        return str(original(template, context))

    monkeypatch.setattr(sheets, "render_to_string", render_to_string)
    make_due("The launch")
    readers = [
        make_subscriber(f"{name}-{language}@example.org", language=language)
        for language in ("en", "ru")
        for name in ("ann", "bob", "eve")
    ]
    for reader in readers:
        make_subscription(reader)
    tick(NOW)
    mails = {message["To"]: message for message in sent_mails()}
    assert set(mails) == {reader.address for reader in readers}
    assert len(rendered) == 4, "text and HTML in two languages"
    for reader in readers:
        message = mails[reader.address]
        everything = str(message["List-Unsubscribe"]) + text_of(message) + html_of(message)
        own = {manage_url(reader), unsubscribe_url(reader)}
        assert (
            set(re.findall(r"http://[^\s\"<>]+?/(?:manage|unsubscribe)/[^\s\"<>?]+", everything))
            == own
        )
        assert sheets.blank("")[:16] not in everything


def test_button_leads_to_the_one_or_to_a_list_of_all(client: Client) -> None:
    one = make_due("First")
    reader = make_subscriber()
    make_subscription(reader, query=f"id={one.public_id}")
    other = make_subscription(lead_days=(7,))
    make_due("Second")
    tick(NOW)
    mails = {message["To"]: html_of(message) for message in sent_mails()}
    assert button_of(mails[reader.address]) == f"http://localhost:8000/c/{one.public_id}/"
    address = button_of(mails[other.subscriber.address])
    html = client.get(address.removeprefix("http://localhost:8000")).content.decode()
    assert ("First" in html, "Second" in html) == (True, True)


def button_of(html: str) -> str:
    found = re.search(r'<a class="button" href="([^"]+)"', html)
    assert found is not None
    return found[1]
