"""The one door to the record: all that `timeline` knows of commitments it reads here.

Every function takes the language and the instant, and gives frozen `Entry` values of published
records only; no outlet touches a model of the record, so none can show a draft by mistake.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db import connections, router
from django.db.models import Prefetch, Q, TextChoices
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commitments import changes as visible
from commitments.as_of import AsOf, commitments_at, read_as_of, select_versions
from commitments.changes import ChangePage, VisibleChange
from commitments.enums import (
    CitationRole,
    Comparison,
    DateMoveKind,
    Evidence,
    Kind,
    PartyRole,
    Publication,
    ReasonCode,
    Schedule,
    SourceKind,
    Status,
    Strength,
)
from commitments.filters import known_parameters, repeatable_parameters, select_commitments
from commitments.models import (
    Citation,
    Commitment,
    CommitmentVersion,
    DateMove,
    Involvement,
    RecordHead,
    RecordType,
    Revision,
    StatusChange,
    Target,
)
from commitments.phrases import window_in_words
from commitments.public_ids import LENGTH
from commitments.querysets.commitments import CommitmentQuerySet
from commitments.taken_back import select_taken_back
from commitments.time_zones import day_at
from commitments.window import Window
from timeline.entries import (
    Entry,
    EntryCitation,
    EntryLink,
    EntryMove,
    EntryParty,
    EntryStatusChange,
    EntryTarget,
    EntryTopic,
)
from timeline.related_reader import CitationRow, InvolvementRow, add_related

NO_PUBLIC_ID: Final = "2" * LENGTH
_PART: Final = 500
HEAD_SQL: Final = f"SELECT number FROM {RecordHead._meta.db_table} WHERE id = 1"  # noqa: SLF001, S608
"""For a statement that asks more beside it, on the database that is written to: `read_head`."""


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """That a commitment changed: enough to look at it again, no text."""

    number: int
    public_id: str
    commitment_id: int
    kind: str
    revision: int
    recorded_at: datetime
    is_public: bool


def read_entries(
    params: QueryDict, *, language: str, now: datetime, among: Iterable[str] | None = None
) -> list[Entry]:
    """The published commitments that `params` (the shared filter) ask for, in their order.

    With `among`, only those of them that have one of these public ids, and only as of now.

    With `as_of` among them, the entries are as of that day (`commitments/as_of.py`). Raises
    `commitments.exceptions.InvalidInput` for an unknown filter. The number of queries
    does not depend on the number of entries.
    """
    as_of, params = read_as_of(params, now=now)
    if as_of is not None:
        return entries_of_versions(select_versions(as_of, params), as_of, language=language)
    chosen = select_commitments(params, queryset=Commitment.objects.published(), now=now)
    if among is not None:
        chosen = chosen.filter(public_id__in=list(among))
    return _entries(chosen, language=language, now=now)


def stream_entries(params: QueryDict, *, language: str, now: datetime) -> Iterator[Entry]:
    """The same as `read_entries`, read in parts: memory does not grow with their number.

    Raises as that does, when the first is asked for. Each part takes the same few queries.
    """
    as_of, params = read_as_of(params, now=now)
    if as_of is not None:
        yield from entries_of_versions(select_versions(as_of, params), as_of, language=language)
        return
    chosen = select_commitments(params, queryset=Commitment.objects.published(), now=now)
    rows = _with_links(chosen).iterator(chunk_size=_PART)
    while part := list(islice(rows, _PART)):
        add_related(part)
        # Not around the `yield`: whoever takes the entries has a language of their own.
        with translation.override(language):
            entries = [_entry(row, language, now) for row in part]
        yield from entries


def read_entry(
    public_id: str, *, language: str, now: datetime, as_of: AsOf | None = None
) -> Entry | None:
    """One published commitment, or None: a draft, a retracted and an unknown one look alike.

    With `as_of` it is as of that day, and None if it was not on record then.
    """
    if as_of is not None:
        versions = select_versions(as_of, QueryDict()).filter(public_id=public_id)
        return next(iter(entries_of_versions(versions, as_of, language=language)), None)
    chosen = Commitment.objects.published().filter(public_id=public_id)
    return next(iter(_entries(chosen, language=language, now=now)), None)


def entries_of_versions(
    versions: Iterable[CommitmentVersion], as_of: AsOf, *, language: str, in_short: bool = False
) -> list[Entry]:
    """`versions` of public commitments as entries, as they stood at the end of that day.

    `in_short` is for lists: without links to others, date moves and targets.
    """
    earlier = commitments_at(versions, as_of, in_short=in_short)
    with translation.override(language):
        return [_entry(row, language, as_of.instant) for row in earlier]


def entries_of(
    chosen: CommitmentQuerySet,
    related: Iterable[str | Prefetch[Any]],
    *,
    first: int,
    after: int,
    language: str,
    now: datetime,
) -> list[Entry]:
    """The published ones of `chosen` from place `first` to before `after`, in their order.

    Only `related` is read instead of all their relations.
    """
    linked = chosen.published().select_related("target", "parent", "successor", "duplicate_of")
    rows = linked.prefetch_related(*related)[first:after]
    with translation.override(language):
        return [_entry(row, language, now) for row in rows]


def read_merged_into(public_id: str) -> str | None:
    """The public id under which a merged commitment goes on, or None where it does not."""
    kept = Commitment.objects.kept_for(public_id)
    return kept.public_id if kept else None


def read_entries_by_id(
    commitment_ids: Iterable[int], *, language: str, now: datetime, as_of: AsOf | None = None
) -> dict[int, Entry]:
    """The published ones among `commitment_ids` (the integer keys that our tables point to)."""
    if as_of is not None:
        versions = select_versions(as_of, QueryDict()).filter(commitment__in=list(commitment_ids))
        rows = list(versions)
        found = entries_of_versions(rows, as_of, language=language, in_short=True)
        return {row.commitment_id: entry for row, entry in zip(rows, found, strict=True)}
    chosen = Commitment.objects.published().filter(pk__in=list(commitment_ids))
    keys = dict(chosen.values_list("public_id", "pk"))
    return {
        keys[entry.public_id]: entry
        for entry in _entries(chosen, language=language, now=now)
        if entry.public_id in keys
    }


def read_keys(public_ids: Iterable[str]) -> dict[str, int]:
    """The integer keys of the published ones among `public_ids`; one query."""
    chosen = Commitment.objects.published().filter(public_id__in=list(public_ids))
    return dict(chosen.values_list("public_id", "pk"))


def read_selected_public_ids(params: QueryDict, *, now: datetime) -> set[str]:
    """The public ids of the published commitments that `params` ask for; one query."""
    chosen = select_commitments(params, queryset=Commitment.objects.published(), now=now)
    return set(chosen.values_list("public_id", flat=True))


def read_touched_public_ids(*, after: int) -> set[str]:
    """The public ids of what may look different since change number `after`; one query.

    That is what changed itself, and what names a party, topic or source that changed. What was
    never public is left out; what was taken back is in, so that readers can drop it.
    """
    changes = Revision.objects.filter(number__gt=after)
    named = {kind: changes.filter(record_type=kind).values("record_id") for kind in RecordType}
    parties, topics = named[RecordType.PARTY], named[RecordType.TOPIC]
    citations = Citation.objects.filter(
        Q(source__public_id__in=named[RecordType.SOURCE]) | Q(said_by__key__in=parties)
    )
    involvements = Involvement.objects.filter(party__key__in=parties)
    under_topics = Commitment.topics.through.objects.filter(topic__key__in=topics)
    touched = Commitment.objects.filter(
        Q(public_id__in=named[RecordType.COMMITMENT])
        | Q(pk__in=citations.values("commitment"))
        | Q(pk__in=involvements.values("commitment"))
        | Q(pk__in=under_topics.values("commitment"))
    )
    return set(touched.filter(published_at__isnull=False).values_list("public_id", flat=True))


def read_selected_ids(params: QueryDict, *, now: datetime) -> list[int]:
    """The integer keys of the published commitments that `params` ask for."""
    chosen = select_commitments(params, queryset=Commitment.objects.published(), now=now)
    return list(chosen.values_list("pk", flat=True))


def read_tombstones(
    params: QueryDict, *, since: datetime, language: str, now: datetime
) -> list[Entry]:
    """What `params` asked for until it was taken back, at or after `since`: no text of it.

    A party, topic or source that only they had may be named. Raises InvalidInput for the rest.
    """
    rows = select_taken_back(params, since=since, now=now)
    return [_tombstone(row, language) for row in rows]


def record_source() -> str:
    """Which database is asked for the record just now: itself, or a copy for public reads."""
    return router.db_for_read(RecordHead)


def read_head() -> int:
    """The number of the last change of the record: while it stands, nothing visible changed."""
    # Every poll of a feed asks this, and the ORM would take most of its time to write the question.
    with connections[record_source()].cursor() as cursor:
        cursor.execute(HEAD_SQL)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def read_change_time(number: int) -> datetime | None:
    """When change `number` of the record was recorded; None where there is no such change."""
    changes = Revision.objects.filter(number=number)
    return changes.values_list("recorded_at", flat=True).first()


def read_changes(*, after: int, limit: int = 1000) -> list[ChangeNotice]:
    """The next changes of commitments after change number `after`, in order, at most `limit`."""
    rows = Revision.objects.filter(number__gt=after, commitment__isnull=False)
    return [
        ChangeNotice(
            number=row.number,
            public_id=row.record_id,
            commitment_id=row.commitment.pk,
            kind=row.kind,
            revision=row.revision or 0,
            recorded_at=row.recorded_at,
            is_public=row.commitment.publication == Publication.PUBLISHED,
        )
        for row in rows.select_related("commitment")[:limit]
        if row.commitment is not None
    ]


def change_filters() -> list[str]:
    """The names of the filters that changes can be selected by."""
    return visible.selection_parameters()


def all_filters() -> list[str]:
    """The names of all filters."""
    return known_parameters()


def repeatable_filters() -> list[str]:
    """Those filters of which several values may be given."""
    return repeatable_parameters()


def check_change_filter(params: QueryDict) -> None:
    """Raise InvalidInput where `params` select by what no change tells of: the place in time."""
    visible.refuse_place_in_time(params)


def read_visible_changes(params: QueryDict, *, after: int, limit: int, now: datetime) -> ChangePage:
    """What readers with the filter `params` hear of after number `after`, in order.

    What is gone has no text. Raises `commitments.exceptions.InvalidInput`. See
    `commitments/changes.py` for what is told to whom.
    """
    return visible.changes_after(params, after=after, limit=limit, now=now)


def read_newest_changes(
    params: QueryDict, *, before: int | None, limit: int, now: datetime
) -> list[VisibleChange]:
    """The newest changes of commitments below the number `before`, the newest first."""
    return visible.changes_before(params, before=before, limit=limit, now=now)


def count_by_schedule(*, now: datetime) -> dict[str, int]:
    """How many published commitments stand where in time; every schedule has its number."""
    return Commitment.objects.published().count_by_schedule(now)


def _entries(chosen: CommitmentQuerySet, *, language: str, now: datetime) -> list[Entry]:
    rows = list(_with_links(chosen))
    add_related(rows)
    with translation.override(language):
        return [_entry(row, language, now) for row in rows]


def _with_links(chosen: CommitmentQuerySet) -> CommitmentQuerySet:
    return chosen.select_related("target", "parent", "successor", "duplicate_of")


def page_url(public_id: str) -> str:
    """The absolute, permanent address of a commitment's page (in no particular language)."""
    return settings.SITE_URL + _page_path() % {"public_id": public_id}


def record_url(record_type: str, record_id: str) -> str:
    """The absolute address in the API of a commitment, party, topic or source."""
    route = {RecordType.PARTY: "party", RecordType.TOPIC: "topic", RecordType.SOURCE: "source"}
    name = route.get(RecordType(record_type), "commitment")
    return settings.SITE_URL + reverse(f"api:{name}", args=[record_id])


@functools.cache
def _page_path() -> str:
    """The path with a gap for the public id: reversing it for each of 1,000 would be slow."""
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse("timeline:commitment", args=[NO_PUBLIC_ID])
    return path.replace("%", "%%").replace(NO_PUBLIC_ID, "%(public_id)s")


@functools.cache
def _labels(choices: type[TextChoices], language: str) -> dict[str, str]:
    """The words for the values in `language`; Django's own `get_…_display` is slow in bulk."""
    with translation.override(language):
        return {value: str(label) for value, label in choices.choices}


def _label(choices: type[TextChoices], value: str, language: str) -> str:
    return _labels(choices, language)[value] if value else ""


def _entry(row: Commitment, language: str, now: datetime) -> Entry:
    window = row.window_value
    schedule = row.schedule_on(day_at(row.time_zone, now), due_soon_days=settings.DUE_SOON_DAYS)
    return Entry(
        public_id=row.public_id,
        language=language,
        title=row.text_in(language, "title"),
        summary=row.text_in(language, "summary"),
        note=row.text_in(language, "note"),
        kind=row.kind,
        kind_label=_label(Kind, row.kind, language),
        strength=row.strength,
        strength_label=_label(Strength, row.strength, language),
        window=window,
        window_words=window_in_words(window, language),
        wording=row.wording,
        time_zone=row.time_zone,
        status=row.status,
        status_label=_label(Status, row.status, language),
        schedule=schedule.value,
        schedule_label=_label(Schedule, schedule, language),
        evidence=row.evidence,
        evidence_label=_label(Evidence, row.evidence, language),
        evidence_checked_on=row.evidence_checked_on,
        place=row.text_in(language, "place"),
        url=page_url(row.public_id),
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
        topics=tuple(
            EntryTopic(topic.key, topic.text_in(language, "name"))
            for topic in _related(row, "topics")
        ),
        parties=tuple(_party(part, language) for part in _related(row, "involvements")),
        citations=tuple(_citation(citation, language) for citation in _related(row, "citations")),
        moves=tuple(_move(move, language) for move in _related(row, "date_moves")),
        status_changes=tuple(
            _change(change, language) for change in _related(row, "status_changes")
        ),
        effective_words=_words_if_dated(row.effective, language),
        links=_links(row, language),
        target=_target(getattr(row, "target", None), row, language),
        title_language=_language_of(row, "title", language),
        text_language=row.language,
    )


def _related(row: Commitment, name: str) -> Iterable[Any]:
    """What was read of a relation: rows of `related_reader`, or models where few are read."""
    found: Iterable[Any] | None = vars(row).get(f"{name}_read")
    return getattr(row, name).all() if found is None else found


def _language_of(row: Commitment, field: str, language: str) -> str:
    """The language in which `text_in` gives `field`: a missing translation is as entered."""
    return language if row.translations.get(language, {}).get(field) else row.language


def _tombstone(row: Commitment, language: str) -> Entry:
    return Entry(
        public_id=row.public_id,
        language=language,
        title="",
        summary="",
        note="",
        kind="",
        kind_label="",
        strength="",
        strength_label="",
        window=row.window_value,
        window_words=window_in_words(row.window_value, language),
        wording="",
        time_zone=row.time_zone,
        status="",
        status_label="",
        schedule="",
        schedule_label="",
        evidence="",
        evidence_label="",
        evidence_checked_on=None,
        place="",
        url=page_url(row.public_id),
        revision=row.revision,
        created_at=row.created_at,
        changed_at=row.changed_at,
        is_tombstone=True,
    )


def _party(part: Involvement | InvolvementRow, language: str) -> EntryParty:
    return EntryParty(
        key=part.party.key,
        name=part.party.text_in(language, "name"),
        kind=part.party.kind,
        role=part.role,
        role_label=_label(PartyRole, part.role, language),
    )


def _citation(citation: Citation | CitationRow, language: str) -> EntryCitation:
    source, speaker = citation.source, citation.said_by
    return EntryCitation(
        source_public_id=source.public_id,
        source_title=source.text_in(language, "title"),
        source_date=source.date,
        source_kind_label=_label(SourceKind, source.kind, language),
        source_url=source.url,
        role=citation.role,
        role_label=_label(CitationRole, citation.role, language),
        quote=citation.quote,
        locator=citation.locator,
        said_by=speaker.text_in(language, "name") if speaker else "",
        source_language=source.language,
        source_archive_url=source.archive_url,
        said_by_key=speaker.key if speaker else "",
    )


def _move(move: DateMove, language: str) -> EntryMove:
    return EntryMove(
        recorded_at=move.recorded_at,
        kind=move.kind,
        kind_label=_label(DateMoveKind, move.kind, language),
        from_words=window_in_words(move.from_value, language),
        to_words=window_in_words(move.to_value, language),
        slip_days=move.slip_days,
        reason=move.reason,
        revision=move.revision,
        from_window=move.from_value,
    )


def _words_if_dated(text: str, language: str) -> str:
    window = Window.parse(text)
    return "" if window.is_undated else window_in_words(window, language)


def _change(change: StatusChange, language: str) -> EntryStatusChange:
    return EntryStatusChange(
        recorded_at=change.recorded_at,
        from_status=change.from_status,
        from_label=_label(Status, change.from_status, language),
        to_status=change.to_status,
        to_label=_label(Status, change.to_status, language),
        effective_words=_words_if_dated(change.effective, language),
        reason=change.reason,
        reason_label=_label(ReasonCode, change.reason_code, language),
        missing=change.missing,
        by_two=change.approver_id is not None,
        revision=change.revision,
    )


def _links(row: Commitment, language: str) -> tuple[EntryLink, ...]:
    if row.parent is row.successor is row.duplicate_of is None:
        return ()
    related = (
        ("parent", _("part of"), row.parent),
        ("successor", _("replaced by"), row.successor),
        ("duplicate_of", _("same as"), row.duplicate_of),
    )
    return tuple(
        EntryLink(
            name,
            label,
            other.public_id,
            other.text_in(language, "title"),
            page_url(other.public_id),
        )
        for name, label, other in related
        if other is not None and other.publication == Publication.PUBLISHED
    )


def _target(target: Target | None, row: Commitment, language: str) -> EntryTarget | None:
    if target is None:
        return None
    # A target has no translations of its own: they stand with those of its commitment.
    words = row.translations.get(language, {})
    period = Window.parse(target.baseline_period)
    return EntryTarget(
        measure=words.get("measure") or target.measure,
        unit=words.get("unit") or target.unit,
        baseline=_number(target.baseline),
        baseline_period="" if period.is_undated else window_in_words(period, language),
        goal=_number(target.goal),
        comparison_label=_label(Comparison, target.comparison, language),
        baseline_window=period,
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")
