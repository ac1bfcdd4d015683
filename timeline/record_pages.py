"""What stands around commitments: sources, parties, topics, figures, milestones, corrections.

A pane of the door to the record (`record_reader.py`): only what a published commitment names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import translation

from commitments.as_of import AsOf, select_versions
from commitments.changes import VisibleChange, visible_change, visible_rows
from commitments.enums import (
    FINAL_STATUSES,
    OPEN_STATUSES,
    ChangeKind,
    DateMoveKind,
    PartyKind,
    Publication,
    SourceKind,
)
from commitments.mentions import parties_named_by, sources_named_by, topics_named_by
from commitments.models import (
    Citation,
    Commitment,
    DateMove,
    Party,
    Source,
    StatusChange,
    TargetValue,
    Topic,
)
from commitments.models.version import Axis
from commitments.phrases import window_in_words
from commitments.statistics import (
    Statistics,
    statistics_at,
    statistics_by,
    statistics_by_at,
    statistics_of,
)
from commitments.window import Window
from timeline.list_reader import Standing, read_standings
from timeline.narrowing import Dimension, naming

CORRECTIONS_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A value that a source reported for a period; `value` is plain digits with a point."""

    value: str
    period: Window
    period_words: str
    source_public_id: str
    source_title: str
    source_date: date
    locator: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source as its page shows it; `title_language` is the language that its title is in."""

    public_id: str
    title: str
    title_language: str
    kind_label: str
    date: date
    place: str
    publisher: str
    url: str
    archive_url: str
    language: str
    text_sha256: str
    independent: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A party, topic or source: `about` says what it is, `body_key` leads to what it is of.

    Without a `key` it has no page today: an earlier day named it, and nothing does since.
    """

    key: str
    name: str
    about: str = ""
    body_key: str = ""
    body_name: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of our own record that is no news of the world, or a reopened verdict.

    `fields` has the old and the new text by the name of the column; of what was taken back there
    is nothing but the id and the day.
    """

    number: int
    recorded_at: datetime
    public_id: str
    title: str
    kind: str
    fields: Mapping[str, tuple[Any, Any]]
    reason: str
    is_gone: bool


def read_values(public_id: str, *, language: str, as_of: AsOf | None) -> list[ReportedValue]:
    """What was reported for the target of a published commitment, by period; one query."""
    rows = TargetValue.objects.filter(
        target__commitment__public_id=public_id,
        target__commitment__publication=Publication.PUBLISHED,
    )
    if as_of is not None and as_of.axis is Axis.KNOWN:
        rows = rows.filter(recorded_at__lte=as_of.instant)
    elif as_of is not None:
        rows = rows.filter(source__date__lte=as_of.day)
    ordered = rows.select_related("source").defer("source__text").order_by("period", "pk")
    return [_value(row, language) for row in ordered]


def _value(row: TargetValue, language: str) -> ReportedValue:
    period = Window.parse(row.period)
    return ReportedValue(
        value=_number(row.value),
        period=period,
        period_words=window_in_words(period, language),
        source_public_id=row.source.public_id,
        source_title=row.source.text_in(language, "title"),
        source_date=row.source.date,
        locator=row.locator,
    )


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def read_milestones(
    public_id: str, *, language: str, now: datetime, as_of: AsOf | None
) -> list[Standing]:
    """The published parts of a programme, what is due first; one query."""
    if as_of is not None:
        parts: Any = select_versions(as_of, QueryDict()).filter(state__parent=public_id)
    else:
        parts = Commitment.objects.published().filter(parent__public_id=public_id)
    moment = as_of.instant if as_of else now
    ordered = parts.order_by("last_day", "public_id")
    return read_standings(ordered, moment=moment, language=language, in_order=True)


def read_source(public_id: str, *, language: str) -> SourceFacts | None:
    """A source that a published commitment names, else None."""
    named = sources_named_by(Commitment.objects.published()).defer("text")
    row = named.filter(public_id=public_id).first()
    if row is None:
        return None
    is_translated = bool(row.translations.get(language, {}).get("title"))
    with translation.override(language):
        kind = str(SourceKind(row.kind).label)
    return SourceFacts(
        public_id=row.public_id,
        title=row.text_in(language, "title"),
        title_language=language if is_translated else row.language,
        kind_label=kind,
        date=row.date,
        place=row.text_in(language, "place"),
        publisher=row.text_in(language, "publisher"),
        url=row.url,
        archive_url=row.archive_url,
        language=row.language,
        text_sha256=row.text_sha256,
        independent=row.independent,
    )


def read_party(key: str, *, language: str) -> Named | None:
    """A party that a published commitment names, with what it belongs to; else None."""
    named = parties_named_by(Commitment.objects.published()).select_related("body")
    row = named.filter(key=key).first()
    if row is None:
        return None
    return _party(row, language)


def _party(row: Party, language: str) -> Named:
    with translation.override(language):
        kind = str(PartyKind(row.kind).label)
    return Named(
        key=row.key,
        name=row.text_in(language, "name"),
        about=row.text_in(language, "office") or kind,
        body_key=row.body.key if row.body else "",
        body_name=row.body.text_in(language, "name") if row.body else "",
    )


def read_topic(key: str, *, language: str) -> Named | None:
    """A topic that stands at a published commitment, else None."""
    row = topics_named_by(Commitment.objects.published()).filter(key=key).first()
    return Named(row.key, row.text_in(language, "name")) if row else None


def read_figures(
    dimension: Dimension | None, key: str, *, now: datetime, as_of: AsOf | None
) -> Statistics:
    """What became of the promises that name this party, source or topic; of all with None.

    One query.
    """
    if as_of is not None:
        return _figures_at(as_of, dimension, key)
    chosen: Any = Commitment.objects.published()
    if dimension is not None:
        chosen = naming(chosen, None, dimension, key, ())
    return statistics_of(chosen, now=now)


def _figures_at(as_of: AsOf, dimension: Dimension | None, key: str) -> Statistics:
    versions: Any = select_versions(as_of, QueryDict())
    moves, _citations = _moves_and_citations(as_of)
    if dimension is not None:
        versions = naming(versions, as_of, dimension, key, ())
    return statistics_at(versions, moves=moves, now=as_of.instant)


def _moves_and_citations(as_of: AsOf) -> tuple[QuerySet[DateMove], QuerySet[Citation]]:
    """Those that there were on that day."""
    moves, citations = DateMove.objects.all(), Citation.objects.all()
    if as_of.axis is Axis.KNOWN:
        recorded = moves.filter(recorded_at__lte=as_of.instant)
        return recorded, citations.filter(created_at__lte=as_of.instant)
    return moves.filter(since__lte=as_of.day), citations.filter(source__date__lte=as_of.day)


def read_scoreboard(
    dimension: Dimension, *, language: str, now: datetime, as_of: AsOf | None
) -> list[tuple[Named, Statistics]]:
    """Each party, source or topic with its figures, the one with most promises first."""
    if as_of is None:
        figures = statistics_by(dimension, Commitment.objects.published(), now=now)
    else:
        moves, citations = _moves_and_citations(as_of)
        versions = select_versions(as_of, QueryDict())
        figures = statistics_by_at(
            dimension, versions, moves=moves, citations=citations, now=as_of.instant
        )
    rows: Any = {
        "party": Party.objects.select_related("body"),
        "source": Source.objects.defer("text"),
        "topic": Topic.objects.all(),
    }[dimension]
    column = "public_id" if dimension == "source" else "key"
    found = [
        (_named(row, dimension, language), figures[getattr(row, column)])
        for row in rows.filter(**{f"{column}__in": list(figures)})
    ]
    if as_of is not None:
        linked = _named_today(dimension, column)
        found = [
            (named if named.key in linked else replace(named, key=""), score)
            for named, score in found
        ]
    return sorted(found, key=lambda pair: (-pair[1].promises, pair[0].name))


def _named_today(dimension: Dimension, column: str) -> set[str]:
    """The keys that have a page: what no published commitment names any more has none."""
    published = Commitment.objects.published()
    rows: Any = {
        "party": parties_named_by,
        "source": sources_named_by,
        "topic": topics_named_by,
    }[dimension](published)
    return set(rows.values_list(column, flat=True))


def _named(row: Any, dimension: Dimension, language: str) -> Named:
    if dimension == "party":
        return _party(row, language)
    if dimension == "topic":
        return Named(row.key, row.text_in(language, "name"))
    day = window_in_words(Window.of_day(row.date), language)
    return Named(row.public_id, row.text_in(language, "title"), about=day)


def read_changes_at(
    as_of: AsOf, filters: QueryDict, *, before: int | None, limit: int
) -> list[VisibleChange]:
    """The newest `limit` changes below the number `before` that were recorded by that day.

    They are told of what `filters` select as it stood then; what was taken back since is left out.
    Raises InvalidInput for an unknown filter.
    """
    chosen = select_versions(as_of, filters).order_by()
    rows = visible_rows().filter(
        commitment__in=chosen.values("commitment"), recorded_at__lte=as_of.instant
    )
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [visible_change(row) for row in rows.order_by("-number")[:limit]]


def read_corrections(*, before: int | None, as_of: AsOf | None, language: str) -> list[Correction]:
    """The newest corrections below the number `before`, the newest first; one more than a page.

    They are: a corrected text or date, a verdict that was opened again, and what was taken back.
    Two queries.
    """
    same = {"commitment": OuterRef("commitment"), "revision": OuterRef("revision")}
    corrected_date = DateMove.objects.filter(**same, kind=DateMoveKind.CORRECTED)
    reopened = StatusChange.objects.filter(
        **same, from_status__in=list(FINAL_STATUSES), to_status__in=list(OPEN_STATUSES)
    )
    rows = visible_rows().filter(
        Q(kind__in=(ChangeKind.CORRECTED, ChangeKind.RETRACTED))
        | Q(kind=ChangeKind.DATE_MOVED) & Exists(corrected_date)
        | Q(kind=ChangeKind.STATUS_CHANGED) & Exists(reopened),
        commitment__isnull=False,
    )
    if before is not None:
        rows = rows.filter(number__lt=before)
    if as_of is not None:
        rows = rows.filter(recorded_at__lte=as_of.instant)
    newest = rows.select_related("commitment").order_by("-number")[: CORRECTIONS_AT_ONCE + 1]
    return [_correction(row, language) for row in newest if _is_told(row)]


def _is_told(row: Any) -> bool:
    """What was taken back is told once, as that; no earlier step of it."""
    is_public: bool = row.commitment.publication == Publication.PUBLISHED
    return is_public or row.kind == ChangeKind.RETRACTED


def _correction(row: Any, language: str) -> Correction:
    is_gone = row.commitment.publication != Publication.PUBLISHED
    is_shown = not is_gone and row.kind != ChangeKind.RETRACTED
    return Correction(
        number=row.number,
        recorded_at=row.recorded_at,
        public_id=row.record_id,
        title="" if is_gone else row.commitment.text_in(language, "title"),
        kind=row.kind,
        fields=_pairs(row.changes) if is_shown else {},
        reason=row.reason if is_shown else "",
        is_gone=is_gone,
    )


def _pairs(changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (pair[0], pair[1])
        for name, pair in changes.items()
        if isinstance(pair, list) and len(pair) == 2
    }
