"""Mails in words: subject, text and HTML in the reader's language, and the headers around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from django.conf import settings
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
    list_url,
    manage_url,
    unsubscribe_url,
)
from timeline.mail.mime import address_header, one_line, write_message
from timeline.mail.news import news_since
from timeline.mail.sheets import Sheet, blank, render_sheet
from timeline.models import OutboxEmail, Subscriber, SubscriptionRequest

SHEETS_KEPT: Final = 128
MOST_LISTED: Final = 50
"""Commitments that the address of a list names: some mail programs cut long ones."""
MANAGE: Final = "manage"
UNSUBSCRIBE: Final = "unsubscribe"
LINKS: Final[Mapping[str, str]] = {
    "manage_url": blank(MANAGE),
    "unsubscribe_url": blank(UNSUBSCRIBE),
}
"""For the foot of every mail of a subscription: `links_of` has what fills the blanks."""


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """What goes over the wire, byte for byte, and its subject for people."""

    subject: str
    content: bytes


def write_reminders(
    email: OutboxEmail, digest: Digest, *, reader: Subscriber, now: datetime
) -> WrittenMail:
    """The mail of reminders; at least one line is needed for a subject."""
    links = links_of(reader)
    sheet = _reminders(digest.for_anybody(), reader.language, settings.SITE_URL)
    headers = headers_of(links, digest.lines)
    return finished(email, sheet.filled(links), headers=headers, now=now)


# Readers of one list are told the same at the same time. All that the words depend on is an
# argument, so that what is kept can never be stale.
@lru_cache(maxsize=SHEETS_KEPT)
def _reminders(digest: Digest, language: str, _site_url: str) -> Sheet:
    with translation.override(language):
        context = {
            "sections": _sections(digest),
            "mute_url": f"{LINKS['manage_url']}?mute=",
            "call": _call(digest.lines),
            **LINKS,
        }
        return render_sheet("reminders", subject_of(digest.lines), context)


@dataclass(frozen=True, slots=True)
class _Call:
    """The one button of a mail."""

    words: str
    url: str


def _call(lines: Sequence[Line]) -> _Call:
    """To the page of the one commitment that it is about, or to a list of all of them."""
    ids = list(dict.fromkeys(line.entry.public_id for line in lines))
    language = lines[0].entry.language
    if len(ids) == 1:
        return _Call(_("See how it stands"), commitment_url(ids[0], language))
    return _Call(_("See how they stand"), list_url(ids[:MOST_LISTED], language))


def links_of(reader: Subscriber) -> dict[str, str]:
    """What fills the blanks of `LINKS` for one reader."""
    return {MANAGE: manage_url(reader), UNSUBSCRIBE: unsubscribe_url(reader)}


def headers_of(links: Mapping[str, str], lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The headers of every mail of a subscription."""
    return [
        ("List-Id", list_id()),
        ("List-Unsubscribe", f"<{links[UNSUBSCRIBE]}>"),
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
        sheet = render_sheet("confirmation", _("Please confirm your subscription"), context)
    return finished(email, sheet, headers=(), now=now)


def finished(
    email: OutboxEmail, sheet: Sheet, *, headers: Sequence[tuple[str, str]], now: datetime
) -> WrittenMail:
    """A sheet without blanks as it goes over the wire, behind the headers that all mails have."""
    all_headers = (
        ("From", address_header(settings.DEFAULT_FROM_EMAIL)),
        ("To", email.to_address),
        ("Subject", sheet.subject),
        ("Date", format_datetime(now)),
        ("Message-ID", email.message_id),
        # RFC 3834, 5: so that no out-of-office program answers.
        ("Auto-Submitted", "auto-generated"),
        *headers,
    )
    content = write_message(headers=all_headers, text=sheet.text, html=sheet.html)
    return WrittenMail(sheet.subject, content)


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
