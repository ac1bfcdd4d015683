"""Feeds of changes for any filter: Atom (RFC 4287, paged by RFC 5005) and JSON Feed 1.1.

The bytes hang on the record, the filter and the language alone, so that the strong ETag over them
is honest. A page is cut at a number, not at a count: while changes are added, a reader who goes on
to older pages loses none. (RFC 5005's archives would have to stay as they are for ever, and what
is taken back must leave them.)
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from commitments.exceptions import InvalidInput
from timeline.change_reader import ToldChange, read_told_changes
from timeline.ical.content_lines import clean_text
from timeline.record_reader import read_head

PAGE: Final = 50
TOMBSTONE_DAYS: Final = 90
KEPT_SECONDS: Final = 3600
# What an empty feed was changed last: never, and the same each time.
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

Format = Literal["atom", "json"]
MEDIA_TYPES: Final[dict[Format, str]] = {
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ChangeFeed:
    """A page of a feed as served; `etag` is quoted and strong, `changed_at` is in UTC."""

    body: bytes
    etag: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Page:
    """What both formats write; addresses are absolute, `older` is "" on the last page."""

    feed_id: str
    title: str
    subtitle: str
    language: str
    itself: str
    first: str
    older: str
    list_page: str
    changes: list[ToldChange]

    @property
    def changed_at(self) -> datetime:
        return max((one.told_at for one in self.changes), default=NEVER)


def render_change_feed(params: QueryDict, *, form: Format, now: datetime) -> ChangeFeed:
    """The newest changes that `params` ask for: the filter, `language`, `before` (a number).

    Kept in the cache for as long as the record stands unchanged, at most for the day: that is
    when tombstones leave. A selection by schedule is made anew each time. Raises InvalidInput.
    """
    page = _asked(params)
    if any(page.selection.getlist("schedule")):
        return _render(page, form, now)
    asked = f"{read_head()} {now.astimezone(UTC).date()} {form} {page.language} {page.before}"
    asked += f" {_query_of(page.selection)}"
    key = f"changes-{hashlib.sha256(asked.encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, ChangeFeed):
        return kept
    feed = _render(page, form, now)
    cache.set(key, feed, KEPT_SECONDS)
    return feed


@dataclass(frozen=True, slots=True)
class _Asked:
    selection: QueryDict
    language: str
    before: int | None


def _asked(params: QueryDict) -> _Asked:
    selection = params.copy()
    language = "".join(map(str, selection.pop("language", []))) or settings.LANGUAGE_CODE
    known = [code for code, _name in settings.LANGUAGES]
    if language not in known:
        sentence = _("Choose one of: %(known)s.") % {"known": ", ".join(known)}
        raise InvalidInput(sentence, field="language", code="unknown_language")
    before = "".join(map(str, selection.pop("before", [])))
    if before and not re.fullmatch(r"[0-9]{1,15}", before):
        sentence = _("Give the number of a change.")
        raise InvalidInput(sentence, field="before", code="invalid_number")
    return _Asked(selection, language, int(before) if before else None)


def _render(asked: _Asked, form: Format, now: datetime) -> ChangeFeed:
    changes = read_told_changes(
        asked.selection, before=asked.before, limit=PAGE + 1, language=asked.language, now=now
    )
    # From midnight, so that the bytes stand still in the course of a day.
    today = datetime.combine(now.astimezone(UTC).date(), time(tzinfo=UTC))
    oldest = today - timedelta(days=TOMBSTONE_DAYS)
    shown = [one for one in changes[:PAGE] if one.entry or one.told_at >= oldest]
    older = changes[PAGE - 1].number if len(changes) > PAGE else None
    page = _page(asked, form, shown, older)
    body = _atom(page) if form == "atom" else _json(page)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return ChangeFeed(body, etag, page.changed_at)


def _page(asked: _Asked, form: Format, changes: list[ToldChange], older: int | None) -> _Page:
    path = settings.SITE_URL + reverse(f"feeds:changes-{form}")
    query = _query_of(asked.selection)
    in_language = query.copy()
    in_language["language"] = asked.language

    def at(before: int | None) -> str:
        there = in_language.copy()
        if before is not None:
            there["before"] = str(before)
        return f"{path}?{there.urlencode()}"

    with translation.override(asked.language):
        home = settings.SITE_URL + reverse("timeline:home")
        return _Page(
            feed_id=at(None),
            title=_("Public commitments: what has changed"),
            subtitle=_("What was promised in public, and what became of it."),
            language=asked.language,
            itself=at(asked.before),
            first=at(None),
            older=at(older) if older is not None else "",
            list_page=f"{home}?{query.urlencode()}" if query else home,
            changes=changes,
        )


def _query_of(selection: QueryDict) -> QueryDict:
    """The selection in one order, so that the same feed has one address."""
    query = QueryDict(mutable=True)
    for name in sorted(selection):
        values = sorted({value for value in selection.getlist(name) if value.strip()})
        if values:
            query.setlist(name, values)
    return query


class _AtomPage(Atom1Feed):
    """Django's Atom with the links of RFC 5005 and an `updated` that stands still."""

    def __init__(self, page: _Page) -> None:
        super().__init__(
            title=_line(page.title),
            link=page.list_page,
            description="",
            language=page.language,
            subtitle=_line(page.subtitle),
            author_name=_line(str(settings.SPECTACULAR_SETTINGS["TITLE"])),
            feed_url=page.itself,
            feed_guid=page.feed_id,
        )
        self.page = page

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation, target in (("first", self.page.first), ("next", self.page.older)):
            if target:
                handler.addQuickElement("link", "", {"rel": relation, "href": target})

    def latest_post_date(self) -> datetime:
        return self.page.changed_at


def _atom(page: _Page) -> bytes:
    feed = _AtomPage(page)
    for change in page.changes:
        paragraphs = format_html_join("", "<p>{}</p>", ((text,) for text in _texts(change)))
        feed.add_item(
            title=_line(change.title),
            link=change.url,
            description=str(paragraphs),
            pubdate=change.told_at,
            updateddate=change.told_at,
            unique_id=entry_id(change),
            categories=(change.kind,),
        )
    out = io.BytesIO()
    feed.write(out, "utf-8")
    return out.getvalue()


def _json(page: _Page) -> bytes:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _line(page.title),
        "home_page_url": page.list_page,
        "feed_url": page.itself,
        "description": _line(page.subtitle),
        "language": page.language,
        "authors": [{"name": _line(str(settings.SPECTACULAR_SETTINGS["TITLE"]))}],
        "items": [_item(change) for change in page.changes],
    }
    if page.older:
        document["next_url"] = page.older
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _item(change: ToldChange) -> dict[str, Any]:
    return {
        "id": entry_id(change),
        "url": change.url,
        "title": _line(change.title),
        "content_text": "\n\n".join(_texts(change)),
        "date_published": rfc3339_date(change.told_at),
        "tags": [change.kind],
    }


def entry_id(change: ToldChange) -> str:
    """The id of a change for ever and in every feed: a tag URI (RFC 4151) with its number."""
    host = urlsplit(settings.SITE_URL).hostname
    day = change.told_at.astimezone(UTC).date()
    return f"tag:{host},{day}:change/{change.number}"


def _texts(change: ToldChange) -> Sequence[str]:
    cleaned = (clean_text(text).strip() for text in change.sentences)
    return [text for text in cleaned if text]


def _line(text: str) -> str:
    """`text` as one line without anything that XML cannot hold."""
    return " ".join(clean_text(text).split())
