"""The mail to the office that is responsible: what is due, and three answers for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext as _

from timeline.enums import OwnerAnswer
from timeline.mail.digests import Digest, Line
from timeline.mail.links import owner_url
from timeline.mail.sheets import render_sheet
from timeline.mail.writing import (
    LINKS,
    WrittenMail,
    finished,
    headers_of,
    items_of,
    links_of,
    subject_of,
)
from timeline.models import OutboxEmail, Subscriber


@dataclass(frozen=True, slots=True)
class _Answer:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One commitment with the answers that can be given."""

    title: str
    sentences: list[str]
    words: str
    status: str
    url: str
    answers: list[_Answer]


def write_owner(
    email: OutboxEmail, digest: Digest, *, reader: Subscriber, now: datetime
) -> WrittenMail:
    """The mail of questions; at least one line is needed for a subject."""
    with translation.override(reader.language):
        context = {"items": _questions(digest.lines, now), **LINKS}
        sentence = _("How does it stand? %(subject)s")
        subject = sentence % {"subject": subject_of(digest.lines)}
        sheet = render_sheet("owner", subject, context)
    links = links_of(reader)
    headers = headers_of(links, digest.lines)
    return finished(email, sheet.filled(links), headers=headers, now=now)


def _questions(lines: tuple[Line, ...], now: datetime) -> list[_Question]:
    first_of = {line.entry.public_id: line for line in reversed(lines)}
    return [
        _Question(
            title=item.title,
            sentences=list(item.sentences),
            words=item.words,
            status=item.status,
            url=item.url,
            answers=_answers(first_of[item.public_id], now),
        )
        for item in items_of(lines)
    ]


def _answers(line: Line, now: datetime) -> list[_Answer]:
    if line.subscription is None:
        raise ValueError("A question needs the subscription of the office that is asked.")
    url = owner_url(line.subscription, line.commitment_id, now=now)
    return [
        _Answer(str(answer.label), f"{url}?{urlencode({'answer': answer.value})}")
        for answer in OwnerAnswer
    ]
