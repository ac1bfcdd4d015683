"""The log in words: what happened to published commitments, for people who follow it.

It reads through `record_reader.py`. What is gone is told without a word of its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.as_of import AsOf
from commitments.changes import VisibleChange
from commitments.enums import ChangeKind, Status
from commitments.phrases import window_in_words
from commitments.window import Window
from timeline.entries import Entry
from timeline.record_reader import page_url, read_entries_by_id, read_newest_changes

_FIELDS: Final = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "note": gettext_lazy("note"),
    "kind": gettext_lazy("kind"),
    "strength": gettext_lazy("strength"),
    "wording": gettext_lazy("wording"),
    "place": gettext_lazy("place"),
    "time_zone": gettext_lazy("time zone"),
    "parties": gettext_lazy("parties"),
    "topics": gettext_lazy("topics"),
    "translations": gettext_lazy("translations"),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One change in words, in one language; `told_at` is when it was recorded, in UTC.

    `sentences` say what happened and how it stands now. A gone one has its id for a title and no
    text of the record; `entry` is then None.
    """

    number: int
    public_id: str
    title: str
    sentences: tuple[str, ...]
    url: str
    told_at: datetime
    kind: str
    entry: Entry | None


def read_told_changes(
    params: QueryDict, *, before: int | None, limit: int, language: str, now: datetime
) -> list[ToldChange]:
    """The newest changes below the number `before` that `params` ask for, the newest first.

    Raises `commitments.exceptions.InvalidInput` for an unknown filter. The number of queries does
    not depend on the number of changes.
    """
    changes = read_newest_changes(params, before=before, limit=limit, now=now)
    return tell_changes(changes, language=language, now=now)


def tell_changes(
    changes: Iterable[VisibleChange], *, language: str, now: datetime, as_of: AsOf | None = None
) -> list[ToldChange]:
    """`changes` in words, with how each stands now, or stood at the end of an earlier day."""
    changes = list(changes)
    keys = {one.commitment_key for one in changes if one.commitment_key is not None}
    entries = read_entries_by_id(keys, language=language, now=now, as_of=as_of)
    with translation.override(language):
        # Taken back between the two reads: the next one tells that it is gone.
        return [
            _told(change, entries.get(change.commitment_key or 0), language)
            for change in changes
            if change.is_gone or change.commitment_key in entries
        ]


def _told(change: VisibleChange, entry: Entry | None, language: str) -> ToldChange:
    if entry is None:
        title = _("No longer shown: %(id)s") % {"id": change.record_id}
        sentences = [_("This record was taken back, or is no longer among these.")]
        if change.merged_into:
            other = {"url": page_url(change.merged_into)}
            sentences = [_("It was the same as another one: %(url)s") % other]
        kind = ChangeKind.RETRACTED.value
    else:
        label = str(ChangeKind(change.kind).label)
        title = f"{entry.title.strip() or entry.public_id}: {label}"
        sentences = [*_what_happened(change, language), *_standing(entry)]
        kind = change.kind
    return ToldChange(
        number=change.number,
        public_id=change.record_id,
        title=title,
        sentences=tuple(sentences),
        url=page_url(change.record_id),
        told_at=change.recorded_at,
        kind=kind,
        entry=entry,
    )


def _what_happened(change: VisibleChange, language: str) -> Iterator[str]:
    moved = _moved(
        change.changes, "window", lambda text: window_in_words(Window.parse(text), language)
    )
    if moved:
        yield _("Date: %(before)s → %(after)s.") % moved
    changed = _moved(change.changes, "status", lambda text: str(Status(text).label) if text else "")
    if changed:
        yield _("Status: %(before)s → %(after)s.") % changed
    if change.kind == ChangeKind.CORRECTED:
        fields = [str(label) for name, label in _FIELDS.items() if name in change.changes]
        if fields:
            yield _("Corrected: %(fields)s.") % {"fields": ", ".join(fields)}


def _moved(
    changes: Mapping[str, Any], name: str, in_words: Callable[[Any], str]
) -> dict[str, str] | None:
    """The old and the new value of a field in words; None where it has not moved."""
    old, new = changes.get(name, (None, None))
    if old is None or new is None or old == new:
        return None
    return {"before": in_words(old) or _("undated"), "after": in_words(new) or _("undated")}


def _standing(entry: Entry) -> Iterator[str]:
    """How it stands now."""
    if entry.summary.strip():
        yield entry.summary.strip()
    when = entry.window_words or _("undated")
    yield _("When: %(when)s. Status: %(status)s. Evidence: %(evidence)s.") % {
        "when": when,
        "status": entry.status_label,
        "evidence": entry.evidence_label,
    }
    promised = [party.name for party in entry.parties if party.role == "promised_by"]
    if promised:
        yield capfirst(_("promised by %(names)s.") % {"names": ", ".join(promised)})
