"""Changes and corrections as a page tells them. Pure functions in the active language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.enums import ChangeKind, Status
from commitments.phrases import window_in_words
from commitments.window import Window
from timeline.change_reader import ToldChange
from timeline.record_pages import Correction

_LABELS: Final = {
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
    "window": gettext_lazy("date"),
    "status": gettext_lazy("status"),
    "target": gettext_lazy("target"),
    "citations": gettext_lazy("sources"),
}
_TEXTS: Final = frozenset({"title", "summary", "note", "wording", "place"})
_OF_THE_DATE: Final = frozenset({"earliest", "latest", "hemisphere"})


@dataclass(frozen=True, slots=True)
class DayOfChanges:
    """The changes that were recorded on one day (UTC)."""

    day: date
    changes: tuple[ToldChange, ...]


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """What a field said before and says since; "" for both where only its name can be told."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ToldCorrection:
    """A correction for a page; `title` is "" for what was taken back."""

    day: date
    public_id: str
    title: str
    what: str
    fields: tuple[CorrectedField, ...]
    reason: str
    is_gone: bool


def by_day(changes: Iterable[ToldChange]) -> tuple[DayOfChanges, ...]:
    """`changes` under the day on which each was recorded, in their order."""
    grouped = groupby(changes, key=lambda change: change.told_at.astimezone(UTC).date())
    return tuple(DayOfChanges(day, tuple(found)) for day, found in grouped)


def corrections_in_words(
    corrections: Iterable[Correction], language: str
) -> tuple[ToldCorrection, ...]:
    """What was wrong and what it says now."""
    return tuple(
        ToldCorrection(
            day=one.recorded_at.astimezone(UTC).date(),
            public_id=one.public_id,
            title=one.title,
            what=_what(one),
            fields=tuple(_fields(one, language)),
            reason=one.reason,
            is_gone=one.is_gone,
        )
        for one in corrections
    )


def _what(correction: Correction) -> str:
    if correction.kind == ChangeKind.RETRACTED:
        return _("Taken back")
    if correction.kind == ChangeKind.DATE_MOVED:
        return _("Date corrected")
    if correction.kind == ChangeKind.STATUS_CHANGED:
        return _("Verdict opened again")
    return _("Corrected")


def _fields(correction: Correction, language: str) -> Iterable[CorrectedField]:
    for name, (before, after) in correction.fields.items():
        if before == after or name in _OF_THE_DATE or name not in _LABELS:
            continue
        label = str(_LABELS[name])
        yield CorrectedField(label, _text(name, before, language), _text(name, after, language))


def _text(name: str, value: Any, language: str) -> str:
    if not isinstance(value, str):
        return ""
    if name == "window":
        return window_in_words(Window.parse(value), language)
    if name == "status":
        return str(Status(value).label) if value else ""
    return value if name in _TEXTS else ""
