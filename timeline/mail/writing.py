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
from timeline.enums import ReminderKind
from timeline.mail.digests import Digest, Line
from timeline.mail.identity import list_id
from timeline.mail.links import commitment_url, confirm_url, manage_url, unsubscribe_url
from timeline.mail.mime import address_header, one_line, write_message
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
    unsubscribe = unsubscribe_url(reader)
    with translation.override(reader.language):
        subject = _subject(digest.lines)
        context = {
            "sections": _sections(digest),
            "manage_url": manage_url(reader),
            "unsubscribe_url": unsubscribe,
        }
        headers = (
            ("List-Id", list_id()),
            ("List-Unsubscribe", f"<{unsubscribe}>"),
            # RFC 8058, 2: with this line the address above takes a POST from the mail program.
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )
        return _write(email, "reminders", subject, context, headers=headers, now=now)


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
        return _write(email, "confirmation", subject, context, headers=(), now=now)


def _write(
    email: OutboxEmail,
    template: str,
    subject: str,
    context: Mapping[str, Any],
    *,
    headers: Sequence[tuple[str, str]],
    now: datetime,
) -> WrittenMail:
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
class _Item:
    title: str
    when: str
    words: str
    status: str
    url: str


def _sections(digest: Digest) -> list[tuple[str, list[_Item]]]:
    """Headings and items; a mail with nothing but reminders has one section and no heading."""
    headed = (
        ("", digest.coming),
        (_("You should have heard of these before; our mail was late"), digest.missed),
        (_("Settled since you asked to be reminded"), digest.finished),
        (_("We may not have reached you with these"), digest.unreached),
    )
    return [(heading, [_item(line) for line in lines]) for heading, lines in headed if lines]


def _item(line: Line) -> _Item:
    entry = line.entry
    return _Item(
        title=one_line(entry.title, most=300),
        # What has its verdict is not due any more.
        when="" if entry.status in FINAL_STATUSES else _day_sentence(line),
        words=one_line(entry.window_words, most=300),
        status=entry.status_label,
        url=commitment_url(entry.public_id, entry.language),
    )


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


def _subject(lines: Sequence[Line]) -> str:
    first, more = lines[0], len({line.entry.public_id for line in lines}) - 1
    title = one_line(first.entry.title, most=100)
    if more:
        sentence = ngettext("%(title)s, and %(more)d more", "%(title)s, and %(more)d more", more)
        return sentence % {"title": title, "more": more}
    is_settled = first.entry.status in FINAL_STATUSES
    return f"{title}: {first.entry.status_label if is_settled else _day_sentence(first)}"
