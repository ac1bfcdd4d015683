"""Mails in words: subject, text and HTML in the reader's language, and the headers around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.enums import FINAL_STATUSES
from timeline.dates_in_words import day_in_words, distance_in_words
from timeline.enums import NEWS_KINDS, ReminderKind
from timeline.mail.digests import Digest, Line
from timeline.mail.identity import list_id, thread_id
from timeline.mail.links import (
    calendar_url,
    commitment_url,
    confirm_url,
    manage_url,
    unsubscribe_url,
)
from timeline.mail.mime import address_header, one_line, write_message
from timeline.mail.news import news_since
from timeline.models import OutboxEmail, Subscriber, SubscriptionRequest

SUBJECT_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """What goes over the wire, byte for byte, and its subject for people."""

    subject: str
    content: bytes


def write_reminders(
    email: OutboxEmail, digest: Digest, *, reader: Subscriber, now: datetime
) -> WrittenMail:
    """The mail of reminders; at least one line is needed for a subject."""
    with translation.override(reader.language):
        context = {
            "sections": _sections(digest),
            "mute_url": f"{manage_url(reader)}?mute=",
            "only_url": _only_url(digest.lines),
            **links_of(reader),
        }
        headers = headers_of(reader, digest.lines)
        subject = subject_of(digest.lines)
        return write_mail(email, "reminders", subject, context, headers=headers, now=now)


def _only_url(lines: Sequence[Line]) -> str:
    """Where the one button of a mail about one thing leads; a mail about several has none."""
    about = {(line.entry.public_id, line.entry.language) for line in lines}
    return commitment_url(*about.pop()) if len(about) == 1 else ""


def links_of(reader: Subscriber) -> dict[str, str]:
    """What stands at the foot of every mail of a subscription."""
    return {"manage_url": manage_url(reader), "unsubscribe_url": unsubscribe_url(reader)}


def headers_of(reader: Subscriber, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The headers of every mail of a subscription."""
    return [
        ("List-Id", list_id()),
        ("List-Unsubscribe", f"<{unsubscribe_url(reader)}>"),
        # RFC 8058, 2: with this line the address above takes a POST from the mail program.
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        *_thread(lines),
    ]


def _thread(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Mails about one commitment stand together: all name a first one that was never sent.

    RFC 5322, 3.6.4 lets a mail refer to one that is not there, and mail programs group by it.
    """
    about = {line.entry.public_id for line in lines}
    return [("References", thread_id(about.pop()))] if len(about) == 1 else []


def write_confirmation(
    email: OutboxEmail, request: SubscriptionRequest, *, token: str, now: datetime
) -> WrittenMail:
    """The mail that asks the owner of an address whether it was they who subscribed."""
    with translation.override(request.language):
        context = {
            "confirm_url": confirm_url(token, request.language),
            "hours": round((request.expires_at - request.created_at).total_seconds() / 3600),
        }
        subject = _("Please confirm your subscription")
        return write_mail(email, "confirmation", subject, context, headers=(), now=now)


def write_mail(
    email: OutboxEmail,
    template: str,
    subject: str,
    context: Mapping[str, Any],
    *,
    headers: Sequence[tuple[str, str]],
    now: datetime,
) -> WrittenMail:
    """Text and HTML of `template` in the active language, and the headers that all mails have."""
    subject = one_line(subject, most=SUBJECT_LENGTH)
    everything = {
        **context,
        "subject": subject,
        "language": translation.get_language(),
        "site_url": settings.SITE_URL,
    }
    text = render_to_string(f"timeline/mail/{template}.txt", everything)
    html = render_to_string(f"timeline/mail/{template}.html", everything)
    all_headers = (
        ("From", address_header(settings.DEFAULT_FROM_EMAIL)),
        ("To", email.to_address),
        ("Subject", subject),
        ("Date", format_datetime(now)),
        ("Message-ID", email.message_id),
        # RFC 3834, 5: so that no out-of-office program answers.
        ("Auto-Submitted", "auto-generated"),
        *headers,
    )
    content = write_message(headers=all_headers, text=text, html=_inliner().inline(html))
    return WrittenMail(subject, content)


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # At-rules stay: the colours for a dark screen cannot be said inline. Nothing is ever fetched.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One commitment as it stands in a mail, every text in one line."""

    public_id: str
    title: str
    sentences: Sequence[str]
    words: str
    status: str
    url: str
    calendar_url: str


def _sections(digest: Digest) -> list[tuple[str, list[Item]]]:
    """Headings and items; a mail with nothing but reminders has one section and no heading."""
    headed = (
        ("", digest.coming),
        (_("What changed"), digest.changed),
        (_("You should have heard of these before; our mail was late"), digest.missed),
        (_("Settled since you asked to be reminded"), digest.finished),
        (_("The week in your list"), digest.week),
        (_("We may not have reached you with these"), digest.unreached),
    )
    return [(heading, items_of(lines)) for heading, lines in headed if lines]


def items_of(lines: Sequence[Line]) -> list[Item]:
    """Each commitment once, with all that there is to say of it."""
    by_commitment: dict[str, list[Line]] = {}
    for line in lines:
        by_commitment.setdefault(line.entry.public_id, []).append(line)
    return [_item(about) for about in by_commitment.values()]


def _item(lines: Sequence[Line]) -> Item:
    entry = lines[0].entry
    return Item(
        public_id=entry.public_id,
        title=one_line(entry.title, most=300),
        sentences=list(dict.fromkeys(sentence for line in lines for sentence in _told(line))),
        words=one_line(entry.window_words, most=300),
        status=entry.status_label,
        url=commitment_url(entry.public_id, entry.language),
        calendar_url=calendar_url(entry.public_id, entry.language) if entry.is_dated else "",
    )


def _told(line: Line) -> list[str]:
    if line.kind in NEWS_KINDS:
        return _news_sentences(line)
    # What has its verdict is not due any more.
    return [] if line.entry.status in FINAL_STATUSES else [_day_sentence(line)]


def _news_sentences(line: Line) -> list[str]:
    """From what to what, of all that the kind tells."""
    news = news_since(line.entry, line.event_rev)
    sentences = []
    if news.moved and line.kind != ReminderKind.STATUS_CHANGED:
        before, after = (one_line(words, most=100) for words in news.moved)
        sentence = _("Date moved: %(before)s → %(after)s")
        sentences.append(sentence % {"before": before, "after": after})
    if news.status and line.kind != ReminderKind.DATE_MOVED:
        before, after = news.status
        sentence = _("Status changed: %(before)s → %(after)s")
        sentences.append(sentence % {"before": before, "after": after})
    return sentences or [_("New in this list")]


def _day_sentence(line: Line) -> str:
    """The day that it is about and how far that is from the day on which the mail goes out."""
    day = day_in_words(line.due_date, line.entry.language)
    if line.due_date < line.today:
        sentences = {
            ReminderKind.OPENS: _("The first possible day was %(day)s"),
            ReminderKind.HALF_WAY: _("Half of the time was over on %(day)s"),
        }
        sentence = sentences.get(ReminderKind(line.kind), _("The last possible day was %(day)s"))
        return sentence % {"day": day}
    sentences = {
        ReminderKind.OPENS: _("First possible day: %(day)s (%(distance)s)"),
        ReminderKind.HALF_WAY: _("Half of the time is over: %(day)s (%(distance)s)"),
    }
    sentence = sentences.get(
        ReminderKind(line.kind), _("Last possible day: %(day)s (%(distance)s)")
    )
    return sentence % {"day": day, "distance": distance_in_words(line.today, line.due_date)}


def subject_of(lines: Sequence[Line]) -> str:
    """What the mail is about: the first thing, and how many more there are."""
    first, more = lines[0], len({line.entry.public_id for line in lines}) - 1
    title = one_line(first.entry.title, most=100)
    if more:
        sentence = ngettext("%(title)s, and %(more)d more", "%(title)s, and %(more)d more", more)
        return sentence % {"title": title, "more": more}
    sentences = [sentence for line in lines for sentence in _told(line)]
    return f"{title}: {sentences[0] if sentences else first.entry.status_label}"
